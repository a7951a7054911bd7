import { defaultTargetGroupAttributes } from './attribute-defaults.ts';
import { AwsError, required, validationError } from '../state/error.ts';
import { stopChecks, wakeChecks } from './health-checks.ts';
import { markerPage } from '../state/pages.ts';
import { loadBalancerOf, targetGroupOf } from './resources.ts';
import type { HealthCheck, State, TargetGroup } from '../state/state.ts';
import type { Tag } from '../state/tag.ts';
import { putTags } from '../state/resource-tags.ts';
import { loadBalancerUsing } from './target-use.ts';

const PROTOCOLS = ['HTTP', 'HTTPS', 'TCP', 'TLS', 'UDP', 'TCP_UDP', 'QUIC', 'TCP_QUIC'];

function view(state: State, group: TargetGroup): object {
  const balancer = loadBalancerUsing(state, group.arn);
  return {
    TargetGroupArn: group.arn,
    TargetGroupName: group.name,
    Protocol: group.protocol,
    Port: group.port,
    VpcId: group.vpcId,
    ...group.check,
    LoadBalancerArns: balancer ? [balancer.arn] : [],
    TargetType: group.targetType,
    IpAddressType: group.ipAddressType,
  };
}

interface DescribeParams {
  readonly LoadBalancerArn?: string;
  readonly TargetGroupArns?: readonly string[];
  readonly Names?: readonly string[];
  readonly Marker?: string;
  readonly PageSize?: number;
}

/** ELBv2 DescribeTargetGroups: by ARNs, names or load balancer, or all. One unknown fails the call. */
export function describeTargetGroups(state: State, params: DescribeParams): object {
  const { LoadBalancerArn: balancerArn } = params;
  // An empty list is as good as none.
  const arns = params.TargetGroupArns?.length ? params.TargetGroupArns : undefined;
  const names = params.Names?.length ? params.Names : undefined;
  if ([balancerArn, arns, names].filter((one) => one !== undefined).length > 1) {
    throw validationError(
      'Target group ARNs, target group names and a load balancer ARN cannot be specified together',
    );
  }
  if (balancerArn !== undefined) loadBalancerOf(state, balancerArn);
  for (const arn of arns ?? []) targetGroupOf(state, arn);
  const all = [...state.targetGroups.values()];
  if (names?.some((name) => !all.some((one) => one.name === name))) {
    throw new AwsError('TargetGroupNotFound', 'One or more target groups not found');
  }
  const wanted = all.filter(
    (one) =>
      (!arns || arns.includes(one.arn)) &&
      (!names || names.includes(one.name)) &&
      (!balancerArn || loadBalancerUsing(state, one.arn)?.arn === balancerArn),
  );
  const { page, ...next } = markerPage(state, wanted, params);
  return { TargetGroups: page.map((one) => view(state, one)), ...next };
}

function checkRange(name: string, value: number, low: number, high: number): void {
  if (!(value >= low && value <= high)) {
    throw validationError(`${name} must be between ${low} and ${high}`);
  }
}

/** A health check with the defaults of a network load balancer's groups; ValidationError. */
function healthCheck(given: Partial<HealthCheck>): HealthCheck {
  const protocol = given.HealthCheckProtocol ?? 'TCP';
  if (!['TCP', 'HTTP', 'HTTPS'].includes(protocol)) {
    throw validationError(`Health check protocol '${protocol}' must be one of 'TCP, HTTP, HTTPS'`);
  }
  const http = protocol !== 'TCP';
  const check: HealthCheck = {
    HealthCheckEnabled: given.HealthCheckEnabled ?? true,
    HealthCheckProtocol: protocol,
    HealthCheckPort: given.HealthCheckPort ?? 'traffic-port',
    HealthCheckIntervalSeconds: given.HealthCheckIntervalSeconds ?? 30,
    HealthCheckTimeoutSeconds: given.HealthCheckTimeoutSeconds ?? (protocol === 'HTTP' ? 6 : 10),
    HealthyThresholdCount: given.HealthyThresholdCount ?? 5,
    UnhealthyThresholdCount: given.UnhealthyThresholdCount ?? 2,
    ...(http ? { HealthCheckPath: given.HealthCheckPath ?? '/' } : {}),
    ...(http ? { Matcher: { HttpCode: given.Matcher?.HttpCode ?? '200-399' } } : {}),
  };
  checkRange('Health check interval', check.HealthCheckIntervalSeconds, 5, 300);
  checkRange('Health check timeout', check.HealthCheckTimeoutSeconds, 2, 120);
  checkRange('Healthy threshold count', check.HealthyThresholdCount, 2, 10);
  checkRange('Unhealthy threshold count', check.UnhealthyThresholdCount, 2, 10);
  if (check.HealthCheckPort !== 'traffic-port') {
    checkRange('Health check port', Number(check.HealthCheckPort), 1, 65535);
  }
  return check;
}

