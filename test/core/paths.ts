import type {
  BalancerUse,
  GroupRule,
  NetworkPath,
  Peering,
  SecurityGroup,
  TargetInterface,
} from '../../src/core/model/aws.ts';
import type { Node } from '../../src/core/model/kubernetes.ts';
import { known, type Reading } from '../../src/core/model/problem.ts';

/** A rule, `tcp 80 sg-lb`, `udp 53-60 10.0.0.0/8`, `-1 pl-1`: protocol, ports, peer. */
export function rule(text: string): GroupRule {
  const words = text.split(' ');
  const [protocol = ''] = words;
  const to = words.at(-1) ?? '';
  const peer: GroupRule['peer'] = to.startsWith('sg-')
    ? { kind: 'group', id: to }
    : to.startsWith('pl-')
      ? { kind: 'prefix-list', id: to }
      : { kind: 'range', cidr: to };
  if (words.length < 3) return { protocol, peer };
  const [from, last = from] = (words[1] ?? '').split('-').map(Number);
  return { protocol, from: from!, to: last!, peer };
}

/** A security group that lets everything out, and in what `ingress` says. */
export const group = (
  id: string,
  over: {
    readonly tags?: Readonly<Record<string, string>>;
    readonly ingress?: readonly string[];
    readonly egress?: readonly string[];
  } = {},
): SecurityGroup => ({
  id,
  name: '',
  description: '',
  vpcId: 'vpc-1',
  tags: over.tags ?? {},
  ingress: (over.ingress ?? []).map(rule),
  egress: (over.egress ?? ['-1 0.0.0.0/0', '-1 ::/0']).map(rule),
});

/** Interfaces with their groups by target id; the load balancer is in 10.0.0.0/20. */
export const pathTo = (
  groups: Readonly<Record<string, readonly SecurityGroup[]>>,
  over: Partial<NetworkPath> = {},
): NetworkPath => ({
  interfaces: known(
    Object.entries(groups).map(([target, held], n) => ({
      target,
      id: `eni-${n + 1}`,
      vpcId: 'vpc-1',
      groups: held,
    })),
  ),
  balancerGroups: known([group('sg-front'), group('sg-back')]),
  balancerRanges: known(['10.0.0.0/20', '2001:db8::/64']),
  ...over,
});

/** The same where the endpoints are in another VPC. */
export function pathAway(
  o: {
    readonly ranges?: readonly string[];
    readonly peerings?: Reading<readonly Peering[]>;
    readonly targets?: readonly string[];
    readonly over?: Partial<TargetInterface>;
  } = {},
): NetworkPath {
  const targets = o.targets ?? ['10.0.2.1', '10.0.2.2', 'i-0a1'];
  return pathTo(
    {},
    {
      interfaces: known(
        targets.map((target, n) => ({
          target,
          id: `eni-${n + 1}`,
          vpcId: 'vpc-2',
          groups: [group('sg-node')],
          ...o.over,
        })),
      ),
      between: {
        vpcs: {
          'vpc-1': known({ id: 'vpc-1', ranges: ['10.0.0.0/16'] }),
          'vpc-2': known({ id: 'vpc-2', ranges: o.ranges ?? ['172.20.0.0/16'] }),
        },
        peerings: o.peerings ?? known([]),
      },
    },
  );
}

/** An account with these limits, and a load balancer with no other target group. */
export const useWith = (
  limits: Readonly<Record<string, number>>,
  over: Partial<BalancerUse> = {},
): BalancerUse => ({ limits: known(limits), others: known([]), ...over });

export const onNodes = { port: 80, targetPort: 80, nodePort: 30080, protocol: 'TCP' };

export const nodeAt = (instanceId: string): Node => ({
  name: instanceId,
  instanceId,
  zone: 'us-east-1a',
  ready: 'True',
  labels: {},
  taints: [],
});
