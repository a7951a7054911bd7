import { canonical, ipv4Number, ipv6Groups, isWithin } from '../state/addresses.ts';
import { AwsError, required, validationError } from '../state/error.ts';
import { restart, wakeChecks } from './health-checks.ts';
import type { State, Target, TargetGroup } from '../state/state.ts';
import { targetGroupOf } from './resources.ts';
import { checkRegistration } from './target-quotas.ts';

/** A target as requests name it. */
export interface TargetName {
  readonly Id?: string;
  readonly Port?: number;
  readonly AvailabilityZone?: string;
  readonly QuicServerId?: string;
}

export interface TargetParams {
  readonly TargetGroupArn?: string;
  readonly Targets?: readonly TargetName[];
}

/** Ranges beside the VPC's own from which addresses may be targets (NLB target group guide). */
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'];

/** What makes a target one: its id, its port (the group's unless given) and its QUIC server id. */
export function keyOf(group: TargetGroup, name: TargetName): string {
  const server = name.QuicServerId ? `:${name.QuicServerId}` : '';
  return `${canonical(name.Id ?? '')}:${name.Port ?? group.port}${server}`;
}

function instanceZone(state: State, group: TargetGroup, name: TargetName): string {
  const id = name.Id ?? '';
  const instance = state.network.instances.get(id);
  const eni = instance && state.network.interfaces.get(instance.interfaceId);
  const subnet = eni && state.network.subnets.get(eni.subnetId);
  if (name.AvailabilityZone !== undefined) {
    throw validationError(
      `You cannot specify an Availability Zone for the instance target '${id}'`,
    );
  }
  if (instance && instance.state !== 'running') {
    throw new AwsError(
      'InvalidTarget',
      `The following targets are not in a running state and cannot be registered: '${id}'`,
    );
  }
  if (!subnet) {
    throw new AwsError('InvalidTarget', `The following targets are not valid instances: '${id}'`);
  }
  if (subnet.vpcId !== group.vpcId) {
    throw new AwsError(
      'InvalidTarget',
      `The following targets are not in the target group VPC '${group.vpcId}': '${id}'`,
    );
  }
  return subnet.zone;
}

function ipZone(state: State, group: TargetGroup, name: TargetName): string {
  const { Id: id = '', AvailabilityZone: zone } = name;
  const isIpv6 = ipv6Groups(id) !== undefined;
  if (group.ipAddressType === 'ipv6' ? !isIpv6 : ipv4Number(id) === undefined) {
    throw validationError(
      `'${id}' is not a valid ${group.ipAddressType === 'ipv6' ? 'IPv6' : 'IPv4'} address`,
    );
  }
  const vpc = state.network.vpcs.get(group.vpcId);
  if (vpc && isWithin(id, isIpv6 ? vpc.ipv6Cidr : vpc.cidr)) {
    const subnet = state.network.subnetOf(vpc.id, id);
    if (!subnet) {
      throw validationError(`The IP address '${id}' is not within a subnet of the VPC '${vpc.id}'`);
    }
    if (zone !== undefined && zone !== subnet.zone) {
      throw validationError(
        `The IP address '${id}' is within the VPC, and cannot have its Availability Zone overridden to '${zone}' from '${subnet.zone}'`,
      );
    }
    return subnet.zone;
  }
  if (isIpv6 || !PRIVATE.some((block) => isWithin(id, block))) {
    throw validationError(
      `The IP address '${id}' is not a valid target: it is outside the VPC and not in a private range`,
    );
  }
  if (zone !== 'all' && !(zone && state.network.zones.includes(zone))) {
    throw validationError(
      `You must specify a valid Availability Zone or select 'all' for all enabled Availability zones, since the IP address '${id}' is outside the VPC`,
    );
  }
  return zone;
}

/**
 * ELBv2 RegisterTargets: all or none. A target that is there stays as it is, one that drains
 * comes back. InvalidTarget, ValidationError, TooManyTargets, TooManyRegistrationsForTargetId.
 */
export function registerTargets(state: State, params: TargetParams): object {
  const group = targetGroupOf(state, params.TargetGroupArn);
  const names = required(params.Targets, 'Targets', 'elbv2');
  const fresh = new Map<string, Target>();
  const revived: Target[] = [];
  for (const name of names) {
    const id = required(name.Id, 'Targets.1.member.id', 'elbv2');
    const port = name.Port ?? group.port;
    if (port < 1 || port > 65535) throw validationError(`'${port}' is not a valid port`);
    const zone =
      group.targetType === 'instance'
        ? instanceZone(state, group, name)
        : ipZone(state, group, name);
    const there = group.targets.get(keyOf(group, name));
    if (there?.draining) revived.push(there);
    if (there) continue;
    const now = state.clock.time();
    fresh.set(keyOf(group, name), {
      id,
      port,
      zone,
      ...(name.QuicServerId ? { quicServerId: name.QuicServerId } : {}),
      since: now,
      verdict: 'initial',
      verdictAt: now,
      passes: 0,
      failures: 0,
    });
  }
  checkRegistration(state, group, [...fresh.values()]);
  for (const [key, target] of fresh) group.targets.set(key, target);
  for (const target of revived) {
    target.draining = undefined;
    restart(state, target);
  }
  wakeChecks(state, group);
  return {};
}

/**
 * ELBv2 DeregisterTargets: targets drain for the group's deregistration delay, then are gone; in a
 * group out of use there is nothing to drain. A target that is not registered is success.
 */
export function deregisterTargets(state: State, params: TargetParams): object {
  const group = targetGroupOf(state, params.TargetGroupArn);
  const names = required(params.Targets, 'Targets', 'elbv2');
  const departure = {};
  const leaving: [string, Target][] = [];
  for (const name of names) {
    const key = keyOf(group, name);
    const target = group.targets.get(key);
    if (!target || target.draining) continue;
    target.draining = departure;
    leaving.push([key, target]);
  }
  const seconds = Number(group.attributes.get('deregistration_delay.timeout_seconds') ?? 300);
  const finish = (): void => {
    for (const [key, target] of leaving) {
      if (target.draining !== departure) continue;
      group.targets.delete(key);
      // Without it a connection lives on until an end of it is closed.
      if (group.attributes.get('deregistration_delay.connection_termination.enabled') === 'true') {
        state.onTraffic({ kind: 'cut', groupArn: group.arn, targetKey: key });
      }
    }
  };
  if (!group.inUse || seconds === 0) finish();
  else if (leaving.length > 0) state.clock.after(seconds * 1000, finish);
  return {};
}
