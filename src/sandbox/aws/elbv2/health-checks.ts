import { arrival, isCrossZone, nodesOf, type Destination } from './reach.ts';
import { isActive } from './resources.ts';
import type { State, Target, TargetGroup } from '../state/state.ts';
import { loadBalancerUsing } from './target-use.ts';

/**
 * How long a target is `initial/Elb.RegistrationInProgress` before its first check counts, in
 * simulated ms. AWS gives no number for network load balancers.
 */
export const REGISTRATION_MS = 30_000;

/** Why a target gets no checks and no traffic though it is registered. */
export type Idle =
  | { readonly kind: 'invalid-state'; readonly state: string }
  | { readonly kind: 'group-not-in-use' }
  | { readonly kind: 'zone-not-enabled' }
  | { readonly kind: 'registering' };

/** A function that says why a target of this group is idle; undefined when it is checked. */
export function idleness(state: State, group: TargetGroup): (target: Target) => Idle | undefined {
  const balancer = loadBalancerUsing(state, group.arn);
  const zones = new Set(balancer?.subnetIds.map((id) => state.network.subnets.get(id)?.zone));
  return (target) => {
    const instance = state.network.instances.get(target.id);
    if (instance && instance.state !== 'running') {
      return { kind: 'invalid-state', state: instance.state };
    }
    if (!balancer) return { kind: 'group-not-in-use' };
    if (target.zone !== 'all' && !zones.has(target.zone)) return { kind: 'zone-not-enabled' };
    const ready = Math.max(target.since, balancer.activeAt) + REGISTRATION_MS;
    if (!isActive(state, balancer) || state.clock.time() < ready) return { kind: 'registering' };
    return undefined;
  };
}

/** The port that a target's health checks knock on. */
export function healthCheckPort(group: TargetGroup, target: Target): number {
  const { HealthCheckPort: port } = group.check;
  return port === 'traffic-port' ? target.port : Number(port);
}

/** Puts a target back to the beginning of its life. */
export function restart(state: State, target: Target): void {
  target.since = state.clock.time();
  target.verdict = 'initial';
  target.verdictAt = state.clock.time();
  target.passes = 0;
  target.failures = 0;
}

function setVerdict(state: State, target: Target, verdict: Target['verdict']): void {
  if (target.verdict === verdict) return;
  target.verdict = verdict;
  target.verdictAt = state.clock.time();
}

/**
 * Where the health checks of a target arrive: those of all nodes that send it connections; undefined
 * when the check of one of them is dropped. They come from the nodes' addresses, over TCP for every
 * protocol (NLB guide, health checks), whatever the client's address does. How AWS sums up nodes that
 * disagree is not documented.
 */
function checksArrive(state: State, group: TargetGroup, target: Target): Destination | undefined {
  const balancer = loadBalancerUsing(state, group.arn);
  if (!balancer) return undefined;
  const everywhere = isCrossZone(balancer, group) || target.zone === 'all';
  const nodes = nodesOf(state, balancer).filter(({ zone }) => everywhere || zone === target.zone);
  const port = healthCheckPort(group, target);
  const arrivals = nodes.map(({ address, ipv6 = '' }) =>
    arrival(state, {
      balancer,
      group,
      target,
      port,
      protocol: 'tcp',
      source: group.ipAddressType === 'ipv6' ? ipv6 : address,
    }),
  );
  return arrivals.includes(undefined) ? undefined : arrivals[0];
}

function checkTarget(state: State, group: TargetGroup, target: Target): void {
  const arrived = checksArrive(state, group, target);
  const answer =
    arrived &&
    state.probe({
      id: target.id,
      vpcId: arrived.vpcId,
      port: target.port,
      healthCheckPort: healthCheckPort(group, target),
      protocol: group.check.HealthCheckProtocol,
      proxyProtocol: group.attributes.get('proxy_protocol_v2.enabled') === 'true',
    });
  if (answer === 'ok') {
    target.failures = 0;
    if (++target.passes >= group.check.HealthyThresholdCount) setVerdict(state, target, 'healthy');
  } else {
    target.passes = 0;
    if (++target.failures >= group.check.UnhealthyThresholdCount) {
      if (target.verdict === 'healthy') cutUnhealthy(state, group, target);
      setVerdict(state, target, 'unhealthy');
    }
  }
}

function cutUnhealthy(state: State, group: TargetGroup, target: Target): void {
  const cuts = group.attributes.get('target_health_state.unhealthy.connection_termination.enabled');
  if (cuts !== 'true') return;
  for (const [targetKey, one] of group.targets) {
    if (one === target) state.onTraffic({ kind: 'cut', groupArn: group.arn, targetKey });
  }
}

function checkAll(state: State, group: TargetGroup): void {
  const idle = idleness(state, group);
  for (const target of group.targets.values()) {
    if (target.draining) continue;
    const why = idle(target);
    if (!why) checkTarget(state, group, target);
    // A target that comes back from a stopped instance or a zone that was off starts again.
    else if (why.kind !== 'registering') restart(state, target);
  }
}

/**
 * Lets the health checks of a target group run while there is something to check: one timer for
 * the group, none for a group out of use or empty.
 */
export function wakeChecks(state: State, group: TargetGroup): void {
  if (group.ticking || !group.inUse || !group.check.HealthCheckEnabled) return;
  if (![...group.targets.values()].some((target) => !target.draining)) return;
  group.ticking = state.clock.after(group.check.HealthCheckIntervalSeconds * 1000, () => {
    group.ticking = undefined;
    checkAll(state, group);
    wakeChecks(state, group);
  });
}

/** Stops the timer of a group, for good or to start it with another interval. */
export function stopChecks(group: TargetGroup): void {
  group.ticking?.();
  group.ticking = undefined;
}

/** To be called when listeners changed: groups come into use, or fall out of it. */
export function refreshUse(state: State): void {
  state.onTraffic({ kind: 'listeners' });
  for (const group of state.targetGroups.values()) {
    const inUse = loadBalancerUsing(state, group.arn) !== undefined;
    if (inUse === group.inUse) continue;
    group.inUse = inUse;
    if (!inUse) stopChecks(group);
    for (const target of group.targets.values()) restart(state, target);
    wakeChecks(state, group);
  }
}
