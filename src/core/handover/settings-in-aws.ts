import { settingsPrefix } from '../model/annotations.ts';
import type { HealthCheck } from '../model/aws.ts';
import { valueOf } from '../model/problem.ts';
import type { HandoverCase } from './handover-case.ts';
import { targetTypeAnnotation } from '../model/service-settings.ts';

/** A health check as annotations say it (`pkg/service/model_build_target_group.go`). */
function checkSettings(check: HealthCheck): Readonly<Record<string, string>> {
  const { protocol, port, path, matcher, intervalSeconds, timeoutSeconds } = check;
  const values: Readonly<Record<string, string | number | undefined>> = {
    protocol: protocol.toLowerCase(),
    port,
    path,
    'success-codes': protocol === 'TCP' ? undefined : matcher,
    interval: intervalSeconds,
    timeout: timeoutSeconds,
    'healthy-threshold': check.healthyThreshold,
    'unhealthy-threshold': check.unhealthyThreshold,
  };
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) =>
      value === undefined ? [] : [[`${settingsPrefix}healthcheck-${key}`, String(value)]],
    ),
  );
}

/**
 * What AWS says of the load balancer, as annotations, where no Service is left that says it. Attributes that
 * no annotation names stay as they are.
 */
export function settingsInAws({
  observed,
  enrollment,
  loadBalancer,
}: HandoverCase): Readonly<Record<string, string>> {
  const [arn = ''] = enrollment.arns;
  const group = observed.targetGroups[arn];
  const found = group && valueOf(group);
  return {
    [`${settingsPrefix}scheme`]: loadBalancer.scheme,
    [`${settingsPrefix}attributes`]: 'deletion_protection.enabled=true',
    ...(found
      ? { [targetTypeAnnotation]: found.targetType, ...checkSettings(found.healthCheck) }
      : {}),
  };
}
