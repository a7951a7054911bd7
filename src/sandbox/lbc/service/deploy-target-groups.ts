import type { ControllerApi } from '../process/controller-api.ts';
import type { HealthCheckModel } from './health-check-model.ts';
import { isAwsCode } from '../process/errors.ts';
import type { ServiceModel } from './service-model.ts';
import type { TargetGroupModel } from './target-group-model.ts';
import { byResource, ofStack } from './stack-items.ts';
import type { Stack, Tagged } from './stack-items.ts';
import { resourceTags } from './tracking.ts';

interface TargetGroup {
  readonly TargetGroupArn: string;
  readonly VpcId?: string;
  readonly TargetType: string;
  readonly Protocol: string;
  readonly IpAddressType?: string;
  readonly HealthCheckPort?: string;
  readonly HealthCheckProtocol?: string;
  readonly HealthCheckPath?: string;
  readonly HealthCheckIntervalSeconds?: number;
  readonly HealthCheckTimeoutSeconds?: number;
  readonly HealthyThresholdCount?: number;
  readonly UnhealthyThresholdCount?: number;
  readonly Matcher?: { readonly HttpCode?: string };
}

/** ARNs by resource id, and the groups that are no longer wanted, to be deleted at the very end. */
export interface DeployedTargetGroups {
  readonly arns: ReadonlyMap<string, string>;
  readonly stale: readonly string[];
}

/**
 * pkg/deploy/elbv2/target_group_synthesizer.go, Synthesize: groups are found again by tag, not by
 * name. One of another target type or protocol is replaced, as these never change in AWS; its address
 * family does not either, and is not compared. Where several groups carry the tags of one port and
 * fit, all stay, and the last of them is the one that listener and binding get. Raises an Error for a
 * group without its resource tag.
 */
export function deployTargetGroups(
  api: ControllerApi,
  stack: Stack,
  model: ServiceModel | undefined,
): DeployedTargetGroups {
  const all = api.pages<TargetGroup>('elbv2.DescribeTargetGroups', {}, 'TargetGroups');
  const found = ofStack(stack, all, (group) => group.TargetGroupArn);
  const present = byResource(found, 'targetGroup');
  const arns = new Map<string, string>();
  const kept = new Set<string>();
  const groups = (model?.targetGroups ?? [])
    .toSorted((a, b) => (a.resourceId < b.resourceId ? -1 : 1))
    .map((wanted) => ({
      wanted,
      fitting: (present.get(wanted.resourceId) ?? []).filter(
        ({ item }) =>
          item.TargetType === wanted.targetType &&
          item.Protocol === wanted.protocol &&
          fitsCheck(item, wanted.healthCheck),
      ),
    }));
  const done = (wanted: TargetGroupModel, arn: string): void => {
    kept.add(arn);
    arns.set(wanted.resourceId, arn);
    setAttributes(api, arn, wanted);
  };
  // New ones come first, each kind in the order of its ids.
  for (const { wanted, fitting } of groups) {
    if (fitting.length === 0) done(wanted, create(api, stack, wanted, model!));
  }
  for (const { wanted, fitting } of groups) {
    for (const one of fitting) done(wanted, update(api, stack, one, wanted, model!));
  }
  const stale = found
    .toSorted((a, b) => (a.resource! < b.resource! ? -1 : 1))
    .map(({ arn }) => arn)
    .filter((arn) => !kept.has(arn));
  return { arns, stale };
}

/** isSDKTargetGroupRequiresReplacementDueToNLBHealthCheck of the same file. */
const fitsCheck = (item: TargetGroup, wanted: HealthCheckModel): boolean =>
  !wanted.fixed ||
  (item.HealthCheckProtocol === wanted.protocol &&
    item.HealthCheckIntervalSeconds === wanted.intervalSeconds &&
    item.HealthCheckTimeoutSeconds === wanted.timeoutSeconds);

/** Deletes a group, waiting while a listener that is going still uses it; yields milliseconds. */
export function* deleteTargetGroup(api: ControllerApi, arn: string): Generator<number, void> {
  // pkg/deploy/elbv2/target_group_manager.go: ResourceInUse is retried for 20 s.
  for (let waited = 0; ; waited += 2_000) {
    try {
      api.aws('elbv2.DeleteTargetGroup', { TargetGroupArn: arn });
      return;
    } catch (error) {
      if (!isAwsCode(error, 'ResourceInUse') || waited >= 20_000) throw error;
    }
    yield 2_000;
  }
}

function create(
  api: ControllerApi,
  stack: Stack,
  wanted: TargetGroupModel,
  model: ServiceModel,
): string {
  const answer = api.aws<{ TargetGroups: TargetGroup[] }>('elbv2.CreateTargetGroup', {
    Name: wanted.name,
    Protocol: wanted.protocol,
    Port: wanted.port,
    VpcId: stack.vpcId,
    TargetType: wanted.targetType,
    // Left to its default (pkg/deploy/elbv2/target_group_manager.go).
    ...(wanted.ipAddressType !== 'ipv4' && { IpAddressType: wanted.ipAddressType }),
    HealthCheckEnabled: true,
    ...healthCheckParams(wanted.healthCheck),
    Tags: resourceTags(stack, wanted.resourceId, model.tags),
  });
  return answer.TargetGroups[0]!.TargetGroupArn;
}

function update(
  api: ControllerApi,
  stack: Stack,
  { item, arn, tags }: Tagged<TargetGroup>,
  wanted: TargetGroupModel,
  model: ServiceModel,
): string {
  const wantedTags = resourceTags(stack, wanted.resourceId, model.tags);
  stack.known.reconcile(stack.clusterName, arn, tags, wantedTags);
  const params: Record<string, unknown> = healthCheckParams(wanted.healthCheck);
  const present = item as unknown as Record<string, unknown>;
  const differs = Object.entries(params).some(
    ([key, value]) => JSON.stringify(present[key]) !== JSON.stringify(value),
  );
  if (differs)
    api.aws('elbv2.ModifyTargetGroup', {
      TargetGroupArn: arn,
      HealthCheckEnabled: true,
      ...params,
    });
  return arn;
}

function healthCheckParams(check: HealthCheckModel): Record<string, unknown> {
  return {
    HealthCheckPort: String(check.port),
    HealthCheckProtocol: check.protocol,
    ...(check.path !== undefined && { HealthCheckPath: check.path }),
    ...(check.successCodes !== undefined && { Matcher: { HttpCode: check.successCodes } }),
    HealthCheckIntervalSeconds: check.intervalSeconds,
    HealthCheckTimeoutSeconds: check.timeoutSeconds,
    HealthyThresholdCount: check.healthyThreshold,
    UnhealthyThresholdCount: check.unhealthyThreshold,
  };
}

function setAttributes(api: ControllerApi, arn: string, wanted: TargetGroupModel): void {
  const { Attributes } = api.aws<{ Attributes: { Key: string; Value: string }[] }>(
    'elbv2.DescribeTargetGroupAttributes',
    { TargetGroupArn: arn },
  );
  const present = new Map(Attributes.map(({ Key, Value }) => [Key, Value]));
  const changes = [...wanted.attributes]
    .filter(([key, value]) => present.get(key) !== value)
    .map(([Key, Value]) => ({ Key, Value }));
  if (changes.length === 0) return;
  api.aws('elbv2.ModifyTargetGroupAttributes', { TargetGroupArn: arn, Attributes: changes });
}
