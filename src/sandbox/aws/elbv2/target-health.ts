import { healthCheckPort, idleness, type Idle } from './health-checks.ts';
import type { State, Target, TargetGroup } from '../state/state.ts';
import { targetGroupOf } from './resources.ts';
import { keyOf, type TargetName, type TargetParams } from './targets.ts';

interface Health {
  readonly State: string;
  readonly Reason?: string;
  readonly Description?: string;
}

const NOT_REGISTERED: Health = {
  State: 'unused',
  Reason: 'Target.NotRegistered',
  Description: 'Target is not registered to the target group',
};

function idleHealth(idle: Idle): Health {
  switch (idle.kind) {
    case 'invalid-state':
      return {
        State: 'unused',
        Reason: 'Target.InvalidState',
        Description: `Target is in the ${idle.state} state`,
      };
    case 'group-not-in-use':
      return {
        State: 'unused',
        Reason: 'Target.NotInUse',
        Description: 'Target group is not configured to receive traffic from the load balancer',
      };
    case 'zone-not-enabled':
      return {
        State: 'unused',
        Reason: 'Target.NotInUse',
        Description: 'Target is in an Availability Zone that is not enabled for the load balancer',
      };
    case 'registering':
      return {
        State: 'initial',
        Reason: 'Elb.RegistrationInProgress',
        Description: 'Target registration is in progress',
      };
  }
}

/** An unhealthy target keeps its connections for a while where the group is set up so. */
function unhealthyHealth(state: State, group: TargetGroup, target: Target): Health {
  const keep =
    group.attributes.get('target_health_state.unhealthy.connection_termination.enabled') ===
    'false';
  const seconds = Number(
    group.attributes.get('target_health_state.unhealthy.draining_interval_seconds') ?? 0,
  );
  const drains = keep && state.clock.time() < target.verdictAt + seconds * 1000;
  return {
    State: drains ? 'unhealthy.draining' : 'unhealthy',
    Reason: 'Target.FailedHealthChecks',
    Description: 'Health checks failed',
  };
}

/** Health of a target as the API words it; `idle` as `idleness` gives it. */
export function health(
  state: State,
  group: TargetGroup,
  target: Target,
  idle: Idle | undefined,
): Health {
  if (target.draining) {
    return {
      State: 'draining',
      Reason: 'Target.DeregistrationInProgress',
      Description: 'Target deregistration is in progress',
    };
  }
  if (idle) return idleHealth(idle);
  if (!group.check.HealthCheckEnabled) {
    return {
      State: 'unavailable',
      Reason: 'Target.HealthCheckDisabled',
      Description: 'Health checks are disabled for this target group',
    };
  }
  switch (target.verdict) {
    case 'initial':
      return {
        State: 'initial',
        Reason: 'Elb.InitialHealthChecking',
        Description: 'Initial health checks in progress',
      };
    case 'healthy':
      return { State: 'healthy' };
    case 'unhealthy':
      return unhealthyHealth(state, group, target);
  }
}

/**
 * ELBv2 DescribeTargetHealth: all targets, or those requested, without pages. A target requested
 * that is not registered is answered `unused/Target.NotRegistered`; so is one requested with
 * another zone than its own (LBC issue 4544).
 */
export function describeTargetHealth(state: State, params: TargetParams): object {
  const group = targetGroupOf(state, params.TargetGroupArn);
  const idle = idleness(state, group);
  const view = (target: Target): object => ({
    Target: {
      Id: target.id,
      Port: target.port,
      ...(group.targetType === 'ip' ? { AvailabilityZone: target.zone } : {}),
      ...(target.quicServerId ? { QuicServerId: target.quicServerId } : {}),
    },
    HealthCheckPort: String(healthCheckPort(group, target)),
    TargetHealth: health(state, group, target, idle(target)),
  });
  const asked = (name: TargetName): object => {
    const target = group.targets.get(keyOf(group, name));
    const zone = name.AvailabilityZone;
    if (target && (zone === undefined || zone === target.zone)) return view(target);
    return { Target: { ...name, Port: name.Port ?? group.port }, TargetHealth: NOT_REGISTERED };
  };
  return {
    TargetHealthDescriptions: params.Targets
      ? params.Targets.map(asked)
      : [...group.targets.values()].map(view),
  };
}
