import type {
  GroupRule,
  LoadBalancer,
  NetworkPath,
  SecurityGroup,
  TargetGroup,
  TargetInterface,
} from '../model/aws.ts';
import { valueOf } from '../model/problem.ts';
import type { RegisteredTarget, Target } from '../model/target.ts';
import { canonicalId, isInstanceId, targetKey } from '../model/target-key.ts';
import { type Ends, ofFamily, passes, rangeOf, type Way } from './group-rules.ts';
import { registeredIn } from './member.ts';
import { checkPort } from './networking.ts';
import type { Observed } from './observed.ts';
import { partsOf } from './port-case.ts';

/** A rule that a security group needs, so that the load balancer reaches targets. */
export interface MissingRule {
  /** `ingress`: of the targets' group; `egress`: of the load balancer's. */
  readonly direction: 'ingress' | 'egress';
  readonly group: SecurityGroup;
  readonly way: Way;
  /** Whether health checks are kept out, or only traffic. */
  readonly checks: boolean;
  /** What to open it to: a security group, or address ranges. */
  readonly peers: readonly Extract<GroupRule['peer'], { kind: 'group' | 'range' }>[];
  readonly targets: readonly Target[];
}

export interface WayFacts {
  readonly group: TargetGroup;
  readonly balancer: LoadBalancer;
  readonly path: NetworkPath;
  readonly targets: readonly Target[];
  /** The group that the rules of the bindings name, where one does. */
  readonly peerGroups: readonly string[];
  /** What the controllers of the cluster call it. */
  readonly clusterNames: readonly string[];
}

/** Where health checks reach a target. */
const checkedPort = (group: TargetGroup, { port }: Target): number => checkPort(group) ?? port;

/** How a target is reached: for health checks always by TCP (ELBv2 API, HealthCheckProtocol). */
function waysTo(
  group: TargetGroup,
  target: Target,
): readonly { readonly way: Way; readonly checks: boolean }[] {
  const { port } = target;
  const check = checkedPort(group, target);
  const traffic: readonly Way['protocol'][] =
    group.protocol === 'UDP' ? ['udp'] : group.protocol === 'TCP_UDP' ? ['tcp', 'udp'] : ['tcp'];
  return [
    { way: { protocol: 'tcp', port: check }, checks: true },
    ...traffic
      .filter((one) => one !== 'tcp' || port !== check)
      .map((one) => ({ way: { protocol: one, port }, checks: false })),
  ];
}

/** Which group of an interface gets the rules: its only one, or the one with the tag of the cluster. */
export function groupToOpen(
  { groups }: TargetInterface,
  clusterNames: readonly string[],
): SecurityGroup | undefined {
  const tags = clusterNames.map((name) => `kubernetes.io/cluster/${name}`);
  return groups.find((group) => tags.some((tag) => tag in group.tags)) ?? groups[0];
}

/**
 * The rules that security groups lack between the load balancer and these targets. A load balancer with
 * groups comes as each of them, also where the client's address is kept; one without comes from
 * its subnets, and its traffic from anywhere, which is not judged. Its own groups hold back health
 * checks and traffic by their outbound rules, never by the inbound ones (Network Load Balancer guide,
 * "Update the security groups"). What may pass counts as open, and what EC2 does not show is left out.
 */
