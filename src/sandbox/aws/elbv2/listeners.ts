import { defaultListenerAttributes } from './attribute-defaults.ts';
import { AwsError, required, validationError } from '../state/error.ts';
import { refreshUse } from './health-checks.ts';
import { listenerView } from './listener-reads.ts';
import { tlsSettings } from './listener-tls.ts';
import { listenerOf, loadBalancerOf, targetGroupOf } from './resources.ts';
import type { Action, Listener, LoadBalancer, State, TlsSettings } from '../state/state.ts';
import type { Tag } from '../state/tag.ts';
import { putTags } from '../state/resource-tags.ts';
import { checkBalancerQuota } from './target-quotas.ts';
import { groupsOfActions, loadBalancerUsing } from './target-use.ts';

/** Target group protocols that a listener of a protocol can forward to. */
const FITS: Readonly<Record<string, readonly string[]>> = {
  TCP: ['TCP', 'TCP_UDP'],
  TLS: ['TCP', 'TLS'],
  UDP: ['UDP', 'TCP_UDP'],
  TCP_UDP: ['TCP_UDP'],
  QUIC: ['QUIC', 'TCP_QUIC'],
  TCP_QUIC: ['TCP_QUIC'],
};

/** An action as the API gives it back: the one group of an action stands in both places. */
function complete(action: Action): Action {
  const groups = action.ForwardConfig?.TargetGroups ?? [];
  const only = groups.length === 0 ? action.TargetGroupArn : undefined;
  const single = groups.length === 1 ? groups[0]?.TargetGroupArn : only;
  return {
    ...action,
    ...(single ? { TargetGroupArn: single } : {}),
    ForwardConfig: {
      TargetGroups: only
        ? [{ TargetGroupArn: only, Weight: 1 }]
        : groups.map((one) => ({ Weight: 1, ...one })),
      TargetGroupStickinessConfig: {
        Enabled: action.ForwardConfig?.TargetGroupStickinessConfig?.Enabled ?? false,
      },
    },
  };
}

/** Checks that these actions can stand on a listener of that load balancer; nothing is changed. */
function checkActions(
  state: State,
  balancer: LoadBalancer,
  protocol: string,
  actions: readonly Action[],
): Action[] {
  if (actions.length !== 1 || actions[0]?.Type !== 'forward') {
    throw new AwsError(
      'InvalidLoadBalancerAction',
      'A listener of a network load balancer has one default action, of type forward',
    );
  }
  const arns = groupsOfActions(actions);
  if (arns.length === 0) throw validationError('A target group ARN must be specified');
  if (arns.length > state.limits['target-groups-per-action-on-network-load-balancer']) {
    throw new AwsError(
      'TooManyUniqueTargetGroupsPerLoadBalancer',
      "You've reached the limit on the number of unique target groups per action",
    );
  }
  for (const { Weight = 1 } of actions[0].ForwardConfig?.TargetGroups ?? []) {
    if (Weight < 0 || Weight > 999) throw validationError('Weight must be between 0 and 999');
  }
  for (const arn of arns) {
    const group = targetGroupOf(state, arn);
    if (!FITS[protocol]?.includes(group.protocol)) {
      throw new AwsError(
        'IncompatibleProtocols',
        `A listener with protocol ${protocol} cannot forward to target group '${arn}' with protocol ${group.protocol}`,
      );
    }
    if (group.vpcId !== balancer.vpcId) {
      throw new AwsError(
        'InvalidConfigurationRequest',
        `Target group '${arn}' and load balancer '${balancer.arn}' are in different VPCs`,
      );
    }
    const user = loadBalancerUsing(state, arn);
    if (user && user.arn !== balancer.arn) {
      throw new AwsError(
        'TargetGroupAssociationLimit',
        `The following target groups cannot be associated with more than one load balancer: ${arn}`,
      );
    }
  }
  checkBalancerQuota(state, balancer, arns);
  return actions.map(complete);
}

interface ListenerParams extends TlsSettings {
  readonly LoadBalancerArn?: string;
  readonly ListenerArn?: string;
  readonly Port?: number;
  readonly Protocol?: string;
  readonly DefaultActions?: readonly Action[];
  readonly Tags?: readonly Tag[];
}

function checkProtocol(protocol: string): void {
  if (FITS[protocol]) return;
  throw validationError(
    `Listener protocol '${protocol}' must be one of '${Object.keys(FITS).join(', ')}'`,
  );
}

