import type { AddressEvidence } from './aws.ts';
import { isInRange } from './cidr.ts';
import type { KnownTarget } from './intent.ts';
import type { Target } from './target.ts';
import { canonicalId } from './target-key.ts';

/**
 * Whether a person has named the target as registered on purpose: by its id or address, by the
 * instance that has the address, or by a range that the address lies in.
 */
export const isKnownTarget = (
  target: Target,
  known: readonly KnownTarget[] = [],
  evidence?: AddressEvidence,
): boolean =>
  known.some(({ id, port }) => {
    if (port !== undefined && port !== target.port) return false;
    if (id.includes('/')) return isInRange(target.id, id);
    return canonicalId(id) === canonicalId(target.id) || id === evidence?.instance;
  });

/** Known targets as `--known-target` takes them: a hint carries them over. */
export const knownTargetTexts = (
  known: readonly KnownTarget[] = [],
): readonly string[] | undefined =>
  known.length === 0
    ? undefined
    : known.map(({ id, port }) => {
        if (port === undefined) return id;
        return `${id.includes(':') ? `[${id}]` : id}:${port}`;
      });
