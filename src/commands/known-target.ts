import type { KnownTarget } from '../core/model/intent.ts';
import { isInRange } from '../core/model/cidr.ts';
import { canonicalId, parseTarget } from '../core/model/target-key.ts';
import { usageError } from './usage-error.ts';

/** `ID[:PORT]`, with IPv6 in brackets where a port follows, or a CIDR range. Raises `usage`. */
export function knownTarget(text: string): KnownTarget {
  const [base = '', size, more] = text.split('/');
  const longest = base.includes(':') ? 128 : 32;
  // A range has its own first address, unless it is no range.
  const isRange = size !== undefined && more === undefined && Number(size) <= longest;
  if (isRange && isInRange(base, text)) return { id: text };
  const withPort = parseTarget(text.replace(/^\[(.+)\]:/, '$1:'));
  const bare = /^(\d+(\.\d+){3}|i-[0-9a-f]+|\[?[0-9a-f:]*::?[0-9a-f:]*\]?)$/i;
  // Bare IPv6 ends like `address:port` does: without brackets all of it is the address.
  if (bare.test(text)) return { id: canonicalId(text) };
  if (withPort && bare.test(withPort.id)) return { id: withPort.id, port: withPort.port };
  throw usageError(
    `--known-target: '${text}' is not a target and not a CIDR range.`,
    'Write ID, ID:PORT or a CIDR range, such as 10.0.3.9:8080, [fd00::9]:8080, i-0abc or 10.0.8.0/24.',
  );
}
