import { acts } from './acts.ts';
import { type Breach, watchRun } from './breaches.ts';
import { disagreementsIn } from './agreement.ts';
import { commands, lineIn } from './commands.ts';
import { Line } from './line.ts';
import type { Program } from './program.ts';
import { randomFrom } from '../../random.ts';
import type { Fall, Loss, Removal } from './records.ts';
import type { Upset } from './upsets.ts';
import { runOn, setScene } from './scene.ts';
import { AFTERMATH_MS, type Entry, layoutOf, type Schedule } from './schedule.ts';

/** One command as it went. */
export interface Ran {
  readonly entry: Entry;
  readonly code: number | undefined;
  readonly text: string;
  /** When it began and ended, in simulated ms after the schedule's beginning. */
  readonly from: number;
  readonly until: number;
  /** Places of its writes in the order of the records. */
  readonly writes: readonly number[];
}

/** What became of a schedule. */
export interface History {
  readonly removals: readonly Removal[];
  readonly losses: readonly Loss[];
  readonly falls: readonly Fall[];
  readonly upsets: readonly Upset[];
  readonly breaches: readonly Breach[];
  readonly ran: readonly Ran[];
  /** Where a green verify and the commands do not agree at the end; only of a schedule as it is. */
  readonly disagreed: readonly string[];
}

/** What is taken out of a schedule that is played again. */
export interface Without {
  /** All that nlbmc writes once the order of the records has come to this place. */
  readonly writesFrom?: number;
  readonly entries?: readonly Entry[];
}

/**
 * Plays a schedule in a world of its own. The same schedule always goes the same way, and one with
 * something taken out goes the same way up to there.
 */
export async function play(
  program: Program,
  schedule: Schedule,
  without: Without = {},
): Promise<History> {
  const real = Math.random;
  // Names of pods, the jitter of retries: chance belongs to the schedule here.
  Math.random = randomFrom(1);
  const scene = setScene(layoutOf(schedule));
  try {
    return await playIn(scene, program, schedule, without);
  } finally {
    scene.world.stop();
    Math.random = real;
  }
}

async function playIn(
  scene: ReturnType<typeof setScene>,
  program: Program,
  schedule: Schedule,
  without: Without,
): Promise<History> {
  const { writesFrom = Infinity, entries = [] } = without;
  const { world, records } = scene;
  const start = world.clock.time();
  const left = schedule.filter((entry) => !entries.includes(entry));
  for (const { at, what, cluster, n } of left) {
    const act = acts[what];
    if (act) world.clock.after(at, () => act.play(scene, cluster, n));
  }
  const ran: Ran[] = [];
  const breaches: Breach[] = [];
  for (const entry of left) {
    const command = commands[entry.what];
    if (!command) continue;
    world.clock.advanceTo(start + entry.at);
    if (records.order >= writesFrom) continue;
    const { line } = lineIn(scene.layout, command);
    ran.push(await runEntry(entry, line(entry.cluster, entry.n)));
    // The pages say so; some forget it, and the document gets older.
    if (entry.what === 'join' && entry.n % 3 !== 1 && ran.at(-1)?.code === 0)
      await keep(entry.cluster);
  }
  const end = (schedule.at(-1)?.at ?? 0) + AFTERMATH_MS;
  world.clock.advanceTo(start + end);
  const whole = writesFrom === Infinity && entries.length === 0;
  const disagreed = whole ? await disagreementsIn(scene, program) : [];
  const { removals, losses, falls } = records;
  const ours = breaches.filter(isOurs);
  return { removals, losses, falls, upsets: scene.upsets, breaches: ours, ran, disagreed };

  /** Not so where something happened while the run was under way: nlbmc decides on what it saw. */
  function isOurs({ at, entry, lasted }: Breach): boolean {
    const began = ran.find((one) => one.entry === entry)?.from ?? at;
    // What happened a moment before it began has not come to rest yet, either.
    const from = lasted === undefined ? began : at - lasted;
    return !left.some(({ at: then, what }) => acts[what] && then >= from && then <= at);
  }

  async function keep(cluster: string): Promise<void> {
    const contexts = [...new Set(['pri', cluster])].join();
    const line = new Line(world, { write: () => true });
    const words = `show nginx --context ${contexts} -o yaml`.split(' ');
    const { code, answer } = await runOn(program, line, words);
    if (code === 0) scene.kept.text = answer;
  }

  async function runEntry(entry: Entry, typed: string): Promise<Ran> {
    const from = world.clock.time() - start;
    const writes: number[] = [];
    const watch = watchRun(world, typed, scene.kept.text);
    const line = new Line(world, {
      ...(entry.dieAfter === undefined ? {} : { dieAfter: entry.dieAfter }),
      write: (sent) => {
        if (records.order >= writesFrom) return false;
        const spoken = watch.against(sent);
        if (spoken !== undefined)
          breaches.push({ at: world.clock.time() - start, entry, ...spoken });
        return writes.push(records.next()) > 0;
      },
      carried: watch.carried,
    });
    const words = typed.trim().split(/\s+/);
    const { code, text, answer } = await runOn(program, line, words, scene.kept.text);
    if (entry.what === 'show' && code === 0) scene.kept.text = answer;
    const until = world.clock.time() - start;
    return { entry, code, text, from, until, writes };
  }
}
