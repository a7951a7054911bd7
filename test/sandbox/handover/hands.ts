import { createHash } from 'node:crypto';
import type { KubeObject } from '../../../src/sandbox/kube/object.ts';
import type { WorldCluster } from '../../../src/sandbox/world.ts';
import { BINDINGS, person, PREFIX, type Handed } from './shared.ts';

const NAME = 'aws-load-balancer-controller';
const CLUSTER = 'elbv2.k8s.aws/cluster';
const STACK = ['service.k8s.aws/stack', 'service.k8s.aws/resource'];
const LABELS = {
  'service.k8s.aws/stack-namespace': 'default',
  'service.k8s.aws/stack-name': 'nginx',
};
const CLASS = 'service.k8s.aws/nlb';

/** Arns of the target groups, the listeners and, last, the load balancer. */
function arns(it_: Handed): string[] {
  const { LoadBalancerArn } = it_.balancers[0]!;
  const { Listeners } = it_.aws('elbv2.DescribeListeners', { LoadBalancerArn });
  const { TargetGroups } = it_.aws('elbv2.DescribeTargetGroups', { LoadBalancerArn });
  return [
    ...TargetGroups.map((one: any) => one.TargetGroupArn),
    ...Listeners.map((one: any) => one.ListenerArn),
    LoadBalancerArn,
  ];
}

/** Id of the group with these tags. */
export function groupWith(it_: Handed, tags: Record<string, string>): string {
  const Filters = Object.entries(tags).map(([key, value]) => ({
    Name: `tag:${key}`,
    Values: [value],
  }));
  return it_.aws('ec2.DescribeSecurityGroups', { Filters }).SecurityGroups[0].GroupId;
}
export const frontend = (it_: Handed): string => groupWith(it_, { [STACK[0]!]: 'default/nginx' });
export const backend = (it_: Handed, { name }: WorldCluster): string =>
  groupWith(it_, { [CLUSTER]: name, 'elbv2.k8s.aws/resource': 'backend-sg' });

/** The Service is taken from its controller in one patch, and looks as before afterwards. */
export function release(it_: Handed, from: WorldCluster, type = 'NodePort'): void {
  const { metadata, status } = it_.service(from);
  const targetType = `${PREFIX}nlb-target-type`;
  it_.merge(from, 'services', 'nginx', {
    metadata: { finalizers: null, annotations: { [targetType]: null } },
    spec: { type, loadBalancerClass: null },
  });
  it_.merge(from, 'services', 'nginx', {
    metadata: { annotations: { [targetType]: metadata.annotations![targetType] } },
    spec: { type: 'LoadBalancer', loadBalancerClass: 'example.com/nobody' },
  });
  const patch = { type: 'merge' as const, body: { status } };
  from.kube.patch('services', 'default', 'nginx', patch, person, 'status');
}

/** Where the user made the group for clients, there is no tag of the cluster on it. */
export function retag(it_: Handed, to: WorldCluster, ownGroup = false): void {
  const group = ownGroup ? undefined : frontend(it_);
  for (const arn of arns(it_)) {
    const Tags = [{ Key: CLUSTER, Value: to.name }];
    it_.aws('elbv2.AddTags', { ResourceArns: [arn], Tags });
  }
  if (group) it_.aws('ec2.DeleteTags', { Resources: [group], Tags: [{ Key: CLUSTER }] });
}

/** `kubectl rollout restart` of the controller, until a new pod leads. */
export function restart(it_: Handed, { kube }: WorldCluster): void {
  const at = { 'kubectl.kubernetes.io/restartedAt': it_.world.clock.date().toISOString() };
  const body = { spec: { template: { metadata: { annotations: at } } } };
  const patch = { type: 'merge' as const, body };
  kube.patch('deployments.apps', 'kube-system', NAME, patch, person);
}

/** From the restart until a new pod leads. */
export const RESTART_MS = 40_000;

