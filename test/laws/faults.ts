import { fullSize } from '../full-size.ts';
import type { FaultRule } from '../../src/sandbox/requests/faults.ts';
import type { JournalEntry } from '../../src/sandbox/requests/journal.ts';
import type { Stage } from './stage.ts';

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

/** Some turns of the event loop: what has arrived meanwhile is looked at, however slow the machine is. */
async function turns(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 30));
  for (let n = 0; n < 20; n += 1) await new Promise((resolve) => setImmediate(resolve));
}

/**
 * Runs `act`, in which something may hang. No request has a time limit of its own there: what is open is
 * given up once nothing else is under way. So that only what hangs times out, on a busy machine, too.
 */
export async function patiently<T>(
  { world: { journal } }: Pick<Stage, 'world'>,
  { kind }: Pick<FaultRule, 'kind'>,
  act: () => Promise<T>,
): Promise<T> {
  if (kind !== 'hang') return act();
  const limits = new Set<AbortController>();
  const timeout = AbortSignal.timeout.bind(AbortSignal);
  AbortSignal.timeout = () => {
    const limit = new AbortController();
    limits.add(limit);
    return limit.signal;
  };
  const end = new AbortController();
  const giveUp = async (): Promise<void> => {
    while (!end.signal.aborted) {
      const [arrived, sent] = [journal.entries.length, limits.size];
      await turns();
      if (journal.entries.length !== arrived || limits.size !== sent) continue;
      for (const limit of limits) limit.abort();
      limits.clear();
    }
  };
  const watching = giveUp();
  try {
    return await act();
  } finally {
    end.abort();
    AbortSignal.timeout = timeout;
    await watching;
  }
}

type Fault = Pick<FaultRule, 'kind' | 'status'>;

/** How a read can fail. */
export const faults = {
  403: { kind: 'status', status: 403 },
  500: { kind: 'status', status: 500 },
  cut: { kind: 'cut' },
  timeout: { kind: 'hang' },
} as const satisfies Readonly<Record<string, Fault>>;

/**
 * What meets this fault: in CI everything. Otherwise each thing meets one of the faults, in turn, so
 * that all are tried, and so is each fault; where it is `sparse`, half of the things meet one.
 */
export function meeting<T>(fault: string, all: readonly T[], sparse = false): readonly T[] {
  const names = Object.keys(faults);
  const of = names.length * (sparse ? 2 : 1);
  return all.filter((_, n) => fullSize || n % of === names.indexOf(fault));
}

/** A read, and the fault that it meets. */
export interface Encounter<T> {
  readonly met: string;
  readonly fault: Fault;
  readonly read: T;
}

/** Every read with every fault that it meets: one stage does for all, for as long as nothing is written. */
export const encounters = <T>(
  reads: readonly T[],
  met = Object.keys(faults),
  sparse = false,
): readonly Encounter<T>[] =>
  Object.entries(faults)
    .filter(([name]) => met.includes(name))
    .flatMap(([name, fault]) =>
      meeting(name, reads, sparse).map((read) => ({ met: name, fault, read })),
    );

/** For each fault, whether enough of the reads that met it led to a refusal. */
export const enough = (
  refused: readonly string[],
  met = Object.keys(faults),
): Readonly<Record<string, boolean>> =>
  Object.fromEntries(
    met.map((name) => [name, refused.filter((one) => one === name).length >= FEWEST_REFUSED]),
  );

/** How many of the reads that met a fault must have led to a refusal, or the proof shows nothing. */
export const FEWEST_REFUSED = fullSize ? 5 : 1;
