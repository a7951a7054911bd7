import type { HealthCheck } from '../model/aws.ts';
import type { ControllerProcess } from '../model/handover.ts';
import type { IpFamily, Service, ServicePort } from '../model/kubernetes.ts';
import { parseFlag, settingsPrefix } from '../model/annotations.ts';
import { portOf } from '../model/service-ports.ts';
import { requiredTargetType } from '../model/service-settings.ts';
import { settings } from './adopt.ts';
import { isGateOn, textOf } from './controller-flags.ts';
import type { HandoverCase, Side } from './handover-case.ts';

/**
 * The Service of the taker as its controller sees it then: with the annotations that say what the load
 * balancer is like. Undefined: there is no such Service.
 */
export function adoptedService(subject: HandoverCase, { found }: Side): Service | undefined {
  if (!found) return undefined;
  return { ...found, annotations: { ...found.annotations, ...settings(subject, found) } };
}

/** A health check as a controller sets it; what it leaves as it is in AWS is absent. */
export type WantedCheck = Partial<Omit<HealthCheck, 'enabled'>>;

/** A listener and its target group as the controller makes them for a port of the Service. */
export interface WantedPort {
  readonly port: number;
  readonly protocol: string;
  readonly groupProtocol: string;
  readonly targetType: string;
  readonly ipFamily: IpFamily;
  /** Undefined: it cannot be told, or the controller cannot make it. */
  readonly healthCheck: WantedCheck | undefined;
  /** Settings of the health check for which it replaces a target group; others it changes. */
  readonly fixed: readonly (keyof WantedCheck)[];
}

type Process = Pick<ControllerProcess, 'flags'>;

const note = ({ annotations }: Service, name: string): string | undefined =>
  annotations[`${settingsPrefix}${name}`];

const items = (service: Service, name: string): readonly string[] =>
  (note(service, name) ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');

/**
 * What the controller makes of a Service: a listener and a target group for each number
 * (`pkg/service/model_build_listener.go`, `model_build_target_group.go`, alike from v2.10.0 to v3.5.0).
 */
export function wantedPorts(service: Service, process: Process): readonly WantedPort[] {
  const numbers = [...new Set(service.ports.map(({ port }) => port))];
  return numbers.flatMap((number) => {
    const ports = service.ports.filter(({ port }) => port === number);
    return ports[0] ? [wantedPort(service, process, ports[0], ports.length > 1)] : [];
  });
}

function wantedPort(
  service: Service,
  process: Process,
  port: ServicePort,
  isTwice: boolean,
): WantedPort {
  const merges =
    parseFlag(note(service, 'enable-tcp-udp-listener') ?? '') ??
    isGateOn(process, 'EnableTCPUDPListener');
  const plain = isTwice && merges ? 'TCP_UDP' : port.protocol;
  const isTls = plain === 'TCP' && isTlsPort(service, port);
  const isEncrypted = isTls && note(service, 'backend-protocol') === 'ssl';
  return {
    port: port.port,
    protocol: isTls ? 'TLS' : plain,
    groupProtocol: isEncrypted ? 'TLS' : plain,
    targetType: targetTypeOf(service, process),
    ipFamily: service.ipFamilies.includes('IPv6') ? 'ipv6' : 'ipv4',
    healthCheck: checkOf(service, process),
    fixed: isGateOn(process, 'NLBHealthCheckAdvancedConfig')
      ? []
      : ['protocol', 'intervalSeconds', 'timeoutSeconds'],
  };
}

/** Without a list of ports, every port for which there may be a certificate has one. */
function isTlsPort(service: Service, { port, name }: ServicePort): boolean {
  if (items(service, 'ssl-cert').length === 0) return false;
  const named = items(service, 'ssl-ports');
  return named.length === 0 || named.includes(String(port)) || named.includes(name ?? '');
}

export const targetTypeOf = (service: Service, process: Process): string =>
  requiredTargetType(service) ?? textOf(process, 'default-target-type');

const numberIn = (text: string | undefined, otherwise: number): number =>
  text !== undefined && /^\d+$/.test(text) ? Number(text) : otherwise;

/** buildTargetGroupHealthCheckConfigDefault; without the gate, no annotation decides timeout and success codes. */
function checkOf(service: Service, process: Process): WantedCheck | undefined {
  const check = (name: string): string | undefined => note(service, `healthcheck-${name}`);
  const advanced = isGateOn(process, 'NLBHealthCheckAdvancedConfig');
  const protocol = (check('protocol') ?? 'TCP').toUpperCase();
  const port = checkPort(service, process, check('port') ?? 'traffic-port');
  if (port === undefined) return undefined;
  const http = protocol !== 'TCP';
  return {
    protocol,
    port,
    ...(http ? { path: check('path') ?? '/' } : {}),
    ...(http && advanced ? { matcher: check('success-codes') ?? '200-399' } : {}),
    intervalSeconds: numberIn(check('interval'), 10),
    timeoutSeconds: advanced ? numberIn(check('timeout'), 10) : 10,
    healthyThreshold: numberIn(check('healthy-threshold'), 3),
    unhealthyThreshold: numberIn(check('unhealthy-threshold'), 3),
  };
}

/** A name is that of a port of the Service: then it is the number behind that one. */
function checkPort(service: Service, process: Process, text: string): string | undefined {
  if (text === 'traffic-port' || /^\d+$/.test(text)) return text;
  const port = portOf(service, text);
  const number = targetTypeOf(service, process) === 'instance' ? port?.nodePort : port?.targetPort;
  return typeof number === 'number' ? String(number) : undefined;
}

export const wantedAddressType = (service: Service): string =>
  note(service, 'ip-address-type') ?? 'ipv4';

/** The TLS policy that the controller sets on a TLS listener. */
export const wantedPolicy = (service: Service, process: Process): string =>
  note(service, 'ssl-negotiation-policy') ?? textOf(process, 'default-ssl-policy');

/** Security groups for clients that a person has chosen. */
export const namesOwnGroups = (service: Service): boolean =>
  items(service, 'security-groups').length > 0;

/** What the annotation says of the rules on targets, where a person has chosen the security groups. */
export const managesRules = (service: Service): boolean | undefined =>
  parseFlag(note(service, 'manage-backend-security-group-rules') ?? '');

/** Whether the annotations make a load balancer without security groups. */
export const forbidsGroups = (service: Service): boolean =>
  parseFlag(note(service, 'disable-nlb-sg') ?? '') === true;

const actionsPrefix = 'service.beta.kubernetes.io/actions.';

/** Listeners that split their traffic, as annotations name them: `TCP-80`. */
export const weightedActions = ({ annotations }: Pick<Service, 'annotations'>) =>
  Object.keys(annotations).flatMap((key) =>
    key.startsWith(actionsPrefix) ? [key.slice(actionsPrefix.length)] : [],
  );

/** Keys of the tags that the annotation adds to everything that is made for the Service. */
export const additionalTags = (service: Service): readonly string[] =>
  items(service, 'additional-resource-tags').map((item) => item.split('=')[0] ?? '');
