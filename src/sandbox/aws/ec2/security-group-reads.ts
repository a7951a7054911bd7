import { AwsError, required } from '../state/error.ts';
import { filtered, named, type Filter } from './filters.ts';
import { tokenPage } from '../state/pages.ts';
import { permissionsOf, ruleView } from './security-group-rules.ts';
import type { GroupRule, SecurityGroup } from '../state/security-group-store.ts';
import type { State } from '../state/state.ts';
import { tagList } from '../state/resource-tags.ts';

interface ListParams {
  readonly Filters?: readonly Filter[];
  readonly NextToken?: string;
  readonly MaxResults?: number;
}

/** ARN of a security group. */
export const arnOf = (state: State, id: string): string =>
  `arn:aws:ec2:${state.region}:${state.account}:security-group/${id}`;

function notFound(id: string): AwsError {
  return /^sg-[0-9a-f]{8}([0-9a-f]{9})?$/.test(id)
    ? new AwsError('InvalidGroup.NotFound', `The security group '${id}' does not exist`)
    : new AwsError('InvalidGroupId.Malformed', `Invalid id: "${id}" (expecting "sg-...")`);
}

/** The security group with this id: InvalidGroup.NotFound, InvalidGroupId.Malformed, MissingParameter. */
export function groupOf(state: State, id: string | undefined): SecurityGroup {
  const wanted = required(id, 'groupId', 'ec2');
  const group = state.network.groups.byId.get(wanted);
  if (!group) throw notFound(wanted);
  return group;
}

/** The rules of a group that let something in. */
export const ingress = (group: SecurityGroup): GroupRule[] =>
  group.rules.filter((rule) => !rule.egress);

/** EC2 DescribeSecurityGroups. One unknown id fails the call. */
export function describeSecurityGroups(
  state: State,
  params: ListParams & {
    readonly GroupIds?: readonly string[];
    readonly GroupNames?: readonly string[];
  },
): object {
  for (const id of params.GroupIds ?? []) groupOf(state, id);
  const some = named(
    state.network.groups.byId,
    params.GroupIds,
    'InvalidGroup.NotFound',
    (id) => `The security group '${id}' does not exist`,
  );
  if (params.GroupNames?.length) {
    // Names without ids mean the groups of the default VPC, and this account has no default VPC.
    throw new AwsError(
      'VPCIdNotSpecified',
      'No default VPC for this user. GroupName is only supported for EC2-Classic and default VPC.',
    );
  }
  const found = filtered<SecurityGroup>(state, some, params.Filters, (group) => group.id, {
    'group-id': (group) => [group.id],
    'group-name': (group) => [group.name],
    'vpc-id': (group) => [group.vpcId],
    'owner-id': () => [state.account],
    description: (group) => [group.description],
    'ip-permission.group-id': (group) =>
      ingress(group).map(({ source }) => (source.kind === 'group' ? source.groupId : undefined)),
    'ip-permission.cidr': (group) =>
      ingress(group).map(({ source }) => (source.kind === 'ipv4' ? source.cidr : undefined)),
    'ip-permission.protocol': (group) => ingress(group).map((rule) => rule.protocol),
  });
  const { page, ...next } = tokenPage(state, found, params);
  return {
    SecurityGroups: page.map((group) => ({
      GroupId: group.id,
      GroupName: group.name,
      Description: group.description,
      OwnerId: state.account,
      VpcId: group.vpcId,
      SecurityGroupArn: arnOf(state, group.id),
      IpPermissions: permissionsOf(state, group.id, ingress(group)),
      IpPermissionsEgress: permissionsOf(
        state,
        group.id,
        group.rules.filter((rule) => rule.egress),
      ),
      Tags: tagList(state, group.id),
    })),
    ...next,
  };
}

/** EC2 DescribeSecurityGroupRules. */
export function describeSecurityGroupRules(
  state: State,
  params: ListParams & { readonly SecurityGroupRuleIds?: readonly string[] },
): object {
  const all = new Map(
    [...state.network.groups.byId.values()].flatMap((group) =>
      group.rules.map((rule) => [rule.id, { group, rule }] as const),
    ),
  );
  const some = named(
    all,
    params.SecurityGroupRuleIds,
    'InvalidSecurityGroupRuleId.NotFound',
    (id) => `The security group rule ID '${id}' does not exist`,
  );
  const found = filtered(state, some, params.Filters, ({ rule }) => rule.id, {
    'group-id': ({ group }) => [group.id],
    'security-group-rule-id': ({ rule }) => [rule.id],
  });
  const { page, ...next } = tokenPage(state, found, params);
  return {
    SecurityGroupRules: page.map(({ group, rule }) => ruleView(state, group.id, rule)),
    ...next,
  };
}
