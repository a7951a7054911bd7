import { InvalidArgumentError } from '@commander-js/extra-typings';
import { parseArn } from '../core/model/arn.ts';
import { isCidr } from '../core/model/cidr.ts';
import type { NamedGroup, PortMap } from '../core/model/intent.ts';
import { type Acceptance, countedNames } from '../core/model/acceptance.ts';
import { codes } from '../core/model/codes.ts';

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Far above any wait that makes sense, and far below what Node's timers hold (2^31 ms, 24 days). */
const LONGEST_MS = 24 * 3_600_000;

/**
 * A duration as kubectl writes it (`15s`, `1m`, `1m30s`, `500ms`), in milliseconds. Zero is refused,
 * as is a number without a unit: nothing waits forever, and a unit leaves no doubt. At most 24h.
 */
export function parseDuration(text: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/gy)];
  const ms = parts.reduce((sum, part) => sum + Number(part[1]) * (UNITS[part[2] ?? ''] ?? 0), 0);
  if (parts.map((part) => part[0]).join('') !== text || text === '') {
    throw new InvalidArgumentError('Write a number with a unit, such as 15s, 1m or 1m30s.');
  }
  if (ms <= 0)
    throw new InvalidArgumentError(
      'The duration must be longer than zero, because nothing waits forever.',
    );
  if (ms > LONGEST_MS) throw new InvalidArgumentError('A duration is at most 24h.');
  return Math.ceil(ms);
}

/** A comma-separated list that may also be repeated; empty items are refused. */
export function parseList(text: string, previous: readonly string[] | undefined): string[] {
  const items = text.split(',').map((item) => item.trim());
  if (items.includes('')) throw new InvalidArgumentError('The list has an empty item.');
  return [...(previous ?? []), ...items];
}

/**
 * What is accepted, as a list of `NAME` or `NAME=N`. An unknown name is refused, because
 * it would accept nothing. A counted name without its number is refused, too.
 */
export function parseAccepted(
  text: string,
  previous: readonly Acceptance[] | undefined,
): Acceptance[] {
  const given = parseList(text, undefined).map((item): Acceptance => {
    const [name = '', number, ...more] = item.split('=');
    const counted = countedNames.some((one) => one === name);
    if (!counted && !Object.hasOwn(codes, name)) {
      throw new InvalidArgumentError(`There is no code '${name}'. docs/checks.md lists the codes.`);
    }
    if (counted && number === undefined) {
      throw new InvalidArgumentError(`Write ${name}=N with the number of targets.`);
    }
    const known = name as Acceptance['name'];
    if (number === undefined) return { name: known };
    return { name: known, count: parseCount(1)([number, ...more].join('=')) };
  });
  return [...(previous ?? []), ...given];
}

/** A whole number from `least` on. */
export function parseCount(least: number): (text: string) => number {
  return (text) => {
    if (!/^\d+$/.test(text) || Number(text) < least || !Number.isSafeInteger(Number(text))) {
      throw new InvalidArgumentError(`Write a whole number, ${least} or greater.`);
    }
    return Number(text);
  };
}

/** A number as people write it; anything else is NaN. Number() would take `0x10`, `1e2` and a space, too. */
export const decimal = (text: string): number =>
  /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;

/** A factor for time, from 0.1 to 10000. */
export function parseFactor(text: string): number {
  const factor = decimal(text);
  // Slower, and pauses would not fit into Node's timers; faster, and none would be left.
  if (!(factor >= 0.1 && factor <= 10_000)) {
    throw new InvalidArgumentError('Write a number from 0.1 to 10000, such as 1 or 60.');
  }
  return factor;
}

// RFC 1123 label, as the API server holds namespaces to it (Services are held to RFC 1035, which is
// narrower; newer servers relax that, so the wider rule is used for both).
const LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

/** A name that the API server accepts for a namespace. */
export function parseNamespace(text: string): string {
  if (!LABEL.test(text)) {
    throw new InvalidArgumentError(
      'A name has at most 63 characters: lower-case letters, digits and hyphens.',
    );
  }
  return text;
}

/** A Service as kubectl names it: `nginx`, `svc/nginx`, `service/nginx`. Gives the bare name. */
export function parseServiceName(text: string): string {
  const slash = text.indexOf('/');
  const kind = slash < 0 ? 'service' : text.slice(0, slash).toLowerCase();
  if (!['svc', 'service', 'services'].includes(kind)) {
    throw new InvalidArgumentError('Only a Service can be enrolled. Write NAME or service/NAME.');
  }
  return parseNamespace(text.slice(slash + 1));
}

