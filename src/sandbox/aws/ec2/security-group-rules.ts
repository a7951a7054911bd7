import { ipv4Block, ipv6Groups } from '../state/addresses.ts';
import { AwsError } from '../state/error.ts';
import type { GroupRule, SecurityGroup } from '../state/security-group-store.ts';
import type { State } from '../state/state.ts';

/** Rules as requests and answers bundle them: one protocol and range, many sources. */
export interface IpPermission {
  readonly IpProtocol?: string;
  readonly FromPort?: number;
  readonly ToPort?: number;
  readonly UserIdGroupPairs?: readonly {
    readonly GroupId?: string;
    readonly UserId?: string;
    /** The next three only of a group in another VPC. */
    readonly VpcId?: string;
    readonly VpcPeeringConnectionId?: string;
    readonly PeeringStatus?: string;
    readonly Description?: string;
  }[];
  readonly IpRanges?: readonly { readonly CidrIp?: string; readonly Description?: string }[];
  readonly Ipv6Ranges?: readonly { readonly CidrIpv6?: string; readonly Description?: string }[];
  readonly PrefixListIds?: readonly {
    readonly PrefixListId?: string;
    readonly Description?: string;
  }[];
}

type Source = GroupRule['source'];
type Draft = Omit<GroupRule, 'id'>;

const NUMBERS: Readonly<Record<string, string>> = { 6: 'tcp', 17: 'udp', 1: 'icmp', 58: 'icmpv6' };

function checkBlock(cidr: string, valid: boolean): void {
  if (!valid) {
    throw new AwsError('InvalidParameterValue', `CIDR block ${cidr} is malformed`);
  }
}

function groupSource(state: State, group: SecurityGroup, id: string | undefined): Source {
  const other = state.network.groups.byId.get(id ?? '');
  if (!other) {
    throw new AwsError('InvalidGroup.NotFound', `The security group '${id}' does not exist`);
  }
  if (!state.network.isRouted(group.vpcId, other.vpcId)) {
    throw new AwsError(
      'InvalidGroup.NotFound',
      'You have specified two resources that belong to different networks.',
    );
  }
  return { kind: 'group', groupId: other.id };
}

/**
 * Single rules out of permissions: InvalidGroup.NotFound for a group that is not there or in a VPC
 * without an active peering, InvalidParameterValue and InvalidPermission.Malformed for the rest.
 */
export function draftRules(
  state: State,
  group: SecurityGroup,
  permissions: readonly IpPermission[],
  egress: boolean,
): Draft[] {
  return permissions.flatMap((permission) => {
    const given = permission.IpProtocol ?? '';
    const protocol = NUMBERS[given] ?? given.toLowerCase();
    if (!/^(tcp|udp|icmp|icmpv6|-1|\d{1,3})$/.test(protocol)) {
      throw new AwsError(
        'InvalidParameterValue',
        `Invalid value '${given}' for IP protocol. Unknown protocol.`,
      );
    }
    const { FromPort: from, ToPort: to } = permission;
    const ported = protocol === 'tcp' || protocol === 'udp';
    if (ported && (from === undefined || to === undefined)) {
      throw new AwsError(
        'InvalidParameterValue',
        `Invalid value 'Must specify both from and to ports with TCP/UDP.' for portRange.`,
      );
    }
    if (ported && (from! < 0 || to! > 65535 || from! > to!)) {
      throw new AwsError('InvalidParameterValue', `Invalid TCP/UDP port range (${from}:${to})`);
    }
    const draft = (source: Source, description: string | undefined): Draft => ({
      egress,
      protocol,
      ...(protocol === '-1' || from === undefined || to === undefined ? {} : { from, to }),
      source,
      ...(description ? { description } : {}),
    });
    return [
      ...(permission.UserIdGroupPairs ?? []).map((one) =>
        draft(groupSource(state, group, one.GroupId), one.Description),
      ),
      ...(permission.IpRanges ?? []).map(({ CidrIp: cidr = '', Description }) => {
        checkBlock(cidr, ipv4Block(cidr) !== undefined);
        return draft({ kind: 'ipv4', cidr }, Description);
      }),
      ...(permission.Ipv6Ranges ?? []).map(({ CidrIpv6: cidr = '', Description }) => {
        checkBlock(cidr, ipv6Groups(cidr.split('/')[0] ?? '') !== undefined && cidr.includes('/'));
        return draft({ kind: 'ipv6', cidr }, Description);
      }),
      ...(permission.PrefixListIds ?? []).map(({ PrefixListId: id = '', Description }) =>
        draft({ kind: 'prefix-list', id }, Description),
      ),
    ];
  });
}

