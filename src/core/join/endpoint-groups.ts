import { peerGroups } from '../model/backend-group.ts';
import { clusterNames } from '../model/cluster-name.ts';
import type { GroupRule, SecurityGroup } from '../model/aws.ts';
import { awsHint } from '../model/hint.ts';
import { nameText } from '../model/kubernetes.ts';
import { valueOf } from '../model/problem.ts';
import type { Target } from '../model/target.ts';
import { closedWays, groupToOpen, mayBeCutOff, type MissingRule } from '../observed/closed-ways.ts';
import { eligibleByKey, registeredByKey, registeredIn } from '../observed/member.ts';
import { closedGroups } from '../observed/missing-rule-text.ts';
import { check, type Check, skippedUnread, type Wrong } from '../plan/check.ts';
import { aboutLocal, type JoinCase, type JoinPort } from './join-port.ts';

type Peer = {
  readonly securityGroup?: { readonly groupID: string };
  readonly ipBlock?: { readonly cidr: string };
};
type Rule = {
  readonly from?: readonly Peer[];
  readonly ports?: readonly { readonly protocol?: string }[];
};

/** The rules that the binding is to have, from its document; undefined: none, so no controller opens a port. */
function rulesOf({ document }: JoinPort): readonly Rule[] | undefined {
  const spec = document?.['spec'] as {
    readonly networking?: { readonly ingress?: readonly Rule[] };
  };
  return spec?.networking?.ingress;
}

/** Why a rule is not there, and who is to add it. */
function reason({ direction }: MissingRule, { localService }: JoinCase): string {
  return direction === 'egress'
    ? 'No controller manages outbound rules.'
    : `The binding of Service ${nameText(localService)} has no spec.networking, so no controller opens a port: add the rule before or after the join.`;
}

/**
 * Where the controller opens no port, the rules have to be there; those of the load balancer itself
 * always (hazard H13). Nothing where the rules are there already.
 */
const open = check<JoinCase>('security-group-closed', 'caution', (subject) => {
  const { observed, ports, joining } = subject;
  const { path } = observed;
  const balancer = valueOf(observed.loadBalancer);
  if (!path || !balancer) return undefined;
  if (!path.interfaces.ok) return skippedUnread(path.interfaces.problem);
  if (!path.balancerGroups.ok) return skippedUnread(path.balancerGroups.problem);
  return ports.flatMap((port): readonly Wrong[] => {
    const { group, eligible, arn, document, pattern } = port;
    if (!group.ok || !eligible.ok || !document) return [];
    const managed = rulesOf(port) !== undefined;
    const registered = registeredByKey(valueOf(registeredIn(observed, arn)) ?? []);
    // Where health checks pass, they do.
    const left: Target[] = [];
    eligibleByKey(eligible.value).forEach(({ target }, key) => {
      const found = registered.get(key);
      const isReached = found?.state === 'healthy' && !mayBeCutOff(found, group.value, balancer);
      if (!isReached) left.push(target);
    });
    const missing = closedWays({
      group: group.value,
      balancer,
      path,
      targets: left,
      peerGroups: pattern ? peerGroups(pattern.binding) : [],
      clusterNames: clusterNames(joining),
    }).filter(({ direction }) => direction === 'egress' || !managed);
    return closedGroups(missing, {
      cluster: joining.context,
      arn,
      about: { ...aboutLocal(subject), port: port.port },
      why: (rule) => reason(rule, subject),
      will: true,
    });
  });
});

/** Inbound rules of a security group, for IPv4 and for IPv6 each (VPC user guide, "Amazon VPC quotas"). */
const rulesPerGroup = 60;

/** How the controller describes its rules (`pkg/networking/networking_manager.go`). */
const marker = 'elbv2.k8s.aws/targetGroupBinding=shared';

const isV6 = ({ peer }: GroupRule): boolean => peer.kind === 'range' && peer.cidr.includes(':');
const isV4 = ({ peer }: GroupRule): boolean => peer.kind === 'range' && !peer.cidr.includes(':');

/** Protocol and peer of each rule that the controller adds; it has one for each, with all ports. */
const wantedBy = (ports: readonly JoinPort[]): readonly string[] => [
  ...new Set(
    ports.flatMap((port) =>
      (rulesOf(port) ?? []).flatMap(({ from = [], ports: opened = [] }) =>
        from.flatMap((peer) =>
          opened.map(
            ({ protocol = 'TCP' }) =>
              `${protocol.toLowerCase()} ${peer.securityGroup?.groupID ?? peer.ipBlock?.cidr ?? ''}`,
          ),
        ),
      ),
    ),
  ),
];

const keyOf = ({ protocol, peer }: GroupRule): string =>
  `${protocol} ${peer.kind === 'range' ? peer.cidr : peer.id}`;

/** Rules of one family that a group would have: a rule with a group or prefix list counts in both. */
function rulesAfter(group: SecurityGroup, wanted: readonly string[]) {
  const own = new Set(group.ingress.filter(({ description }) => description === marker).map(keyOf));
  const added = wanted.filter((one) => !own.has(one));
  const of = (cidr: (text: string) => boolean, other: (rule: GroupRule) => boolean) => {
    const used = group.ingress.filter((rule) => !other(rule)).length;
    const more = added.filter((one) => cidr(one.split(' ')[1] ?? '')).length;
    return { used, more };
  };
  const v4 = of((to) => !to.includes(':'), isV6);
  const v6 = of((to) => to.startsWith('sg-') || to.includes(':'), isV4);
  return v4.used + v4.more >= v6.used + v6.more ? v4 : v6;
}

const room = check<JoinCase>('security-group-full', 'caution', (subject) => {
  const { observed, ports, joining } = subject;
  const wanted = wantedBy(ports.filter(({ ours }) => ours.length === 0));
  if (!observed.path || wanted.length === 0) return undefined;
  const { interfaces } = observed.path;
  if (!interfaces.ok) return skippedUnread(interfaces.problem);
  const groups = new Map(
    interfaces.value.flatMap((one) => {
      const group = groupToOpen(one, clusterNames(joining));
      return group ? [[group.id, group] as const] : [];
    }),
  );
  return [...groups.values()].flatMap((group): readonly Wrong[] => {
    const { used, more } = rulesAfter(group, wanted);
    const left = rulesPerGroup - used - more;
    if (more === 0 || left > rulesPerGroup / 10) return [];
    return [
      {
        message: `Security group ${group.id} of ${joining.context} has ${used} inbound rules, and the controller adds ${more}. AWS's default limit is ${rulesPerGroup}${left < 0 ? ': if it was not raised, the controller cannot open the ports' : `: ${left} would be left`}.`,
        about: { ...aboutLocal(subject), securityGroup: group.id },
        hints: [
          awsHint(['ec2', 'describe-security-groups', '--group-ids', group.id], ports[0]?.arn),
        ],
        ...(left < 0 ? { grave: true } : {}),
      },
    ];
  });
});

/** Whether the security groups of the endpoints let the load balancer in. */
export const openGroupChecks: readonly Check<JoinCase>[] = [open];

/** Whether they have room for the rules that the controller adds. */
export const roomyGroupChecks: readonly Check<JoinCase>[] = [room];
