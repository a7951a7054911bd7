import type { FaultRule } from '../../src/sandbox/requests/faults.ts';
import type { JournalEntry } from '../../src/sandbox/requests/journal.ts';
import { onStage, type Stage } from '../laws/stage.ts';
import { fullSize } from '../full-size.ts';
import { type Situation, situations } from './rights-situations.ts';
import { cellOf, type Command, commands, rightOf, rowsOf } from './rights-table.ts';

/**
 * Whether a right is taken away from a command to see what comes of it: in CI each from each. Otherwise
 * from each sixth command, so that the right and the command are both tried.
 */
const isTaken = (command: Command, key: string): boolean =>
  fullSize || (key.length + commands.indexOf(command)) % 6 === 0;

const keyOf = (entry: JournalEntry): string => `${entry.cluster ?? ''} ${rightOf(entry)}`;

/** Runs a command in a situation: its exit code, and what it asked for. */
async function runIn(stage: Stage, { line }: Command, { words }: Situation) {
  const from = stage.world.journal.entries.length;
  const { code } = await stage.nlbmc(words?.(line) ?? line);
  return { code, requests: stage.requests(from) };
}

const onStageOf = <T>(
  { before, arrange: first }: Command,
  { arrange, scenario }: Situation,
  act: (stage: Stage) => Promise<T>,
): Promise<T> =>
  onStage(
    before,
    (stage) => {
      first?.(stage);
      arrange?.(stage);
      return act(stage);
    },
    scenario,
  );

/** A rule that takes away the right that a request needed. */
function withoutRight(entry: JournalEntry): FaultRule {
  const { world, cluster, verb = '', action = '' } = entry;
  const [word, resource] = rightOf(entry).split(' ');
  const match =
    world === 'aws'
      ? new RegExp(`^${action.replace('.', '\\.')}$`)
      : new RegExp(
          `^${verb} .*/${resource}${word === 'list' || word === 'create' ? '' : '/[^/?]+'}(\\?|$)`,
        );
  return { world, ...(cluster && { cluster }), match, kind: 'status', status: 403 };
}

interface Missing {
  readonly key: string;
  readonly entry: JournalEntry;
}

/**
 * Plays the command in every situation, and again without each right it used that no situation before
 * had: the page has to say what came of it, and nothing that no run asked for.
 */
export async function proveRightsOf(command: Command): Promise<void> {
  const seen = new Set<string>();
  const wrong: string[] = [];
  for (const situation of situations.filter(({ of }) => of.includes(command))) {
    let code = NaN;
    const run = async (stage: Stage): Promise<Missing[]> => {
      const first = await runIn(stage, command, situation);
      ({ code } = first);
      // Which kinds there are may be read by everybody.
      const asked = first.requests.filter((entry) => !rightOf(entry).includes('/apis/'));
      const fresh = new Map(asked.map((entry) => [keyOf(entry), entry]));
      const unseen = [...fresh].filter(([key]) => !seen.has(key));
      for (const [key] of unseen) seen.add(key);
      return unseen
        .filter(([key]) => isTaken(command, key))
        .map(([key, entry]) => ({ key, entry }));
    };
    const runWithout = async (stage: Stage, { key, entry }: Missing): Promise<void> => {
      const giveBack = stage.world.faults.add(withoutRight(entry));
      const without = await runIn(stage, command, situation);
      giveBack();
      const needed = [5, 8].includes(without.code) && !hasWritten(without.requests);
      const as = without.code === code ? 'improves' : needed ? 'needed' : `exit ${without.code}`;
      const cell = cellOf(command, entry);
      if (as !== cell.replace('sometimes', 'needed'))
        wrong.push(`${situation.name}: ${key}: ${cell} on the page, ${as} in fact`);
    };
    // What is left to be played without; not known before the first run.
    const todo: { left?: Missing[] } = {};
    // A run that wrote nothing leaves the stage as it was for the next one.
    const play = async (stage: Stage): Promise<void> => {
      const { entries } = stage.world.journal;
      for (let from = entries.length; !hasWritten(stage.requests(from));) {
        from = entries.length;
        if (!todo.left) {
          todo.left = await run(stage);
          continue;
        }
        const missing = todo.left.shift();
        if (!missing) return;
        await runWithout(stage, missing);
      }
    };
    while (!todo.left || todo.left.length > 0) await onStageOf(command, situation, play);
  }
  expect(wrong).toEqual([]);
  expect([...seen].toSorted()).toEqual(namedFor(command).toSorted());
}

const hasWritten = (requests: readonly JournalEntry[]): boolean =>
  requests.some(({ mutating, status }) => mutating && status < 300);

/** What the page names for a command, in any situation. */
function namedFor(command: Command): string[] {
  const kube = Object.entries(command.kube).flatMap(([cluster, column]) =>
    rowsOf(command)
      // Watches are refused here; rights-to-watch.test.ts has them.
      .filter(
        ({ right, cells }) => right.includes(' ') && cells[column] && cells[column] !== 'quicker',
      )
      .map(({ right }) => `${cluster} ${right}`),
  );
  const aws = rowsOf(command)
    .filter(({ right, cells }) => right.includes(':') && cells[command.aws])
    .map(({ right }) => ` ${right}`);
  return [...kube, ...aws];
}
