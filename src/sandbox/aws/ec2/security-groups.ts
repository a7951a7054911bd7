import { AwsError, required } from '../state/error.ts';
import { arnOf, groupOf } from './security-group-reads.ts';
import {
  draftRules,
  ruleKey,
  ruleView,
  ruleWords,
  type IpPermission,
} from './security-group-rules.ts';
import type { GroupRule, SecurityGroup } from '../state/security-group-store.ts';
import type { State } from '../state/state.ts';
import type { Tag } from '../state/tag.ts';
import { putTags, tagList } from '../state/resource-tags.ts';

interface CreateParams {
  readonly GroupName?: string;
  readonly Description?: string;
  readonly VpcId?: string;
  readonly TagSpecifications?: readonly { readonly Tags?: readonly Tag[] }[];
}

/** EC2 CreateSecurityGroup. */
export function createSecurityGroup(state: State, params: CreateParams): object {
  const name = required(params.GroupName, 'groupName', 'ec2');
  const description = required(params.Description, 'groupDescription', 'ec2');
  const vpcId = required(params.VpcId, 'vpcId', 'ec2');
  if (name.startsWith('sg-') || name.length > 255) {
    throw new AwsError('InvalidParameterValue', `Invalid value '${name}' for groupName.`);
  }
  if (!state.network.vpcs.has(vpcId)) {
    throw new AwsError('InvalidVpcID.NotFound', `The vpc ID '${vpcId}' does not exist`);
  }
  if (state.network.groups.find(vpcId, name)) {
    throw new AwsError(
      'InvalidGroup.Duplicate',
      `The security group '${name}' already exists for VPC '${vpcId}'`,
    );
  }
  const group = state.network.groups.create({ vpcId, name, description });
  putTags(
    state,
    group.id,
    params.TagSpecifications?.flatMap((one) => one.Tags ?? []),
  );
  return {
    GroupId: group.id,
    Tags: tagList(state, group.id),
    SecurityGroupArn: arnOf(state, group.id),
  };
}

interface GroupParams {
  readonly GroupId?: string;
  readonly IpPermissions?: readonly IpPermission[];
  readonly SecurityGroupRuleIds?: readonly string[];
  readonly IpProtocol?: string;
  readonly FromPort?: number;
  readonly ToPort?: number;
  readonly CidrIp?: string;
}

/** EC2 DeleteSecurityGroup: DependencyViolation while an interface or another group's rule uses it. */
export function deleteSecurityGroup(state: State, params: GroupParams): object {
  const group = groupOf(state, params.GroupId);
  if (group.name === 'default') {
    throw new AwsError(
      'CannotDelete',
      `the specified group: "${group.id}" name: "default" cannot be deleted by a user`,
    );
  }
  const attached = [...state.network.interfaces.values()].some((eni) =>
    eni.groupIds.includes(group.id),
  );
  const referenced = [...state.network.groups.byId.values()].some(
    (other) =>
      other !== group &&
      other.rules.some(({ source }) => source.kind === 'group' && source.groupId === group.id),
  );
  if (attached || referenced) {
    throw new AwsError('DependencyViolation', `resource ${group.id} has a dependent object`);
  }
  state.network.groups.byId.delete(group.id);
  state.tags.delete(group.id);
  return { Return: true, GroupId: group.id };
}

/** The permissions of a request, the old form with one rule in the request itself included. */
function permissions(params: GroupParams): readonly IpPermission[] {
  if (params.IpPermissions) return params.IpPermissions;
  const { IpProtocol, FromPort, ToPort, CidrIp } = params;
  required(IpProtocol, 'ipPermissions', 'ec2');
  return [
    {
      ...(IpProtocol === undefined ? {} : { IpProtocol }),
      ...(FromPort === undefined ? {} : { FromPort }),
      ...(ToPort === undefined ? {} : { ToPort }),
      ...(CidrIp === undefined ? {} : { IpRanges: [{ CidrIp }] }),
    },
  ];
}

/** EC2 AuthorizeSecurityGroupIngress: all or none; InvalidPermission.Duplicate for a rule that is there. */
export const authorizeSecurityGroupIngress = (state: State, params: GroupParams): object =>
  authorize(state, params, false);

/** EC2 AuthorizeSecurityGroupEgress: the same for what goes out. */
export const authorizeSecurityGroupEgress = (state: State, params: GroupParams): object =>
  authorize(state, params, true);

/** EC2 RevokeSecurityGroupIngress: all or none; InvalidPermission.NotFound for a rule that is not there. */
export const revokeSecurityGroupIngress = (state: State, params: GroupParams): object =>
  revoke(state, params, false);

/** EC2 RevokeSecurityGroupEgress: the same for what goes out. */
export const revokeSecurityGroupEgress = (state: State, params: GroupParams): object =>
  revoke(state, params, true);

const rulesOf = (group: SecurityGroup, egress: boolean): GroupRule[] =>
  group.rules.filter((rule) => rule.egress === egress);

function authorize(state: State, params: GroupParams, egress: boolean): object {
  const group = groupOf(state, params.GroupId);
  const drafts = draftRules(state, group, permissions(params), egress);
  const keys = new Set(group.rules.map(ruleKey));
  for (const draft of drafts) {
    if (keys.has(ruleKey(draft))) {
      throw new AwsError(
        'InvalidPermission.Duplicate',
        `the specified rule "${ruleWords(draft)}" already exists`,
      );
    }
    keys.add(ruleKey(draft));
  }
  if (rulesOf(group, egress).length + drafts.length > state.limits.rulesPerSecurityGroup) {
    throw new AwsError(
      'RulesPerSecurityGroupLimitExceeded',
      'The maximum number of rules per security group has been reached.',
    );
  }
  const added = drafts.map((draft) => state.network.groups.newRule(draft));
  group.rules = [...group.rules, ...added];
  return {
    Return: true,
    SecurityGroupRules: added.map((rule) => ruleView(state, group.id, rule)),
  };
}

function revoke(state: State, params: GroupParams, egress: boolean): object {
  const group = groupOf(state, params.GroupId);
  const ids = params.SecurityGroupRuleIds;
  const unknown = ids?.find((id) => !rulesOf(group, egress).some((rule) => rule.id === id));
  if (unknown !== undefined) {
    throw new AwsError(
      'InvalidSecurityGroupRuleId.NotFound',
      `The security group rule ID '${unknown}' does not exist`,
    );
  }
  const keys = ids ? [] : draftRules(state, group, permissions(params), egress).map(ruleKey);
  if (keys.some((key) => !group.rules.some((rule) => ruleKey(rule) === key))) {
    throw new AwsError(
      'InvalidPermission.NotFound',
      'The specified rule does not exist in this security group.',
    );
  }
  const leaves = (rule: GroupRule): boolean =>
    ids ? ids.includes(rule.id) : keys.includes(ruleKey(rule));
  const gone = group.rules.filter(leaves);
  group.rules = group.rules.filter((rule) => !leaves(rule));
  return {
    Return: true,
    RevokedSecurityGroupRules: gone.map((rule) => ruleView(state, group.id, rule)),
  };
}
