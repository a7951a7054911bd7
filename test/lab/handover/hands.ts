import { createHash } from 'node:crypto';
import type { KubeObject } from '../../../src/sandbox/kube/object.ts';
import { APP, bindingsOf } from '../enrollment.ts';
import type { LabCluster, LabStage } from '../stage.ts';

/** Each step of a handover as a person takes it with kubectl and aws. */

export const PREFIX = 'service.beta.kubernetes.io/aws-load-balancer-';
const TARGET_TYPE = `${PREFIX}nlb-target-type`;
/** Names the cluster whose controller owns a resource. */
export const CLUSTER_TAG = 'elbv2.k8s.aws/cluster';

const call = (stage: LabStage, action: string, params: object) =>
  stage.aws.call(action, params, 'somebody');

export const serviceOf = (stage: LabStage, { kube }: LabCluster): Promise<KubeObject> =>
  kube.need('services', stage.namespace, APP);

/** The name of the load balancer of the cluster's Service, in lower case. */
export async function dnsNameOf(stage: LabStage, cluster: LabCluster): Promise<string> {
  const { status } = await serviceOf(stage, cluster);
  return String(status.loadBalancer?.ingress?.[0]?.hostname);
}

/** A load balancer with all that belongs to it. */
export interface Estate {
  readonly loadBalancer: string;
  readonly dnsName: string;
  readonly targetGroups: readonly string[];
  readonly listeners: readonly string[];
  readonly securityGroups: readonly string[];
}

export function estateOf(stage: LabStage, dnsName: string): Estate {
  const { LoadBalancers } = call(stage, 'elbv2.DescribeLoadBalancers', {});
  const found = LoadBalancers.find((one: any) => one.DNSName.toLowerCase() === dnsName);
  if (!found) throw new Error(`there is no load balancer ${dnsName}`);
  const { LoadBalancerArn, SecurityGroups } = found;
  const { Listeners } = call(stage, 'elbv2.DescribeListeners', { LoadBalancerArn });
  const { TargetGroups } = call(stage, 'elbv2.DescribeTargetGroups', { LoadBalancerArn });
  return {
    loadBalancer: LoadBalancerArn,
    dnsName,
    targetGroups: TargetGroups.map((one: any) => one.TargetGroupArn),
    listeners: Listeners.map((one: any) => one.ListenerArn),
    securityGroups: SecurityGroups,
  };
}

function groupWith(stage: LabStage, tags: Readonly<Record<string, string>>): string | undefined {
  const Filters = Object.entries(tags).map(([key, value]) => ({
    Name: `tag:${key}`,
    Values: [value],
  }));
  return call(stage, 'ec2.DescribeSecurityGroups', { Filters }).SecurityGroups[0]?.GroupId;
}

/** Id of the group that the controller made for the clients of the load balancer. */
export function frontendOf(stage: LabStage): string {
  const found = groupWith(stage, { 'service.k8s.aws/stack': `${stage.namespace}/${APP}` });
  if (!found) throw new Error('the load balancer has no group for its clients');
  return found;
}

/** Id of the group that the controller of the cluster shares between its load balancers. */
export const backendOf = (stage: LabStage, { context }: LabCluster): string | undefined =>
  groupWith(stage, { [CLUSTER_TAG]: context, 'elbv2.k8s.aws/resource': 'backend-sg' });

/** The annotations of a Service that say what its load balancer is like. */
export const notesOf = ({ metadata }: KubeObject): Record<string, string> =>
  Object.fromEntries(
    Object.entries(metadata.annotations ?? {}).filter(([key]) => key.startsWith(PREFIX)),
  );

/** The annotations of adoption: the groups of the load balancer stay, and one is added. */
export const keepGroups = ({ securityGroups }: Estate): Record<string, string> => ({
  [`${PREFIX}security-groups`]: securityGroups.join(','),
  [`${PREFIX}manage-backend-security-group-rules`]: 'true',
});

/** The Service is taken from its controller in one patch, and looks as before afterwards. */
export async function release(stage: LabStage, { kube }: LabCluster): Promise<void> {
  const { namespace } = stage;
  const { metadata, status } = await kube.need('services', namespace, APP);
  await kube.patch('services', namespace, APP, {
    metadata: { finalizers: null, annotations: { [TARGET_TYPE]: null } },
    spec: { type: 'NodePort', loadBalancerClass: null },
  });
  await kube.patch('services', namespace, APP, {
    metadata: { annotations: { [TARGET_TYPE]: metadata.annotations?.[TARGET_TYPE] } },
    spec: { type: 'LoadBalancer', loadBalancerClass: 'example.com/nobody' },
  });
  const { loadBalancer } = status;
  await kube.patch('services', namespace, APP, { status: { loadBalancer } }, 'status');
}