interface CreateParams extends Partial<HealthCheck> {
  readonly Name?: string;
  readonly Protocol?: string;
  readonly Port?: number;
  readonly VpcId?: string;
  readonly TargetType?: string;
  readonly IpAddressType?: string;
  readonly Tags?: readonly Tag[];
}

const settings = ({
  protocol,
  port,
  vpcId,
  targetType,
  ipAddressType,
  check,
}: TargetGroup): string =>
  JSON.stringify([protocol, port, vpcId, targetType, ipAddressType, check]);

/** The same name with the same settings gives the existing group back. */
function twinOf(state: State, wanted: TargetGroup): TargetGroup | undefined {
  const twin = [...state.targetGroups.values()].find((one) => one.name === wanted.name);
  if (!twin) return undefined;
  if (settings(twin) === settings(wanted)) return twin;
  throw new AwsError(
    'DuplicateTargetGroupName',
    `A target group with the same name '${wanted.name}' exists, but with different settings`,
  );
}

/** ELBv2 CreateTargetGroup for instance and ip targets; other types are refused. */
export function createTargetGroup(state: State, params: CreateParams): object {
  const name = required(params.Name, 'Name', 'elbv2');
  if (!/^(?!-)[A-Za-z0-9-]{1,32}(?<!-)$/.test(name)) {
    throw validationError(`Target group name '${name}' is not valid`);
  }
  const { Protocol: protocol = '', Port: port = 0, VpcId: vpcId = '' } = params;
  if (!PROTOCOLS.includes(protocol)) {
    throw validationError(`Protocol '${protocol}' must be one of '${PROTOCOLS.join(', ')}'`);
  }
  checkRange('Port', port, 1, 65535);
  if (!state.network.vpcs.has(vpcId)) throw validationError(`The VPC ID '${vpcId}' is not found`);
  const targetType = params.TargetType ?? 'instance';
  if (targetType !== 'instance' && targetType !== 'ip') {
    throw validationError(`The sandbox has target types instance and ip only, not '${targetType}'`);
  }
  const arn = `arn:aws:elasticloadbalancing:${state.region}:${state.account}:targetgroup/${name}`;
  const wanted: TargetGroup = {
    arn,
    name,
    protocol,
    port,
    vpcId,
    targetType,
    ipAddressType: params.IpAddressType === 'ipv6' ? 'ipv6' : 'ipv4',
    check: healthCheck(params),
    attributes: new Map(defaultTargetGroupAttributes(targetType, protocol)),
    targets: new Map(),
    inUse: false,
  };
  const twin = twinOf(state, wanted);
  if (twin) return { TargetGroups: [view(state, twin)] };
  if (state.targetGroups.size >= state.limits['target-groups']) {
    throw new AwsError(
      'TooManyTargetGroups',
      "You've reached the limit on the number of target groups for your AWS account",
    );
  }
  const group = { ...wanted, arn: `${arn}/${state.ids.hex('targetgroup', 16)}` };
  putTags(state, group.arn, params.Tags);
  state.targetGroups.set(group.arn, group);
  return { TargetGroups: [view(state, group)] };
}

interface ModifyParams extends Partial<HealthCheck> {
  readonly TargetGroupArn?: string;
}

/** ELBv2 ModifyTargetGroup: health check settings that are named change. */
export function modifyTargetGroup(state: State, params: ModifyParams): object {
  const group = targetGroupOf(state, params.TargetGroupArn);
  const { TargetGroupArn: _, ...changes } = params;
  const sameProtocol =
    (changes.HealthCheckProtocol ?? group.check.HealthCheckProtocol) ===
    group.check.HealthCheckProtocol;
  const { HealthCheckPath: _path, Matcher: _matcher, ...rest } = group.check;
  group.check = healthCheck({ ...(sameProtocol ? group.check : rest), ...changes });
  stopChecks(group);
  wakeChecks(state, group);
  return { TargetGroups: [view(state, group)] };
}

/**
 * ELBv2 DeleteTargetGroup: ResourceInUse while a listener forwards to it; registered targets do
 * not keep it. Unknown is success (the API names no other error).
 */
export function deleteTargetGroup(state: State, params: ModifyParams): object {
  const arn = required(params.TargetGroupArn, 'TargetGroupArn', 'elbv2');
  const group = state.targetGroups.get(arn);
  if (!group) return {};
  if (loadBalancerUsing(state, arn)) {
    throw new AwsError(
      'ResourceInUse',
      `Target group '${arn}' is currently in use by a listener or a rule`,
    );
  }
  stopChecks(group);
  state.targetGroups.delete(arn);
  state.tags.delete(arn);
  return {};
}
