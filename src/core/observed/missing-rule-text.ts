import { awsHint, noted, type ToolHint } from '../model/hint.ts';
import type { MissingRule } from './closed-ways.ts';
import type { About, Problem } from '../model/problem.ts';
import { targetText } from '../model/target-key.ts';
import { count, listed } from '../model/words.ts';

const peerText = (peer: MissingRule['peers'][number]): string =>
  peer.kind === 'group' ? peer.id : peer.cidr;

/** `TCP 8080 from sg-1`, `UDP 53 to sg-2`. */
const missingRuleText = ({ direction, way, peers }: MissingRule): string =>
  `${way.protocol.toUpperCase()} ${way.port} ${direction === 'ingress' ? 'from' : 'to'} ${listed(peers.map(peerText))}`;

/**
 * The command that adds the rule. It has no description like the one that LBC writes, so no
 * controller revokes the rule: it revokes only rules with its own description
 * (`pkg/networking/networking_manager.go`, `security_group_reconciler.go`). Where it wants the same rule, it
 * finds it there and adds none. `arn`: the target group, whose region counts.
 */
function openHint({ direction, group, way, peers }: MissingRule, arn: string): ToolHint {
  const verb = `authorize-security-group-${direction}`;
  const [first] = peers;
  const words =
    direction === 'ingress' && first?.kind === 'group'
      ? ['--protocol', way.protocol, '--port', String(way.port), '--source-group', first.id]
      : ['--ip-permissions', permissionText(way, peers)];
  const hint = awsHint(['ec2', verb, '--group-id', group.id, ...words], arn);
  return direction === 'ingress' ? noted(hint, 'no controller revokes this rule') : hint;
}

/** In the short syntax of the AWS CLI. */
function permissionText(
  { protocol, port }: MissingRule['way'],
  peers: MissingRule['peers'],
): string {
  const list = (key: string, field: string, values: readonly string[]): string =>
    values.length === 0 ? '' : `,${key}=[${values.map((one) => `{${field}=${one}}`).join(',')}]`;
  const cidrs = peers.flatMap((peer) => (peer.kind === 'range' ? peer.cidr : []));
  return [
    `IpProtocol=${protocol},FromPort=${port},ToPort=${port}`,
    list(
      'UserIdGroupPairs',
      'GroupId',
      peers.flatMap((peer) => (peer.kind === 'group' ? peer.id : [])),
    ),
    list(
      'IpRanges',
      'CidrIp',
      cidrs.filter((cidr) => !cidr.includes(':')),
    ),
    list(
      'Ipv6Ranges',
      'CidrIpv6',
      cidrs.filter((cidr) => cidr.includes(':')),
    ),
  ].join('');
}

/** Missing rules as problems, one for each security group, with all rules that it lacks. */
export function closedGroups(
  missing: readonly MissingRule[],
  o: {
    readonly cluster: string;
    readonly arn: string;
    readonly about: About;
    /** Why a rule is not there, and what keeps it away. */
    readonly why: (rule: MissingRule) => string;
    /** The targets are yet to be registered. */
    readonly will: boolean;
  },
): readonly (Problem & { readonly code: 'security-group-closed' })[] {
  const groups = new Map<string, [MissingRule, ...MissingRule[]]>();
  for (const rule of missing) {
    const key = `${rule.direction} ${rule.group.id}`;
    const before = groups.get(key);
    if (before) before.push(rule);
    else groups.set(key, [rule]);
  }
  return [...groups.values()].map((rules) => {
    const [first] = rules;
    const { group, direction } = first;
    const out = direction === 'egress';
    const targets = [...new Set(rules.flatMap((rule) => rule.targets.map(targetText)))];
    const what = rules.some(({ checks }) => checks) ? 'health checks' : 'traffic';
    const named = `${group.id}${group.name === '' ? '' : ` (${group.name})`}`;
    const passes = out ? 'of the load balancer does not let out' : 'does not let in';
    const reach = o.will ? 'would not reach' : 'cannot reach';
    return {
      code: 'security-group-closed',
      message: `Security group ${named} ${passes} ${listed(rules.map(missingRuleText))}: ${what} ${reach} ${count(targets.length, 'target')} of ${o.cluster}. ${o.why(first)}`,
      about: { ...o.about, securityGroup: group.id },
      hints: rules.map((rule) => openHint(rule, o.arn)),
      ...(targets.length > 1 ? { details: targets } : {}),
    };
  });
}
