import { AwsError } from '../state/error.ts';
import type { LoadBalancer, State, Target, TargetGroup } from '../state/state.ts';
import { groupsOfBalancer, loadBalancerUsing } from './target-use.ts';

const tooMany = (what: string): AwsError =>
  new AwsError('TooManyTargets', `You've reached the limit on the number of targets ${what}`);

/** Whether traffic crosses zones, for a target group on a load balancer. */
function crossesZones(balancer: LoadBalancer, group: TargetGroup): boolean {
  const own = group.attributes.get('load_balancing.cross_zone.enabled');
  if (own === 'true' || own === 'false') return own === 'true';
  return balancer.attributes.get('load_balancing.cross_zone.enabled') === 'true';
}

/**
 * Checks a load balancer's quotas as they would be with these target groups on it and these targets
 * in one of them: 3,000 in all, 500 per zone, 500 in all where cross-zone is on. A target in
 * several groups counts in each. TooManyTargets; nothing is changed.
 */
export function checkBalancerQuota(
  state: State,
  balancer: LoadBalancer,
  alsoGroups: readonly string[] = [],
  added: readonly Target[] = [],
): void {
  const arns = new Set([...groupsOfBalancer(state, balancer.arn), ...alsoGroups]);
  const groups = [...arns].flatMap((arn) => state.targetGroups.get(arn) ?? []);
  const targets = [...groups.flatMap((group) => [...group.targets.values()]), ...added];
  if (targets.length > state.limits['targets-per-network-load-balancer']) {
    throw tooMany('per load balancer');
  }
  if (
    targets.length > state.limits.targetsWithCrossZone &&
    groups.some((group) => crossesZones(balancer, group))
  ) {
    throw tooMany('per load balancer with cross-zone load balancing');
  }
  const zones = new Map<string, number>();
  for (const { zone } of targets) zones.set(zone, (zones.get(zone) ?? 0) + 1);
  const everywhere = zones.get('all') ?? 0;
  zones.delete('all');
  for (const count of [...zones.values(), 0]) {
    if (
      count + everywhere >
      state.limits['targets-per-availability-zone-per-network-load-balancer']
    ) {
      throw tooMany('per Availability Zone');
    }
  }
}

/** Checks that a target group and its load balancer can take these further targets. */
export function checkRegistration(
  state: State,
  group: TargetGroup,
  added: readonly Target[],
): void {
  if (group.targets.size + added.length > state.limits.targetsPerTargetGroup) {
    throw tooMany('per target group');
  }
  const balancer = loadBalancerUsing(state, group.arn);
  if (!balancer) return;
  checkBalancerQuota(state, balancer, [], added);
  const times = new Map<string, number>();
  const groups = groupsOfBalancer(state, balancer.arn);
  const there = groups.flatMap((arn) => [...(state.targetGroups.get(arn)?.targets.values() ?? [])]);
  for (const { id } of [...there, ...added]) times.set(id, (times.get(id) ?? 0) + 1);
  for (const { id } of added) {
    if ((times.get(id) ?? 0) > state.limits.registrationsPerTargetId) {
      throw new AwsError(
        'TooManyRegistrationsForTargetId',
        `You've reached the limit on the number of times the target '${id}' can be registered with a load balancer`,
      );
    }
  }
}
