import type { KubeObject } from '../../../src/sandbox/kube/object.ts';
import { NAME, NAMESPACE } from '../../../src/sandbox/lbc/install/installation.ts';
import type { LabCluster, LabStage } from '../stage.ts';

const LEASE = 'aws-load-balancer-controller-leader';
const REPLICAS = 2;

async function leaderOf({ kube }: LabCluster): Promise<string> {
  return holderOf(await kube.get('leases', NAMESPACE, LEASE));
}

const holderOf = (lease: KubeObject | undefined): string => String(lease?.['spec'].holderIdentity);

/** Waits until a pod that is there leads, in each cluster, and not as the one did that led before. */
async function untilOthersLead(
  stage: LabStage,
  clusters: readonly LabCluster[],
  before: readonly string[],
): Promise<void> {
  await stage.until('other processes of the controllers lead', async () => {
    const led = clusters.map(async (cluster, i) => {
      const holder = await leaderOf(cluster);
      const pods = await cluster.kube.list('pods', NAMESPACE);
      const leads = pods.some(
        ({ metadata }) => !metadata.deletionTimestamp && holder.startsWith(`${metadata.name}_`),
      );
      return holder !== before[i] && leads;
    });
    return (await Promise.all(led)).every(Boolean);
  });
}

/** `kubectl rollout restart` of the controllers, until a new pod of each leads. */
export async function restart(stage: LabStage, ...clusters: LabCluster[]): Promise<void> {
  const before = await Promise.all(clusters.map(leaderOf));
  for (const { kube } of clusters) {
    const at = { 'kubectl.kubernetes.io/restartedAt': new Date().toISOString() };
    const body = { spec: { template: { metadata: { annotations: at } } } };
    await kube.patch('deployments', NAMESPACE, NAME, body);
  }
  await untilOthersLead(stage, clusters, before);
}

const scale = ({ kube }: LabCluster, replicas: number) =>
  kube.patch('deployments', NAMESPACE, NAME, { spec: { replicas } });

/** Scales the controller to nothing, and waits until its pods are gone. */
export async function scaleDown(stage: LabStage, cluster: LabCluster): Promise<void> {
  await scale(cluster, 0);
  await stage.until(`the controller of ${cluster.context} is gone`, async () =>
    (await cluster.kube.list('pods', NAMESPACE)).every(
      ({ metadata }) => metadata.labels?.['app.kubernetes.io/name'] !== NAME,
    ),
  );
}

/** Scales the controller up again, and waits until a pod leads. */
export async function scaleUp(stage: LabStage, cluster: LabCluster): Promise<void> {
  const before = await leaderOf(cluster);
  await scale(cluster, REPLICAS);
  await untilOthersLead(stage, [cluster], [before]);
}

/**
 * Does `act` while the controller of the cluster is scaled to nothing. From v2.13.0 to v3.3.0 that is what a
 * release takes: a Service that waits in the queue meanwhile loses its load balancer (service_controller.go).
 */
export async function without(
  stage: LabStage,
  cluster: LabCluster,
  act: () => Promise<void>,
): Promise<void> {
  await scaleDown(stage, cluster);
  await act();
  await scaleUp(stage, cluster);
}
