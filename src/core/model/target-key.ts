import { memoized } from './memoized.ts';
import type { Target, TrackedTargets } from './target.ts';

/** The groups of one side of `::`; undefined when a piece is none. */
function piecesOf(part: string): readonly number[] | undefined {
  if (part === '') return [];
  const groups: number[] = [];
  for (const piece of part.split(':')) {
    const dotted = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(piece);
    if (dotted) {
      const [a = 0, b = 0, c = 0, d = 0] = dotted.slice(1).map(Number);
      groups.push(a * 256 + b, c * 256 + d);
    } else if (/^[0-9a-f]{1,4}$/i.test(piece)) groups.push(Number.parseInt(piece, 16));
    else return undefined;
  }
  return groups;
}

/** Whether a target's id is an instance's, not an address. */
export const isInstanceId = (id: string): boolean => /^i-[0-9a-f]+$/.test(id);

/** Eight groups of an IPv6 address, or undefined when the text is none. */
export function groupsOf(address: string): readonly number[] | undefined {
  const [head = '', tail, ...more] = address.split('::');
  if (more.length > 0) return undefined;
  const left = piecesOf(head);
  const right = piecesOf(tail ?? '');
  if (!left || !right) return undefined;
  if (tail === undefined) return left.length === 8 ? left : undefined;
  const gap = 8 - left.length - right.length;
  return gap < 1 ? undefined : [...left, ...Array<number>(gap).fill(0), ...right];
}

/**
 * An IPv6 address in the one form of RFC 5952 (lower case, longest run of zeros shortened);
 * anything else, an IPv4 address or an instance id, as it is. The two sides that are compared
 * (EndpointSlices and ConfigMaps here, DescribeTargetHealth there) need not print the same text.
 */
export function canonicalId(id: string): string {
  const bare = id.startsWith('[') && id.endsWith(']') ? id.slice(1, -1) : id;
  if (!bare.includes(':')) return bare;
  const groups = groupsOf(bare);
  if (!groups) return bare;
  let best = { start: -1, length: 1 };
  for (let start = 0; start < 8; start += 1) {
    let length = 0;
    while (start + length < 8 && groups[start + length] === 0) length += 1;
    if (length > best.length) best = { start, length };
  }
  const text = (from: number, to: number): string =>
    groups
      .slice(from, to)
      .map((group) => group.toString(16))
      .join(':');
  return best.start < 0
    ? text(0, 8)
    : `${text(0, best.start)}::${text(best.start + best.length, 8)}`;
}

/** What makes two targets the same: id, port and QUIC server id. Equal keys, same target. */
export function targetKey(target: Target): string {
  const key = `${canonicalId(target.id)}:${target.port}`;
  return target.serverId === undefined ? key : `${key}:${target.serverId.toLowerCase()}`;
}

/**
 * One entry of a tracked set: `id:port`, or `id:port:0x<server id>` for QUIC. IPv6 is not bracketed
 * there (`pkg/backend/endpoint_types.go`), so the port follows the last colon. Undefined: malformed.
 */
export function parseTarget(text: string): Target | undefined {
  const entry = text.trim();
  const quic = /:0x/i.test(entry) ? /^(.+):(0x[0-9a-f]{16})$/i.exec(entry) : undefined;
  const plain = quic?.[1] ?? entry;
  const colon = plain.lastIndexOf(':');
  const digits = plain.slice(colon + 1);
  const port = Number(digits);
  if (colon < 1 || !/^\d{1,5}$/.test(digits) || port < 1 || port > 65535) return undefined;
  const id = canonicalId(plain.slice(0, colon));
  return quic?.[2] === undefined ? { id, port } : { id, port, serverId: quic[2].toLowerCase() };
}

/**
 * The value of the key `targets` of a tracking ConfigMap: a comma-joined set without any order.
 * `''` is the empty set, which is something else than no ConfigMap
 * (`pkg/targetgroupbinding/multicluster_manager.go`). An entry that is none is left out: the
 * controller compares entries as text, so it could never match a target either.
 */
export function parseTracked(text: string): readonly Target[] {
  return text
    .split(',')
    .map(parseTarget)
    .filter((target) => target !== undefined);
}

/** Keys of tracked targets; none when there is no ConfigMap. */
export const trackedKeys = memoized(
  (tracked: TrackedTargets): ReadonlySet<string> =>
    new Set(tracked.kind === 'set' ? tracked.targets.map(targetKey) : []),
);

/** A target as people read it: IPv6 in brackets. */
export const targetText = (target: Target): string => {
  const id = canonicalId(target.id);
  return `${id.includes(':') ? `[${id}]` : id}:${target.port}`;
};