export function closedWays(facts: WayFacts): readonly MissingRule[] {
  const { group, balancer, path, targets } = facts;
  const interfaces = valueOf(path.interfaces);
  if (!interfaces || targets.length === 0) return [];
  const byTarget = new Map(interfaces.map((one) => [canonicalId(one.target), one]));
  const found = new Map<string, MissingRule>();
  const add = (rule: Omit<MissingRule, 'targets'>, target: Target): void => {
    const key = JSON.stringify([rule.direction, rule.group.id, rule.way, rule.peers]);
    const before = found.get(key);
    found.set(key, { ...rule, targets: [...(before?.targets ?? []), target] });
  };
  const known = valueOf(path.balancerRanges);
  const ranges = known && ofFamily(known, group.ipFamily);
  const balancerGroups = valueOf(path.balancerGroups);
  for (const target of targets) {
    const holder = byTarget.get(canonicalId(target.id));
    const opened = holder && groupToOpen(holder, facts.clusterNames);
    if (!holder || !opened || holder.hidden) continue;
    for (const { way, checks } of waysTo(group, target)) {
      const withGroups = balancer.securityGroupIds.length > 0;
      if (checks || withGroups) {
        const from: Ends = {
          groups: balancer.securityGroupIds,
          ranges: checks ? ranges : undefined,
        };
        const peers = sourcesOf(facts, ranges);
        const rules = holder.groups.flatMap(({ ingress }) => ingress);
        if (passes(rules, way, from) === 'no' && peers.length > 0) {
          add({ direction: 'ingress', group: opened, way, checks, peers }, target);
        }
      }
      const out = balancerGroups && closedOut(balancerGroups, facts, holder, way, target);
      if (out) {
        const peers = [{ kind: 'group', id: opened.id } as const];
        add({ direction: 'egress', group: out, way, checks, peers }, target);
      }
    }
  }
  return [...found.values()];
}

/** What a rule of the targets' group has to name as its source. */
function sourcesOf(
  { balancer, peerGroups }: WayFacts,
  ranges: readonly string[] | undefined,
): MissingRule['peers'] {
  const { securityGroupIds } = balancer;
  const id = peerGroups.find((peer) => securityGroupIds.includes(peer)) ?? securityGroupIds[0];
  if (id !== undefined) return [{ kind: 'group', id }];
  return (ranges ?? []).map((cidr) => ({ kind: 'range', cidr }));
}

/** The load balancer's group to open, where none of them lets this out. */
function closedOut(
  groups: readonly SecurityGroup[],
  { peerGroups, balancer }: WayFacts,
  holder: TargetInterface,
  way: Way,
  { id }: Target,
): SecurityGroup | undefined {
  // Some of them may not be shown: then one of those may let it out.
  if (groups.length === 0 || groups.length < balancer.securityGroupIds.length) return undefined;
  const rules = groups.flatMap(({ egress }) => egress);
  const to: Ends = {
    groups: holder.groups.map((group) => group.id),
    ranges: isInstanceId(id) ? undefined : [rangeOf(canonicalId(id))],
  };
  if (passes(rules, way, to) !== 'no') return undefined;
  return groups.find((group) => peerGroups.includes(group.id)) ?? groups[0];
}

/**
 * Whether a registered target may be cut off: its health checks fail; or they pass, and traffic takes
 * another way, by UDP or to another port, so that they prove nothing about it. The traffic of a load
 * balancer without security groups is not judged.
 */
export function mayBeCutOff(
  { target, state }: RegisteredTarget,
  group: TargetGroup,
  balancer: Pick<LoadBalancer, 'securityGroupIds'> | undefined,
): boolean {
  if (state === 'unhealthy') return true;
  if (state !== 'healthy' || !balancer || balancer.securityGroupIds.length === 0) return false;
  // As waysTo has it, without a list for each of thousands.
  const { protocol } = group;
  return protocol === 'UDP' || protocol === 'TCP_UDP' || checkedPort(group, target) !== target.port;
}

/** Ids of targets of listed clusters that may be cut off. */
export const cutOffIds = (observed: Observed): readonly string[] => [
  ...new Set(
    Object.entries(observed.targetGroups).flatMap(([arn, group]) => {
      const registered = valueOf(registeredIn(observed, arn)) ?? [];
      const balancer = valueOf(observed.loadBalancer);
      const doubtful = group.ok
        ? registered.filter((one) => mayBeCutOff(one, group.value, balancer))
        : [];
      if (doubtful.length === 0) return [];
      const parts = partsOf(observed, arn);
      return doubtful
        .filter(({ target }) => parts.some(({ eligible }) => eligible.has(targetKey(target))))
        .map(({ target }) => target.id);
    }),
  ),
];
