import { faultsOf, type Fault } from './blame.ts';
import { play, type Ran } from './play.ts';
import type { Program } from './program.ts';
import { type Schedule, scheduleOf, textOf } from './schedule.ts';
import { shrink } from './shrink.ts';

/** What was seen in a row of seeds, to know that it was worth looking at. */
export interface Tally {
  seeds: number;
  /** Runs of nlbmc by command and exit code: `join 0`; `join killed`. */
  readonly runs: Map<string, number>;
  /** Targets that a cluster took from another, whoever is to blame. */
  losses: number;
}

/** What a schedule shows that nlbmc is to blame for; what was seen is added to the tally. */
export async function faultsIn(
  program: Program,
  schedule: Schedule,
  tally?: Tally,
): Promise<readonly Fault[]> {
  const history = await play(program, schedule);
  if (tally) {
    tally.seeds += 1;
    tally.losses += history.losses.length;
    for (const { entry, code } of history.ran) {
      const name = `${entry.what} ${code ?? 'killed'}`;
      tally.runs.set(name, (tally.runs.get(name) ?? 0) + 1);
    }
  }
  const defect = history.ran.find(({ code }) => code === 1);
  if (defect) throw new Error(`${defect.entry.what} ended with a defect:\n${defect.text}`);
  const [disagreed] = history.disagreed;
  if (disagreed !== undefined) throw new Error(disagreed);
  return faultsOf(program, schedule, history);
}

/** The first of these seeds whose schedule shows a fault of ours; undefined where none does. */
export async function firstSeed(
  program: Program,
  seeds: readonly number[],
  tally?: Tally,
): Promise<number | undefined> {
  for (const seed of seeds) {
    const schedule = scheduleOf(seed);
    const found = await faultsIn(program, schedule, tally).catch((error: unknown) => {
      throw new Error(`SEED=${seed}\n${textOf(schedule)}`, { cause: error });
    });
    if (found.length > 0) return seed;
  }
  return undefined;
}

/**
 * The same with the smallest schedule that still shows a fault, as text to replay it by. To find that
 * schedule takes as long as some fifty seeds.
 */
export async function firstFault(
  program: Program,
  seeds: readonly number[],
  tally?: Tally,
): Promise<string | undefined> {
  const seed = await firstSeed(program, seeds, tally);
  if (seed === undefined) return undefined;
  const smallest = await shrink(
    scheduleOf(seed),
    async (fewer) => (await faultsIn(program, fewer)).length > 0,
  );
  const faults = await faultsIn(program, smallest);
  return [`SEED=${seed}`, textOf(smallest), ...faults.map(faultText)].join('\n');
}

function faultText({ kind, harm, ran }: Fault): string {
  const when = `${(harm.at / 1000).toFixed(1)} s`;
  if (kind === 'upset')
    return `${when}: ${[harm.by, harm.kind, harm.of].join(' ').trim()}, and would not have without ${runText(ran)}`;
  if (kind === 'breach') return `${when}: ${harm.text}. ${runText(ran)}`;
  const what =
    kind === 'loss' && 'owner' in harm
      ? `${harm.by} took ${harm.target} of ${harm.owner} out at ${when}`
      : `${harm.by} took the last healthy target out at ${when}`;
  return `${what}, and would not have without ${runText(ran)}`;
}

const runText = ({ entry, code, text }: Ran): string =>
  `"${entry.what} ${entry.cluster}" (exit ${code ?? 'none, killed'}):\n${text}`;