/** The local Service, where it has another name than the primary's: `NAME` or `NAMESPACE/NAME`. */
export function parseLocalService(text: string): { namespace?: string; name: string } {
  const parts = text.split('/');
  const [first = '', second] = parts;
  if (parts.length > 2) throw new InvalidArgumentError('Write NAME or NAMESPACE/NAME.');
  if (second === undefined) return { name: parseNamespace(first) };
  return ['svc', 'service', 'services'].includes(first)
    ? { name: parseNamespace(second) }
    : { namespace: parseNamespace(first), name: parseNamespace(second) };
}

/** `--target-group [PORT=]ARN` of join, as a list. */
export function parseNamedGroups(
  text: string,
  previous: readonly NamedGroup[] | undefined,
): NamedGroup[] {
  const groups = parseList(text, undefined).map((item): NamedGroup => {
    const at = item.indexOf('=');
    const arn = item.slice(at + 1);
    if (parseArn(arn)?.kind !== 'target-group') {
      throw new InvalidArgumentError('Write the ARN of a target group, or PORT=ARN.');
    }
    return at < 0 ? { arn } : { port: parsePort(item.slice(0, at)), arn };
  });
  return [...(previous ?? []), ...groups];
}

/**
 * A port of a Service: its number, or its name (an IANA service name, as the API server takes it),
 * with its protocol where a number is two ports: `53/UDP`, as kubectl prints it.
 */
export function parsePort(text: string): string {
  const [port = '', protocol, ...more] = text.split('/');
  const isNumber = /^\d+$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535;
  const isName = /^(?=.*[a-z])[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(port);
  if (protocol !== undefined && (!/^(tcp|udp)$/i.test(protocol) || more.length > 0)) {
    throw new InvalidArgumentError('Write the protocol as TCP or UDP, such as 53/UDP.');
  }
  if (!isNumber && !isName) {
    throw new InvalidArgumentError('Write a port of the Service: its number or its name.');
  }
  return protocol === undefined ? text : `${port}/${protocol.toUpperCase()}`;
}

/** Ports of a Service, as a list. */
export const parsePorts = (text: string, previous: readonly string[] | undefined): string[] => [
  ...(previous ?? []),
  ...parseList(text, undefined).map(parsePort),
];

/** `--map-port LISTENER=PORT`, as a list. */
export function parsePortMaps(text: string, previous: readonly PortMap[] | undefined): PortMap[] {
  const maps = parseList(text, undefined).map((item): PortMap => {
    const [listener = '', port, ...more] = item.split('=');
    if (
      !/^\d+$/.test(listener) ||
      Number(listener) < 1 ||
      Number(listener) > 65_535 ||
      port === undefined ||
      more.length > 0
    ) {
      throw new InvalidArgumentError('Write LISTENER=PORT, such as 443=https or 80=8080.');
    }
    return { listener: Number(listener), port: parsePort(port) };
  });
  return [...(previous ?? []), ...maps];
}

/** Ranges of addresses in CIDR notation, as a list. */
export function parseCidrs(text: string, previous: readonly string[] | undefined): string[] {
  const ranges = parseList(text, undefined);
  if (ranges.some((range) => !isCidr(range))) {
    throw new InvalidArgumentError('Write a range of addresses, such as 10.0.0.0/8.');
  }
  return [...(previous ?? []), ...ranges];
}

/** A load balancer by its name (32 characters at most: letters, digits and hyphens) or its ARN. */
export function parseLoadBalancer(text: string): string {
  const isArn = parseArn(text)?.kind === 'load-balancer';
  if (!isArn && !/^[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,30}[a-zA-Z0-9])?$/.test(text)) {
    throw new InvalidArgumentError('Write the name or the ARN of a load balancer.');
  }
  return text;
}

/** ARNs of target groups, as a list; anything else is refused before a request to AWS. */
export function parseTargetGroups(text: string, previous: readonly string[] | undefined): string[] {
  const arns = parseList(text, undefined);
  if (arns.some((arn) => parseArn(arn)?.kind !== 'target-group')) {
    throw new InvalidArgumentError('Write the ARN of a target group.');
  }
  return [...(previous ?? []), ...arns];
}
