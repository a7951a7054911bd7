import { canonicalId, groupsOf } from './target-key.ts';

/** The bits of an address, and how many it has; undefined when the text is none. */
function bitsOf(address: string): { readonly value: bigint; readonly length: number } | undefined {
  const bare = canonicalId(address);
  if (bare.includes(':')) {
    const groups = groupsOf(bare);
    return groups && { value: joined(groups, 16n), length: 128 };
  }
  const bytes = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(bare)?.slice(1).map(Number);
  return bytes?.every((byte) => byte < 256) ? { value: joined(bytes, 8n), length: 32 } : undefined;
}

const joined = (parts: readonly number[], width: bigint): bigint =>
  parts.reduce((sum, part) => (sum << width) + BigInt(part), 0n);

/** Whether an address lies in a CIDR block; false for what is no address, or of the other family. */
export function isInRange(address: string, cidr: string): boolean {
  const [base = '', size = ''] = cidr.split('/');
  const one = bitsOf(address);
  const other = bitsOf(base);
  if (!one || !other || one.length !== other.length || !/^\d{1,3}$/.test(size)) return false;
  const free = BigInt(Math.max(0, one.length - Number(size)));
  return one.value >> free === other.value >> free;
}

/** Whether a text is a range of addresses in CIDR notation, IPv4 or IPv6. */
export function isCidr(text: string): boolean {
  const [base = '', size = '', ...more] = text.split('/');
  const one = bitsOf(base);
  return (
    more.length === 0 && one !== undefined && /^\d{1,3}$/.test(size) && Number(size) <= one.length
  );
}

/** Whether a range lies in another one as a whole. */
export function isWithin(inner: string, outer: string): boolean {
  const [base = '', size = ''] = inner.split('/');
  const [, outerSize = ''] = outer.split('/');
  return isInRange(base, outer) && Number(size) >= Number(outerSize);
}

/** Whether two ranges have an address in common. */
export const rangesOverlap = (a: string, b: string): boolean => isWithin(a, b) || isWithin(b, a);
