import { isWatch } from '../commands/exchange.ts';
import { runNlbmc } from '../commands/harness.ts';
import { onShared } from '../commands/handover/ways.ts';
import { worldInProcess } from '../commands/in-process.ts';
import { onStage, SEC, type Stage } from '../laws/stage.ts';
import { addresses, BINDINGS, deregister, person } from '../commands/repair-acts.ts';
import { loseSecondary } from '../commands/gone.ts';
import { situations } from './rights-situations.ts';
import {
  cellOf,
  type Command,
  commands,
  disable,
  enable,
  join,
  leave,
  leaveDead,
  purge,
  repair,
  rightOf,
  rowsBelow,
  rowsOf,
  show,
  verify,
} from './rights-table.ts';

/** What is done to the stage, and the line that waits then. */
interface Wait {
  readonly of: Command;
  readonly arrange?: ((stage: Stage) => void) | undefined;
  readonly words?: (line: string) => string;
}

const situation = (name: string) => {
  const one = situations.find((each) => each.name === name);
  if (!one) throw new Error(`there is no situation "${name}"`);
  return one;
};
const madeByJoin = situation('the Service that join made');
const deregistered = (stage: Stage): void =>
  void deregister(stage.world, addresses(stage.world, SEC));

/** Somebody else holds it: it does not go at once when it is deleted. */
const held = (key: string, stage: Stage): void => {
  const body = { metadata: { finalizers: ['example.com/held'] } };
  const { kube } = stage.world.cluster(SEC);
  kube.patch(key, 'default', 'nginx', { type: 'merge', body }, person);
};
const serviceHeld: Omit<Wait, 'of'> = {
  arrange: (stage) => {
    madeByJoin.arrange?.(stage);
    held('services', stage);
  },
  words: (line) => `${line} --delete-service --timeout 7m`,
};

const waits: readonly Wait[] = [
  { of: enable },
  { of: join },
  { of: verify },
  {
    of: verify,
    arrange: deregistered,
    words: (line) => `${line} --wait --timeout 2s`,
  },
  { of: show },
  { of: disable },
  { of: leave },
  { of: leave, ...serviceHeld },
  { of: leaveDead },
  { of: leaveDead, ...serviceHeld },
  {
    of: leaveDead,
    arrange: (stage) => held(BINDINGS, stage),
    words: (line) => `${line} --timeout 7m`,
  },
  { of: purge, arrange: ({ world }) => loseSecondary(world) },
  { of: repair, arrange: deregistered },
  { of: repair, arrange: situation('a binding that was deleted').arrange },
];

/** What a command watched, as the page names it, by cluster. */
async function watchedBy({ of, arrange, words }: Wait): Promise<readonly string[]> {
  return onStage(of.before, async (stage) => {
    of.arrange?.(stage);
    arrange?.(stage);
    worldInProcess(stage.sandbox, true);
    await runNlbmc(stage.sandbox, words?.(of.line) ?? of.line, { watches: true });
    const watches = stage.requests().filter(isWatch);
    for (const entry of watches)
      expect([rightOf(entry), cellOf(of, entry)]).toEqual([rightOf(entry), 'quicker']);
    return watches.map((entry) => `${entry.cluster} ${rightOf(entry)}`);
  });
}

/** What the tables name, in the words of `watchedBy`. */
const quickerIn = (rows: ReturnType<typeof rowsBelow>, cluster: string, column: number) =>
  rows.filter(({ cells }) => cells[column] === 'quicker').map(({ right }) => `${cluster} ${right}`);

// `list` needs what `verify` needs, but never waits.
test.each(commands.filter(({ name }) => name !== 'list'))(
  'docs/rights.md names what $name watches, and nothing else',
  async (command) => {
    const seen: string[] = [];
    for (const wait of waits.filter(({ of }) => of === command))
      seen.push(...(await watchedBy(wait)));
    const named = Object.entries(command.kube).flatMap(([cluster, column]) =>
      quickerIn(rowsOf(command), cluster, column),
    );
    expect([...new Set(seen)].toSorted()).toEqual(named.toSorted());
  },
);

test('docs/rights.md names what handover watches, there and back', () =>
  onShared({}, async ({ sandbox, world }) => {
    worldInProcess(sandbox, true);
    for (const line of ['', ' --back']) {
      const { code } = await runNlbmc(sandbox, `handover nginx --old old --new new --yes${line}`, {
        watches: true,
      });
      expect(code).toBe(0);
    }
    const watches = world.journal.entries.filter(isWatch);
    const seen = new Set(watches.map((entry) => `${entry.cluster} ${rightOf(entry)}`));
    const named = ['old', 'new'].flatMap((cluster, column) =>
      quickerIn(rowsBelow('Kubernetes, to hand over'), cluster, column),
    );
    expect([...seen].toSorted()).toEqual(named.toSorted());
  }));