/** What belongs to the load balancer is tagged as the cluster's, itself last; the clients' group is nobody's. */
export function retag(stage: LabStage, estate: Estate, to: LabCluster): void {
  const Tags = [{ Key: CLUSTER_TAG, Value: to.context }];
  for (const arn of [...estate.targetGroups, ...estate.listeners, estate.loadBalancer]) {
    call(stage, 'elbv2.AddTags', { ResourceArns: [arn], Tags });
  }
  const Resources = [frontendOf(stage)];
  call(stage, 'ec2.DeleteTags', { Resources, Tags: [{ Key: CLUSTER_TAG }] });
}

/** The bindings of the Service. */
const ownBindings = async (stage: LabStage, cluster: LabCluster): Promise<readonly KubeObject[]> =>
  (await bindingsOf(stage, cluster)).filter(({ spec }) => spec.serviceRef.name === APP);

/** The bindings of the cluster are those of its Service, or of nobody. */
export async function label(stage: LabStage, cluster: LabCluster, on = true): Promise<void> {
  const labels = {
    'service.k8s.aws/stack-namespace': on ? stage.namespace : null,
    'service.k8s.aws/stack-name': on ? APP : null,
  };
  for (const { metadata } of await ownBindings(stage, cluster)) {
    const body = { metadata: { labels } };
    await cluster.kube.patch('targetgroupbindings', stage.namespace, metadata.name, body);
  }
}

/** The Service becomes one with a load balancer, in one patch: it finds the one with its tags. */
export async function adopt(
  stage: LabStage,
  to: LabCluster,
  annotations: Readonly<Record<string, string | null>>,
): Promise<void> {
  const { kube } = to;
  // The class does not change while the type is this one.
  if ((await serviceOf(stage, to))['spec'].type === 'LoadBalancer') {
    const spec = { type: 'NodePort', loadBalancerClass: null };
    await kube.patch('services', stage.namespace, APP, { spec });
  }
  const spec = { type: 'LoadBalancer', loadBalancerClass: 'service.k8s.aws/nlb' };
  await kube.patch('services', stage.namespace, APP, { metadata: { annotations }, spec });
}

/** Waits until the cluster's Service has that load balancer, and its controller has nothing more to do. */
export const untilAdopted = (stage: LabStage, to: LabCluster, dnsName: string): Promise<void> =>
  stage.until(`the Service of ${to.context} has the load balancer`, async () => {
    const { metadata } = await serviceOf(stage, to);
    return (metadata.finalizers ?? []).length > 0 && (await dnsNameOf(stage, to)) === dnsName;
  });

/** OLD's targets let NEW's group in, too; then NEW's Service makes the groups its own. */
export async function finish(stage: LabStage, old: LabCluster, to: LabCluster): Promise<void> {
  await label(stage, old, false);
  const groupID = backendOf(stage, to);
  for (const { metadata, spec } of await ownBindings(stage, old)) {
    const ingress = spec.networking.ingress.map((rule: object) => ({
      ...rule,
      from: [{ securityGroup: { groupID } }],
    }));
    const body = { spec: { networking: { ingress } } };
    await old.kube.patch('targetgroupbindings', stage.namespace, metadata.name, body);
  }
  await stage.pass(5_000);
  const Tags = [{ Key: CLUSTER_TAG, Value: to.context }];
  call(stage, 'ec2.CreateTags', { Resources: [frontendOf(stage)], Tags });
  const gone = [`${PREFIX}security-groups`, `${PREFIX}manage-backend-security-group-rules`];
  const annotations = Object.fromEntries(gone.map((key) => [key, null]));
  await to.kube.patch('services', stage.namespace, APP, { metadata: { annotations } });
}

/** Name of the target group that a controller makes for port 80 where it finds none (buildTargetGroupName). */
export async function groupNameOf(stage: LabStage, to: LabCluster): Promise<string> {
  const { uid = '' } = (await serviceOf(stage, to)).metadata;
  const hash = createHash('sha256');
  for (const part of [to.context, uid, 80, 80, 'ip', 'TCP', 'TCP', 10]) hash.update(String(part));
  const short = (text: string): string => text.replaceAll(/[^0-9A-Za-z]/g, '').slice(0, 8);
  return `k8s-${short(stage.namespace)}-${APP}-${hash.digest('hex').slice(0, 10)}`;
}
