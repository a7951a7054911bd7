import { AwsError } from '../state/error.ts';

type Node = string | { [key: string]: Node };

/** EC2 sends lists under the singular; the API names them in the plural. */
const LIST_NAMES: Readonly<Record<string, string>> = {
  Filter: 'Filters',
  Value: 'Values',
  Tag: 'Tags',
  TagSpecification: 'TagSpecifications',
  ResourceId: 'Resources',
  VpcId: 'VpcIds',
  SubnetId: 'SubnetIds',
  ZoneName: 'ZoneNames',
  ZoneId: 'ZoneIds',
  RouteTableId: 'RouteTableIds',
  GroupId: 'GroupIds',
  GroupName: 'GroupNames',
  SecurityGroupRuleId: 'SecurityGroupRuleIds',
  InstanceId: 'InstanceIds',
  NetworkInterfaceId: 'NetworkInterfaceIds',
  VpcPeeringConnectionId: 'VpcPeeringConnectionIds',
  Groups: 'UserIdGroupPairs',
};

const words = (text: string): string[] => text.trim().split(/\s+/);

const LISTS = new Set([
  ...Object.values(LIST_NAMES),
  ...words(`
    LoadBalancerArns Names TargetGroupArns ListenerArns RuleArns ResourceArns Subnets
    SubnetMappings SecurityGroups Targets TargetGroups DefaultActions Attributes TagKeys
    Certificates AlpnPolicy Include IpPermissions IpRanges Ipv6Ranges PrefixListIds
  `),
]);

const INTEGERS = new Set(
  words(`
    Port FromPort ToPort PageSize MaxResults Weight Order DurationSeconds HealthyThresholdCount
    UnhealthyThresholdCount HealthCheckIntervalSeconds HealthCheckTimeoutSeconds CapacityUnits
  `),
);

const BOOLEANS = new Set([
  'HealthCheckEnabled',
  'Enabled',
  'DryRun',
  'IsDefault',
  'ResetCapacityReservation',
]);

const NOT_PARAMETERS = /^(Action|Version|X-Amz-.*|Signature.*|AWSAccessKeyId|Timestamp)$/i;

function scalar(name: string, text: string): unknown {
  if (LISTS.has(name)) {
    // An empty list is sent as an empty text.
    if (text === '') return [];
    throw new AwsError('MalformedInput', `Unexpected value for the list '${name}'`);
  }
  if (INTEGERS.has(name)) {
    if (/^-?\d+$/.test(text)) return Number(text);
    throw new AwsError('MalformedInput', `'${text}' is not an integer for '${name}'`);
  }
  if (BOOLEANS.has(name)) {
    if (text === 'true' || text === 'false') return text === 'true';
    throw new AwsError('MalformedInput', `'${text}' is not a boolean for '${name}'`);
  }
  return text;
}

function value(name: string, node: Node): unknown {
  if (typeof node === 'string') return scalar(name, node);
  const inner = node['member'];
  const list = typeof inner === 'object' ? inner : node;
  const keys = Object.keys(list);
  if (keys.length > 0 && keys.every((key) => /^\d+$/.test(key))) {
    const items = keys.toSorted((a, b) => Number(a) - Number(b));
    return items.map((key) => value('', list[key] ?? ''));
  }
  if (LISTS.has(name)) throw new AwsError('MalformedInput', `'${name}' is not a list`);
  return struct(node);
}

function struct(node: { [key: string]: Node }): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [key, child] of Object.entries(node)) {
    const isList =
      typeof child === 'object' && Object.keys(child).every((one) => /^\d+$/.test(one));
    const name = isList ? (LIST_NAMES[key] ?? key) : key;
    result[name === 'GroupDescription' ? 'Description' : name] = value(name, child);
  }
  return result;
}

/**
 * The parameters of a Query protocol request in the shape that the API reference gives them:
 * `Targets.member.1.Port=80` and `Filter.1.Value.1=x` become lists of structures, numbers and
 * booleans. MalformedInput for what does not fit; unknown names are kept as text.
 */
export function decodeQuery(form: URLSearchParams): Record<string, unknown> {
  const root: { [key: string]: Node } = Object.create(null) as { [key: string]: Node };
  for (const [path, text] of form) {
    if (NOT_PARAMETERS.test(path)) continue;
    const steps = path.split('.');
    const last = steps.pop() ?? '';
    let at = root;
    for (const step of steps) {
      const next = at[step];
      if (typeof next === 'object') at = next;
      else at = at[step] = Object.create(null) as { [key: string]: Node };
    }
    at[last] = text;
  }
  return struct(root);
}
