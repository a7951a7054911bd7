import { required, validationError } from '../state/error.ts';
import { listenerOf, loadBalancerOf, targetGroupOf } from './resources.ts';
import type { State } from '../state/state.ts';

const RANGES: Readonly<Record<string, readonly [number, number]>> = {
  'deregistration_delay.timeout_seconds': [0, 3600],
  'target_health_state.unhealthy.draining_interval_seconds': [0, 360_000],
  'tcp.idle_timeout.seconds': [60, 6000],
  'secondary_ips.auto_assigned.per_subnet': [0, 7],
};

const WORDS: Readonly<Record<string, readonly string[]>> = {
  'dns_record.client_routing_policy': [
    'availability_zone_affinity',
    'partial_availability_zone_affinity',
    'any_availability_zone',
  ],
  'stickiness.type': ['source_ip'],
};

/** Why a value does not fit its key; undefined when it does. Values are text, compared as AWS does. */
function fault(what: string, key: string, value: string): string | undefined {
  const range = RANGES[key];
  if (range) {
    const fits = /^\d+$/.test(value) && Number(value) >= range[0] && Number(value) <= range[1];
    return fits ? undefined : `'${key}' must be between ${range[0]} and ${range[1]} inclusive`;
  }
  let words = WORDS[key];
  if (what === 'Target group' && key === 'load_balancing.cross_zone.enabled') {
    words = ['true', 'false', 'use_load_balancer_configuration'];
  } else if (key.endsWith('.enabled') || key === 'ipv6.deny_all_igw_traffic') {
    words = ['true', 'false'];
  }
  if (!words || words.includes(value)) return undefined;
  return `${what} attribute '${key}' value '${value}' must be one of '${words.join("', '")}'`;
}

interface Attribute {
  readonly Key: string;
  readonly Value: string;
}

const list = (attributes: ReadonlyMap<string, string>): { Attributes: Attribute[] } => ({
  Attributes: [...attributes].map(([Key, Value]) => ({ Key, Value })),
});

function modify(
  what: string,
  attributes: Map<string, string>,
  changes: readonly Attribute[] | undefined,
): { Attributes: Attribute[] } {
  const wanted = required(changes, 'Attributes', 'elbv2');
  for (const { Key, Value = '' } of wanted) {
    if (!attributes.has(Key)) {
      throw validationError(`${what} attribute key '${Key}' is not recognized`);
    }
    const wrong = fault(what, Key, Value);
    if (wrong) throw validationError(wrong);
  }
  for (const { Key, Value = '' } of wanted) attributes.set(Key, Value);
  return list(attributes);
}

interface BalancerParams {
  readonly LoadBalancerArn?: string;
  readonly Attributes?: readonly Attribute[];
}
interface GroupParams {
  readonly TargetGroupArn?: string;
  readonly Attributes?: readonly Attribute[];
}
interface ListenerParams {
  readonly ListenerArn?: string;
  readonly Attributes?: readonly Attribute[];
}

/** ELBv2 DescribeLoadBalancerAttributes. */
export function describeLoadBalancerAttributes(state: State, params: BalancerParams): object {
  return list(loadBalancerOf(state, params.LoadBalancerArn).attributes);
}

/** ELBv2 ModifyLoadBalancerAttributes: only keys that are named change. */
export function modifyLoadBalancerAttributes(state: State, params: BalancerParams): object {
  const { attributes } = loadBalancerOf(state, params.LoadBalancerArn);
  return modify('Load balancer', attributes, params.Attributes);
}

/** ELBv2 DescribeTargetGroupAttributes. */
export function describeTargetGroupAttributes(state: State, params: GroupParams): object {
  return list(targetGroupOf(state, params.TargetGroupArn).attributes);
}

/**
 * ELBv2 ModifyTargetGroupAttributes: only keys that are named change. The addresses of UDP clients are
 * always preserved (NLB guide, client IP preservation).
 */
export function modifyTargetGroupAttributes(state: State, params: GroupParams): object {
  const { attributes, protocol } = targetGroupOf(state, params.TargetGroupArn);
  const hides = params.Attributes?.some(
    ({ Key, Value }) => Key === 'preserve_client_ip.enabled' && Value === 'false',
  );
  if (hides && /UDP|QUIC/.test(protocol)) {
    throw validationError(
      `Target group attribute 'preserve_client_ip.enabled' cannot be 'false' for protocol ${protocol}`,
    );
  }
  return modify('Target group', attributes, params.Attributes);
}

/** ELBv2 DescribeListenerAttributes. */
export function describeListenerAttributes(state: State, params: ListenerParams): object {
  return list(listenerOf(state, params.ListenerArn).attributes);
}

/** ELBv2 ModifyListenerAttributes. */
export function modifyListenerAttributes(state: State, params: ListenerParams): object {
  const { attributes } = listenerOf(state, params.ListenerArn);
  return modify('Listener', attributes, params.Attributes);
}
