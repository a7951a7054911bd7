import { bindingsOf } from './enrollment.ts';
import type { LabCluster, LabStage } from './stage.ts';

/** Which text or number of one world plays which part, so that two worlds can be compared. */
export interface Roles {
  /** ARNs and ids of what was made for the scenario; a call that names one belongs to it. */
  readonly own: ReadonlySet<string>;
  /** The value with all names, addresses and ports of this world replaced by their roles. */
  replace(value: unknown): unknown;
}

interface Tagged {
  readonly Tags?: readonly { readonly Key: string; readonly Value: string }[];
}

const STACK = 'service.k8s.aws/stack';
const RESOURCE = 'service.k8s.aws/resource';

/** Of what no controller made: the namespace of the scenario whose it is. */
export const SCENARIO_TAG = 'scenario';

const tagOf = ({ Tags = [] }: Tagged, key: string): string =>
  Tags.find(({ Key }) => Key === key)?.Value ?? '';

/** Finds out who is who, from what there is at the end and from what was made meanwhile. */
export async function findRoles(stage: LabStage): Promise<Roles> {
  const texts = new Map<string, string>();
  const ports = new Map<number, string>();
  const own = new Set<string>();
  const call = (action: string, params: object = {}) => stage.aws.call(action, params, 'scenario');
  const tagsOf = (arn: string): Tagged =>
    call('elbv2.DescribeTags', { ResourceArns: [arn] }).TagDescriptions[0];
  const isOwn = (tagged: Tagged): boolean =>
    tagOf(tagged, STACK).startsWith(`${stage.namespace}/`) ||
    tagOf(tagged, SCENARIO_TAG) === stage.namespace;

  for (const { LoadBalancerArn, LoadBalancerName, DNSName } of call('elbv2.DescribeLoadBalancers')
    .LoadBalancers) {
    if (!isOwn(tagsOf(LoadBalancerArn))) continue;
    own.add(LoadBalancerArn);
    texts.set(LoadBalancerArn, 'lb').set(DNSName, 'lb.dns').set(DNSName.toLowerCase(), 'lb.dns');
    texts.set(LoadBalancerName, 'lb.name');
    for (const { ListenerArn, Port } of call('elbv2.DescribeListeners', { LoadBalancerArn })
      .Listeners) {
      own.add(ListenerArn);
      texts.set(ListenerArn, `listener(${Port})`);
    }
  }
  for (const group of call('elbv2.DescribeTargetGroups').TargetGroups) {
    const tags = tagsOf(group.TargetGroupArn);
    if (!isOwn(tags)) continue;
    const role = `tg(${tagOf(tags, RESOURCE).split(':')[1] ?? group.Port})`;
    own.add(group.TargetGroupArn);
    texts.set(group.TargetGroupArn, role).set(group.TargetGroupName, `${role}.name`);
    // The end of the names that nlbmc gives to bindings whose plain name is not free.
    texts.set(`-${group.TargetGroupArn.slice(-6)}`, `-digits(${role})`);
  }
  for (const group of call('ec2.DescribeSecurityGroups').SecurityGroups) {
    const shared = tagOf(group, 'elbv2.k8s.aws/resource') === 'backend-sg';
    const ours = isOwn(group);
    if (ours) {
      own.add(group.GroupId);
      texts.set(group.GroupName, 'sg(frontend).name');
    }
    const role = ours
      ? 'frontend'
      : shared
        ? `backend of ${tagOf(group, 'elbv2.k8s.aws/cluster')}`
        : group.GroupName;
    texts.set(group.GroupId, `sg(${role})`);
  }
  texts.set(stage.aws.network.vpcId, 'vpc');
  for (const subnet of call('ec2.DescribeSubnets').Subnets) {
    texts.set(subnet.SubnetId, `subnet(${tagOf(subnet, 'Name')})`);
  }
  for (const cluster of stage.clusters) await clusterRoles(stage, cluster, texts, ports);
  return { own, replace: replacer(texts, ports) };
}

async function clusterRoles(
  stage: LabStage,
  cluster: LabCluster,
  texts: Map<string, string>,
  ports: Map<number, string>,
): Promise<void> {
  const { context, kube, nodes } = cluster;
  const short = context.slice(0, 3);
  const system = await kube.need('namespaces', '', 'kube-system');
  texts.set(system.metadata.uid ?? '', `uid(${context})`);
  for (const [pod, address] of cluster.addresses()) {
    // An address that was used twice keeps the name of the pod that had it first.
    if (!texts.has(address)) texts.set(address, pod);
  }
  for (const [i, node] of nodes.entries()) {
    const role = `${short}-node-${i + 1}`;
    const { status } = await kube.need('nodes', '', node.name);
    texts.set(node.name, role).set(node.instanceId, role);
    for (const { address } of status.addresses) if (!texts.has(address)) texts.set(address, role);
  }
  for (const { metadata, spec } of await bindingsOf(stage, cluster)) {
    const { name } = metadata;
    // The controller's own names have a hash; a person's are the same in both worlds.
    if (/-[0-9a-f]{10}$/.test(name)) texts.set(name, `${texts.get(spec.targetGroupARN)}.name`);
  }
  for (const { spec } of await kube.list('services', stage.namespace)) {
    for (const { nodePort, port } of spec.ports ?? []) {
      if (nodePort) ports.set(nodePort, `nodePort(${short}:${port})`);
    }
    if (spec.clusterIP) texts.set(spec.clusterIP, `clusterIP(${short})`);
  }
}

function replacer(
  texts: ReadonlyMap<string, string>,
  ports: ReadonlyMap<number, string>,
): (value: unknown) => unknown {
  const patterns = [...texts]
    .filter(([text]) => text !== '')
    .sort(([a], [b]) => b.length - a.length)
    .map(([text, role]) => ({
      // Of addresses, 10.0.0.4 is not in 10.0.0.45, nor is fd00::4 in fd00::4a.
      pattern: new RegExp(
        `${/^\d/.test(text) ? '(?<![\\d.])' : ''}${text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')}(?!${text.includes('::') ? '[\\da-f]' : '\\d'})`,
        'g',
      ),
      text,
      role,
    }));
  const inText = (value: string): string => {
    let result = value;
    for (const { pattern, text, role } of patterns) {
      if (result.includes(text)) result = result.replace(pattern, role);
    }
    return result.replace(/(?<=:)\d{5}\b/g, (digits) => ports.get(Number(digits)) ?? digits);
  };
  const inValue = (value: unknown): unknown => {
    if (typeof value === 'string') return inText(value);
    if (typeof value === 'number') return ports.get(value) ?? value;
    if (Array.isArray(value)) return value.map(inValue);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [inText(key), inValue(inner)]),
    );
  };
  return inValue;
}
