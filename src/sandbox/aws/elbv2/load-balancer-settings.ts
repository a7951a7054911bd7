import { AwsError, required, validationError } from '../state/error.ts';
import { matchInterfaces } from './load-balancer-network.ts';
import { isActive, loadBalancerOf } from './resources.ts';
import type { State } from '../state/state.ts';

interface OneParams {
  readonly LoadBalancerArn?: string;
}

/** ELBv2 SetIpAddressType: `ipv4` or `dualstack` for a network load balancer. */
export function setIpAddressType(
  state: State,
  params: OneParams & { readonly IpAddressType?: string },
): object {
  const balancer = loadBalancerOf(state, params.LoadBalancerArn);
  const type = required(params.IpAddressType, 'IpAddressType', 'elbv2');
  if (type !== 'ipv4' && type !== 'dualstack') {
    throw validationError(`IP address type '${type}' must be one of 'ipv4, dualstack'`);
  }
  balancer.ipAddressType = type;
  matchInterfaces(state, balancer);
  return { IpAddressType: type };
}

/** How often a day a reservation may be lowered, by the ELB user guide; nothing here uses it up. */
const DECREASES_A_DAY = 2;

function reservationView(units: number | undefined, zones: readonly string[]): object {
  const decreases = { DecreaseRequestsRemaining: DECREASES_A_DAY };
  if (units === undefined) return decreases;
  return {
    ...decreases,
    MinimumLoadBalancerCapacity: { CapacityUnits: units },
    CapacityReservationState: zones.map((AvailabilityZone) => ({
      AvailabilityZone,
      EffectiveCapacityUnits: units / zones.length,
      State: { Code: 'provisioned' },
    })),
  };
}

const zoneNames = (state: State, subnetIds: readonly string[]): string[] =>
  subnetIds.map((id) => state.network.subnets.get(id)?.zone ?? '');

/** ELBv2 DescribeCapacityReservation: of a load balancer without any it has little to say. */
export function describeCapacityReservation(state: State, params: OneParams): object {
  const balancer = loadBalancerOf(state, params.LoadBalancerArn);
  return reservationView(balancer.capacityUnits, zoneNames(state, balancer.subnetIds));
}

/** ELBv2 ModifyCapacityReservation, granted at once; refused while the load balancer is provisioned. */
export function modifyCapacityReservation(
  state: State,
  params: OneParams & {
    readonly MinimumLoadBalancerCapacity?: { readonly CapacityUnits?: number };
    readonly ResetCapacityReservation?: boolean;
  },
): object {
  const balancer = loadBalancerOf(state, params.LoadBalancerArn);
  if (!isActive(state, balancer)) {
    throw new AwsError(
      'InvalidConfigurationRequest',
      `Load balancer '${balancer.arn}' is not active yet`,
    );
  }
  balancer.capacityUnits = params.ResetCapacityReservation
    ? undefined
    : required(
        params.MinimumLoadBalancerCapacity?.CapacityUnits,
        'MinimumLoadBalancerCapacity',
        'elbv2',
      );
  return reservationView(balancer.capacityUnits, zoneNames(state, balancer.subnetIds));
}
