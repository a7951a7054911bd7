import { manifest } from '../../src/sandbox/scenarios/manifests.ts';
import { plainService } from '../../src/sandbox/scenarios/objects.ts';
import type { KubeObject } from '../../src/sandbox/kube/object.ts';
import type { LabCluster, LabStage, NlbmcOutcome } from './stage.ts';
import { healthy } from './targets.ts';

/** The Service that every scenario is about. */
export const APP = 'nginx';

const PREFIX = 'service.beta.kubernetes.io/aws-load-balancer-';
export const FLAG = `${PREFIX}multi-cluster-target-group`;
export const ATTRIBUTES = `${PREFIX}attributes`;
export const TARGET_TYPE = `${PREFIX}nlb-target-type`;

/** The primary's Service as many have it, with an NLB of its own. */
export const ownService = (): KubeObject => manifest('app/service-existing.yaml');

/** Pods `pri-1`, `pri-2` … for a cluster, so many. */
export const podNames = (cluster: LabCluster, count: number, from = 1): string[] =>
  Array.from({ length: count }, (_, i) => `${cluster.context.slice(0, 3)}-${from + i}`);

export const bindingsOf = (stage: LabStage, cluster: LabCluster): Promise<readonly KubeObject[]> =>
  cluster.kube.list('targetgroupbindings', stage.namespace);

/** Pods and the Service that makes the load balancer; waits until every pod is a healthy target. */
export async function deployPrimary(
  stage: LabStage,
  o: { readonly pods?: number; readonly service?: KubeObject } = {},
): Promise<void> {
  const [primary] = stage.clusters;
  const { pods = 3, service = ownService() } = o;
  const ports: number = service['spec'].ports.length;
  await primary.addPods(podNames(primary, pods));
  await primary.kube.create('services', stage.namespace, service);
  await stage.until(
    'the primary has its load balancer',
    async () => {
      const made = await primary.kube.need('services', stage.namespace, APP);
      const bindings = await bindingsOf(stage, primary);
      return (
        made['status'].loadBalancer?.ingress?.length > 0 &&
        bindings.length === ports &&
        bindings.every(({ spec }) => healthy(stage, spec.targetGroupARN).length > 0)
      );
    },
    600_000,
  );
}

/** Pods and a Service without load balancer, as a cluster has them before it joins. */
export async function deploySecondary(
  stage: LabStage,
  cluster: LabCluster,
  o: { readonly pods?: number; readonly service?: KubeObject } = {},
): Promise<void> {
  await cluster.kube.create('services', stage.namespace, o.service ?? plainService('ClusterIP'));
  await cluster.addPods(podNames(cluster, o.pods ?? 2));
}

/** Runs nlbmc and throws where it ends with another code. */
export async function expectCode(
  stage: LabStage,
  line: string,
  code: number,
  input?: string,
): Promise<NlbmcOutcome> {
  const outcome = await stage.nlbmc(line, input);
  if (outcome.code === code) return outcome;
  throw new Error(
    `nlbmc ${line} ended with ${outcome.code}, not ${code}:\n${outcome.stdout}\n${outcome.stderr}`,
  );
}

export const enable = (stage: LabStage): Promise<NlbmcOutcome> =>
  expectCode(stage, `enable ${APP} --context ${stage.clusters[0].context}`, 0);

export const joinLine = (stage: LabStage, cluster: LabCluster): string =>
  `join ${APP} --context ${cluster.context} --primary ${stage.clusters[0].context}`;

export const join = (stage: LabStage, cluster: LabCluster): Promise<NlbmcOutcome> =>
  expectCode(stage, joinLine(stage, cluster), 0);

export const verifyLine = (stage: LabStage): string =>
  `verify ${APP} --context ${stage.clusters.map(({ context }) => context).join(',')}`;

/** Turns the flag of the primary's Service by hand and waits until its bindings show it. */
export async function turnFlag(stage: LabStage, flag: boolean): Promise<void> {
  const [primary] = stage.clusters;
  const body = { metadata: { annotations: { [FLAG]: String(flag) } } };
  await primary.kube.patch('services', stage.namespace, APP, body);
  await stage.until(`the primary's bindings have the flag ${flag} and were reconciled`, async () =>
    (await bindingsOf(stage, primary)).every(
      ({ metadata, spec, status }) =>
        Boolean(spec.multiClusterTargetGroup) === flag &&
        status?.observedGeneration === metadata.generation,
    ),
  );
}

/** The binding for a port of the Service. */
export async function bindingFor(
  stage: LabStage,
  cluster: LabCluster,
  port = 80,
): Promise<KubeObject> {
  const found = (await bindingsOf(stage, cluster)).find(
    ({ spec }) => Number(spec.serviceRef.port) === port,
  );
  if (!found) throw new Error(`${cluster.context} has no binding for port ${port}`);
  return found;
}

/** The usual start: three pods in the primary, two in each secondary, all joined. Gives the target group. */
export async function enroll(
  stage: LabStage,
  secondaries: readonly LabCluster[] = stage.clusters.slice(1),
  o: { readonly targetPort?: number } = {},
): Promise<string> {
  const [primary] = stage.clusters;
  const at = (service: KubeObject): { service: KubeObject } => {
    if (o.targetPort) service['spec'].ports[0].targetPort = o.targetPort;
    return { service };
  };
  await deployPrimary(stage, at(ownService()));
  for (const secondary of secondaries) {
    await deploySecondary(stage, secondary, at(plainService('ClusterIP')));
  }
  await enable(stage);
  for (const secondary of secondaries) await join(stage, secondary);
  return (await bindingFor(stage, primary))['spec'].targetGroupARN as string;
}

/** Waits for an event with that reason, and these words, about an object of that kind. */
export const untilEvent = (
  stage: LabStage,
  cluster: LabCluster,
  kind: 'Service' | 'TargetGroupBinding',
  reason: string,
  words = '',
): Promise<void> =>
  stage.until(`a ${kind} of ${cluster.context} has an event ${reason}`, async () =>
    (await cluster.kube.list('events', stage.namespace)).some(
      (event) =>
        event['reason'] === reason &&
        event['involvedObject'].kind === kind &&
        String(event['message']).includes(words),
    ),
  );

/** A binding as a person writes it, with the network peers of the primary's. */
export const bindingByHand = (
  model: KubeObject,
  o: {
    readonly shared: boolean;
    readonly name?: string;
    readonly port?: number;
    readonly targetPort?: number;
  },
): KubeObject => ({
  apiVersion: 'elbv2.k8s.aws/v1beta1',
  kind: 'TargetGroupBinding',
  metadata: { name: o.name ?? APP },
  spec: {
    serviceRef: { name: APP, port: o.port ?? 80 },
    targetGroupARN: model['spec'].targetGroupARN,
    targetType: model['spec'].targetType,
    ...(o.shared ? { multiClusterTargetGroup: true } : {}),
    networking: {
      ingress: [
        {
          from: model['spec'].networking.ingress[0].from,
          ports: [{ protocol: 'TCP', port: o.targetPort ?? 80 }],
        },
      ],
    },
  },
});
