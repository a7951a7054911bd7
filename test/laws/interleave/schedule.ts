import { acts } from './acts.ts';
import { handoverActs } from './handover-acts.ts';
import { commands, lineIn } from './commands.ts';
import { between, randomFrom, weighed } from '../../random.ts';
import { type Layout, layouts, type Name, names } from './scene.ts';
import { castOf, handoverStories, stories } from './stories.ts';

/** One thing that happens at a time of its own, whatever became of what was before. */
export interface Entry {
  /** Simulated ms after the beginning. */
  readonly at: number;
  /** A name in `acts` or `commands`; of an entry at 0, a layout. */
  readonly what: string;
  readonly cluster: Name;
  /** From 0 to 999: what else varies. */
  readonly n: number;
  /** For a command: the request after which it dies, if it gets that far. */
  readonly dieAfter?: number;
}

export type Schedule = readonly Entry[];

/** How long after the last entry is watched what comes of it: longer than a deferred pass takes. */
export const AFTERMATH_MS = 50 * 60_000;

/** Often close together, so that one falls into the other; sometimes after all has settled. */
function pause(random: () => number, patient: boolean): number {
  const kind = random();
  if (kind < (patient ? 0.1 : 0.35)) return between(random, 100, 8_000);
  if (kind < 0.75) return between(random, 20_000, 150_000);
  return between(random, 4 * 60_000, 11 * 60_000);
}

/** The schedule of a seed: mostly an enrollment first, then anything. */
export function scheduleOf(seed: number): Schedule {
  const random = randomFrom(seed);
  const layout = layoutOfSeed(seed);
  const typed = Object.entries(commands).map(
    ([what, command]) => [what, { weight: command.weight, ...lineIn(layout, command) }] as const,
  );
  const hands = isOfHandover(seed);
  const choices = [...Object.entries(acts), ...typed]
    .filter(([what]) => hands || !ofHandover.includes(what))
    .map(([what, { weight, on = names }]) => ({ what, weight, on }));
  const entries: Entry[] =
    layout === 'walkthrough' ? [] : [{ at: 0, what: layout, cluster: 'pri', n: 0 }];
  let at = 1_000;
  const add = (what: string, on: readonly Name[], patient = false): void => {
    const cluster = on[between(random, 0, on.length - 1)] ?? 'pri';
    const n = between(random, 0, 999);
    const dies = what in commands && random() < 0.25;
    const dieAfter = dies ? between(random, 1, commands[what]?.requests ?? 60) : undefined;
    entries.push({ at, what, cluster, n, ...(dieAfter === undefined ? {} : { dieAfter }) });
    at += pause(random, patient);
  };
  for (const [what, cluster, chance] of beginnings[layout === 'no-owner' ? 'none' : 'service']) {
    if (random() < chance) add(what, [cluster], true);
  }
  if (hands && random() < 0.7) add('handover', ['sec'], true);
  const told = hands ? [...handoverStories, ...handoverStories, ...stories] : stories;
  let story: readonly (readonly [string, Name])[] = [];
  for (let left = between(random, 5, 10); left > 0 || story.length > 0; left -= 1) {
    if (story.length === 0 && left > 1 && random() < 0.25) {
      const cast = castOf(random(), random());
      const steps = told[between(random, 0, told.length - 1)] ?? [];
      story = steps.map(([what, who]) => [what, cast[who]]);
    }
    const [step, ...later] = story;
    if (step && random() < 0.7) {
      add(step[0], [step[1]], true);
      story = later;
    } else {
      const { what, on } = weighed(random, choices);
      add(what, on);
    }
  }
  return entries;
}

const ofHandover = ['handover', 'revert', ...Object.keys(handoverActs)];

/**
 * A handover takes ten times the requests of other commands, and most are refused unless enough came
 * before: so it is in few seeds, with layouts of each kind, and often there.
 */
const isOfHandover = (seed: number): boolean => Math.floor(seed / 2) % 7 === 3;

type Beginning = readonly (readonly [what: string, cluster: Name, chance: number])[];

const beginnings: Readonly<Record<'service' | 'none', Beginning>> = {
  service: [
    ['enable', 'pri', 0.8],
    ['join', 'sec', 0.6],
    ['join', 'ter', 0.4],
  ],
  none: [
    ['join', 'pri', 0.9],
    ['join', 'sec', 0.7],
    ['join', 'ter', 0.5],
  ],
};

/** Half of the seeds are of a Service with one port, as most enrollments are; even and odd alike. */
function layoutOfSeed(seed: number): Layout {
  const turn = Math.floor(seed / 2) % 6;
  return turn < 3 ? 'walkthrough' : (layouts[turn - 2] ?? 'walkthrough');
}

/** The layout that a schedule is played on. */
export const layoutOf = (schedule: Schedule): Layout =>
  layouts.find((layout) => schedule.some(({ what }) => what === layout)) ?? 'walkthrough';

/** A schedule as text for people: one line for each entry. */
export const textOf = (schedule: Schedule): string =>
  schedule
    .map(({ at, what, cluster, n, dieAfter }) => {
      const dying = dieAfter === undefined ? '' : `, killed after request ${dieAfter}`;
      return `${(at / 1000).toFixed(1).padStart(8)} s  ${what} ${cluster} (n=${n})${dying}`;
    })
    .join('\n');
