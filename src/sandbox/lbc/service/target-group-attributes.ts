import { parseGoBool } from './annotations.ts';
import type { ServiceAnnotations } from './annotations.ts';
import { BuildError } from '../process/errors.ts';
import { atLeast } from '../process/version.ts';
import type { Attributes } from './model-terms.ts';

const ATTRIBUTES = 'aws-load-balancer-target-group-attributes';
const PROXY = 'proxy_protocol_v2.enabled';
const PRESERVE = 'preserve_client_ip.enabled';

/**
 * The attributes of the target group of a Service port, by key
 * (pkg/service/model_build_target_group.go, buildTargetGroupAttributes). Those of one port overrule
 * those of all ports, since v2.14 (an empty value does not); the list of ports with proxy protocol
 * overrules both, since v2.13; `*` overrules everything. Raises BuildError, AnnotationError.
 */
export function targetGroupAttributes(
  notes: ServiceAnnotations,
  port: number,
  version: string,
): Attributes {
  const attributes = new Map([[PROXY, 'false'], ...checked(notes, ATTRIBUTES)]);
  const byPort = atLeast(version, '2.14.0');
  if (byPort) {
    for (const [key, value] of checked(notes, `${ATTRIBUTES}.${port}`)) {
      if (value !== '') attributes.set(key, value);
    }
  }
  const some = atLeast(version, '2.13.0') ? proxiedPorts(notes) : undefined;
  if (some) attributes.set(PROXY, String(some.includes(String(port))));
  const all = notes.string('aws-load-balancer-proxy-protocol');
  if (all !== undefined && all !== '*') {
    throw new BuildError(
      `invalid value ${all} for Load Balancer proxy protocol v2 annotation, only value currently supported is *`,
    );
  }
  if (all === '*') attributes.set(PROXY, 'true');
  if (byPort && attributes.get(PROXY) === '') attributes.delete(PROXY);
  return new Map([...attributes].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function checked(notes: ServiceAnnotations, annotation: string): Attributes {
  const attributes = notes.map(annotation) ?? new Map<string, string>();
  const raw = attributes.get(PRESERVE);
  if (raw !== undefined && parseGoBool(raw) === undefined) {
    throw new BuildError(
      `failed to parse attribute ${PRESERVE}=${raw}: strconv.ParseBool: parsing ${JSON.stringify(raw)}: invalid syntax`,
    );
  }
  return attributes;
}

function proxiedPorts(notes: ServiceAnnotations): readonly string[] | undefined {
  const ports = notes.list('aws-load-balancer-proxy-protocol-per-target-group');
  const wrong = ports?.find((one) => !/^[+-]?\d+$/.test(one));
  if (wrong === undefined) return ports;
  throw new BuildError(`invalid port number in proxy-protocol-per-target-group: ${wrong}`);
}

/** Whether targets see the client's address, as far as the controller knows: by attribute or target type. */
export function preservesClientIp(attributes: Attributes, targetType: 'ip' | 'instance'): boolean {
  const raw = attributes.get(PRESERVE);
  return raw === undefined ? targetType === 'instance' : parseGoBool(raw) === true;
}