function sourceText(source: Source): string {
  switch (source.kind) {
    case 'group':
      return source.groupId;
    case 'ipv4':
    case 'ipv6':
      return source.cidr;
    case 'prefix-list':
      return source.id;
  }
}

/** What makes two rules the same: all but the description. */
export function ruleKey(rule: Draft): string {
  return [rule.egress, rule.protocol, rule.from, rule.to, sourceText(rule.source)].join(' ');
}

/** How EC2 names a rule in its refusals. */
export function ruleWords(rule: Draft): string {
  const protocol = rule.protocol === '-1' ? 'ALL' : rule.protocol.toUpperCase();
  const ports =
    rule.from === undefined ? '' : `, from port: ${rule.from}, to port: ${rule.to ?? rule.from}`;
  return `peer: ${sourceText(rule.source)}, ${protocol}${ports}, ALLOW`;
}

/**
 * A group that a rule names. One of another VPC has its VPC and the peering with it, which the rule
 * outlives (EC2 API, UserIdGroupPair).
 */
function groupView(state: State, groupId: string, namedId: string) {
  const { groups, peerings } = state.network;
  const view = { GroupId: namedId, UserId: state.account };
  const own = groups.byId.get(groupId)?.vpcId ?? '';
  const other = groups.byId.get(namedId)?.vpcId ?? '';
  if (own === other) return view;
  const peering = [...peerings.values()].findLast(
    ({ requesterVpcId: a, accepterVpcId: b }) => [a, b].includes(own) && [a, b].includes(other),
  );
  return {
    ...view,
    VpcId: other,
    ...(peering && { VpcPeeringConnectionId: peering.id, PeeringStatus: peering.state }),
  };
}

const described = (rule: GroupRule): { Description?: string } =>
  rule.description ? { Description: rule.description } : {};

/** Rules bundled by protocol and range, as DescribeSecurityGroups shows them. */
export function permissionsOf(
  state: State,
  groupId: string,
  rules: readonly GroupRule[],
): IpPermission[] {
  const bundles = new Map<string, GroupRule[]>();
  for (const rule of rules) {
    const key = `${rule.protocol} ${rule.from} ${rule.to}`;
    bundles.set(key, [...(bundles.get(key) ?? []), rule]);
  }
  return [...bundles.values()].map((bundle) => {
    const [first] = bundle;
    return {
      IpProtocol: first?.protocol ?? '-1',
      ...(first?.from === undefined ? {} : { FromPort: first.from }),
      ...(first?.to === undefined ? {} : { ToPort: first.to }),
      UserIdGroupPairs: bundle.flatMap((rule) =>
        rule.source.kind === 'group'
          ? [{ ...groupView(state, groupId, rule.source.groupId), ...described(rule) }]
          : [],
      ),
      IpRanges: bundle.flatMap((rule) =>
        rule.source.kind === 'ipv4' ? [{ CidrIp: rule.source.cidr, ...described(rule) }] : [],
      ),
      Ipv6Ranges: bundle.flatMap((rule) =>
        rule.source.kind === 'ipv6' ? [{ CidrIpv6: rule.source.cidr, ...described(rule) }] : [],
      ),
      PrefixListIds: bundle.flatMap((rule) =>
        rule.source.kind === 'prefix-list'
          ? [{ PrefixListId: rule.source.id, ...described(rule) }]
          : [],
      ),
    };
  });
}

/** One rule by itself, as DescribeSecurityGroupRules and the answers to Authorize and Revoke show it. */
export function ruleView(state: State, groupId: string, rule: GroupRule): object {
  const { source } = rule;
  return {
    SecurityGroupRuleId: rule.id,
    GroupId: groupId,
    GroupOwnerId: state.account,
    IsEgress: rule.egress,
    IpProtocol: rule.protocol,
    FromPort: rule.from ?? -1,
    ToPort: rule.to ?? -1,
    ...(source.kind === 'ipv4' ? { CidrIpv4: source.cidr } : {}),
    ...(source.kind === 'ipv6' ? { CidrIpv6: source.cidr } : {}),
    ...(source.kind === 'prefix-list' ? { PrefixListId: source.id } : {}),
    ...(source.kind === 'group'
      ? { ReferencedGroupInfo: groupView(state, groupId, source.groupId) }
      : {}),
    ...(rule.description ? { Description: rule.description } : {}),
    Tags: [],
  };
}