const checkPort = (port: number): void => {
  if (port < 1 || port > 65535) throw validationError(`'${port}' is not a valid port`);
};

function portTaken(
  state: State,
  balancer: LoadBalancer,
  port: number,
  but?: Listener,
): Listener | undefined {
  return [...state.listeners.values()].find(
    (one) => one !== but && one.loadBalancerArn === balancer.arn && one.port === port,
  );
}

function duplicate(balancer: LoadBalancer): AwsError {
  return new AwsError(
    'DuplicateListener',
    `A listener already exists on this port for this load balancer '${balancer.arn}'`,
  );
}

/**
 * ELBv2 CreateListener. The same again gives the existing one; another on its port DuplicateListener,
 * whatever it speaks: TCP and UDP cannot share a number but in TCP_UDP (LBC issue 1608).
 */
export function createListener(state: State, params: ListenerParams): object {
  const balancer = loadBalancerOf(state, params.LoadBalancerArn);
  const port = required(params.Port, 'Port', 'elbv2');
  const protocol = required(params.Protocol, 'Protocol', 'elbv2');
  checkPort(port);
  checkProtocol(protocol);
  const given = required(params.DefaultActions, 'DefaultActions', 'elbv2');
  const actions = checkActions(state, balancer, protocol, given);
  const tls = tlsSettings(state, protocol, params);
  const twin = portTaken(state, balancer, port);
  if (twin) {
    const same =
      JSON.stringify([twin.protocol, twin.actions, twin.tls]) ===
      JSON.stringify([protocol, actions, tls]);
    if (same) return { Listeners: [listenerView(twin)] };
    throw duplicate(balancer);
  }
  const count = [...state.listeners.values()].filter((one) => one.loadBalancerArn === balancer.arn);
  if (count.length >= state.limits['listeners-per-network-load-balancer']) {
    throw new AwsError(
      'TooManyListeners',
      "You've reached the limit on the number of listeners per load balancer",
    );
  }
  const listener: Listener = {
    arn: `${balancer.arn.replace(':loadbalancer/', ':listener/')}/${state.ids.hex('listener', 16)}`,
    loadBalancerArn: balancer.arn,
    port,
    protocol,
    actions,
    attributes: new Map(defaultListenerAttributes(protocol)),
    tls,
  };
  putTags(state, listener.arn, params.Tags);
  state.listeners.set(listener.arn, listener);
  refreshUse(state);
  return { Listeners: [listenerView(listener)] };
}

/** Attributes that the protocol has not go, and what it has comes with its default. */
function followProtocol({ attributes, protocol }: Listener): void {
  const defaults = new Map(defaultListenerAttributes(protocol));
  for (const key of attributes.keys()) if (!defaults.has(key)) attributes.delete(key);
  for (const [key, value] of defaults) if (!attributes.has(key)) attributes.set(key, value);
}

/**
 * ELBv2 ModifyListener: what is named changes. Certificate and policies go with the protocol TLS, and
 * must be named when it comes.
 */
export function modifyListener(state: State, params: ListenerParams): object {
  const listener = listenerOf(state, params.ListenerArn);
  const balancer = loadBalancerOf(state, listener.loadBalancerArn);
  const port = params.Port ?? listener.port;
  const protocol = params.Protocol ?? listener.protocol;
  checkPort(port);
  checkProtocol(protocol);
  if (portTaken(state, balancer, port, listener)) throw duplicate(balancer);
  const actions = checkActions(
    state,
    balancer,
    protocol,
    params.DefaultActions ?? listener.actions,
  );
  const tls = tlsSettings(state, protocol, params, listener.tls);
  Object.assign(listener, { port, protocol, actions, tls });
  if (protocol !== 'TLS') listener.furtherCertificates = [];
  followProtocol(listener);
  refreshUse(state);
  return { Listeners: [listenerView(listener)] };
}

/** Takes a listener away; its target groups may fall out of use. */
export function removeListener(state: State, listener: Listener): void {
  state.listeners.delete(listener.arn);
  state.tags.delete(listener.arn);
  refreshUse(state);
}

/** ELBv2 DeleteListener. */
export function deleteListener(state: State, params: ListenerParams): object {
  removeListener(state, listenerOf(state, params.ListenerArn));
  return {};
}
