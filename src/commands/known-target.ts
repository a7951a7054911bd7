import { advice } from '../core/model/hint.ts';
import type { KnownTarget } from '../core/model/intent.ts';
import { ProblemError } from '../core/model/problem.ts';
import { canonicalId, parseTarget } from '../core/model/target-key.ts';

/** `ID[:PORT]`, with IPv6 in brackets where a port follows, or a CIDR range. Raises `usage`. */
export function knownTarget(text: string): KnownTarget {
  const withPort = parseTarget(text.replace(/^\[(.+)\]:/, '$1:'));
  const bare = /^(\d+(\.\d+){3}|i-[0-9a-f]+|\[?[0-9a-f:]*::?[0-9a-f:]*\]?)$/i;
  // Bare IPv6 ends like `address:port` does: without brackets all of it is the address.
  if (bare.test(text)) return { id: canonicalId(text) };
  // A range is of addresses: those of virtual machines, autoscaling groups, tasks.
  const [base = '', size = ''] = text.split('/');
  const most = base.includes(':') ? 128 : 32;
  if (/^\d{1,3}$/.test(size) && Number(size) <= most && bare.test(base) && !base.startsWith('i-')) {
    return { id: text };
  }
  if (withPort && bare.test(withPort.id)) return { id: withPort.id, port: withPort.port };
  throw new ProblemError({
    code: 'usage',
    message: `'${text}' is not a target.`,
    hints: [advice('Write ID or ID:PORT, such as 10.0.3.9:8080, [fd00::9]:8080 or i-0abc.')],
  });
}