export function label(it_: Handed, { kube }: WorldCluster, on = true): void {
  const labels = Object.fromEntries(Object.entries(LABELS).map(([k, v]) => [k, on ? v : null]));
  for (const { metadata } of kube.list(BINDINGS, 'default')) {
    it_.merge({ kube } as WorldCluster, BINDINGS, metadata.name, { metadata: { labels } });
  }
}

/** The annotations of adoption: the groups of the load balancer stay, and one is added. */
export const keepGroups = (it_: Handed, left: WorldCluster): Record<string, string> => ({
  [`${PREFIX}security-groups`]: `${frontend(it_)},${backend(it_, left)}`,
  [`${PREFIX}manage-backend-security-group-rules`]: 'true',
});

/** The annotations of a Service that say what its load balancer is like. */
export const notesOf = ({ metadata }: KubeObject): Record<string, string> =>
  Object.fromEntries(
    Object.entries(metadata.annotations ?? {}).filter(([key]) => key.startsWith(PREFIX)),
  );

/** The Service becomes one with a load balancer, in one patch: it finds the one with its tags. */
export function adopt(
  it_: Handed,
  to: WorldCluster,
  annotations: Readonly<Record<string, string | null>>,
): void {
  // The class does not change while the type is this one.
  const spec = { type: 'LoadBalancer', loadBalancerClass: CLASS };
  const { type } = it_.service(to)['spec'];
  if (type === 'LoadBalancer') {
    it_.merge(to, 'services', 'nginx', { spec: { type: 'NodePort', loadBalancerClass: null } });
  }
  it_.merge(to, 'services', 'nginx', { metadata: { annotations }, spec });
}

/** OLD's targets let NEW's group in, too; then NEW's Service makes its groups its own. */
export function finish(it_: Handed, old: WorldCluster, to: WorldCluster): void {
  label(it_, old, false);
  const groupID = backend(it_, to);
  for (const { metadata, spec } of it_.bindings(old)) {
    const ingress = spec.networking.ingress.map((rule: object) => ({
      ...rule,
      from: [{ securityGroup: { groupID } }],
    }));
    it_.merge(old, BINDINGS, metadata.name, { spec: { networking: { ingress } } });
  }
  it_.world.clock.advance(5_000);
  const Tags = [{ Key: CLUSTER, Value: to.name }];
  it_.aws('ec2.CreateTags', { Resources: [frontend(it_)], Tags });
  const gone = [`${PREFIX}security-groups`, `${PREFIX}manage-backend-security-group-rules`];
  const annotations = Object.fromEntries(gone.map((key) => [key, null]));
  it_.merge(to, 'services', 'nginx', { metadata: { annotations } });
}

/** What says that somebody owns the load balancer is taken away. */
export function disown(it_: Handed, from: WorldCluster): void {
  label(it_, from, false);
  const group = frontend(it_);
  for (const arn of arns(it_)) {
    it_.aws('elbv2.RemoveTags', { ResourceArns: [arn], TagKeys: [CLUSTER, ...STACK] });
  }
  it_.aws('ec2.DeleteTags', { Resources: [group], Tags: [{ Key: CLUSTER }] });
}

/** Name of the target group that a controller makes for the port where it finds none (buildTargetGroupName). */
export function groupName(it_: Handed, to: WorldCluster): string {
  const { uid } = it_.service(to).metadata;
  const hash = createHash('sha256');
  for (const part of [to.name, uid!, 80, 80, 'ip', 'TCP', 'TCP', 10]) hash.update(String(part));
  return `k8s-default-nginx-${hash.digest('hex').slice(0, 10)}`;
}

/** Another Service of NEW has a load balancer of its own, so that NEW's controller has read all tags. */
export function busy(it_: Handed): void {
  const { kube } = it_.fresh;
  const annotations = notesOf(it_.service(it_.old));
  delete annotations[`${PREFIX}attributes`];
  kube.create(
    'services',
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'other', namespace: 'default', annotations },
      spec: { type: 'LoadBalancer', selector: { app: 'other' }, ports: [{ port: 80 }] },
    },
    person,
  );
  it_.world.settle();
}
