import { fullSize } from '../full-size.ts';
import type { FaultRule } from '../../src/sandbox/requests/faults.ts';
import type { JournalEntry } from '../../src/sandbox/requests/journal.ts';

/** A pattern for a path in any world: the name of a target group has a hash that no two share. */
const escape = (text: string): string =>
  text
    .replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll(/k8s-default-nginx-[0-9a-f]{10}/g, 'k8s-default-nginx-[0-9a-f]{10}');

/** A rule that hits every request for the same thing as `entry`, whatever its query. */
export const ruleFor = (
  entry: JournalEntry,
  fault: Partial<FaultRule> & Pick<FaultRule, 'kind'>,
): FaultRule => ({
  ...fault,
  world: entry.world,
  ...(entry.cluster ? { cluster: entry.cluster } : {}),
  match: new RegExp(
    entry.world === 'aws'
      ? `^${escape(entry.action ?? '')}$`
      : `^${entry.verb} ${escape(entry.path?.split('?')[0] ?? '')}(\\?|$)`,
  ),
});

/** Flags for a run in which something hangs: only there is time short. */
export const patience = ({ kind }: Pick<FaultRule, 'kind'>): string =>
  kind === 'hang' ? '--request-timeout 100ms' : '';

/** How a read can fail. */
export const faults = {
  403: { kind: 'status', status: 403 },
  500: { kind: 'status', status: 500 },
  cut: { kind: 'cut' },
  timeout: { kind: 'hang' },
} as const;

/**
 * What meets this fault: in CI everything. Otherwise each thing meets one of the faults, in turn, so
 * that all are tried, and so is each fault.
 */
export function meeting<T>(fault: string, all: readonly T[]): readonly T[] {
  const names = Object.keys(faults);
  return all.filter((_, n) => fullSize || n % names.length === names.indexOf(fault));
}

/** How many of the reads that met a fault must have led to a refusal, or the proof shows nothing. */
export const FEWEST_REFUSED = fullSize ? 5 : 1;
