import type { Report } from '../../src/core/plan/report.ts';
import type { run } from '../../src/main.ts';
import { runNlbmc } from '../commands/harness.ts';
import { steady } from '../golden/golden.ts';
import { ENABLE, JOIN, onStage, PRI, SEC, type Stage, VERIFY } from '../laws/stage.ts';
import { programWithoutTexts } from './without-texts.ts';

const person = { actor: 'person', manager: 'kubectl-edit', internal: true };

/** What happens in the world between two commands. */
const acts: Readonly<Record<string, (stage: Stage) => void>> = {
  'its record is lost': ({ world }) =>
    void world.cluster(SEC).kube.delete('configmaps', 'default', 'aws-lbc-targets-nginx', person),
  'its Service is deleted': ({ world }) =>
    void world.cluster(SEC).kube.delete('services', 'default', 'nginx', person),
  'its controller stops': ({ world }) => world.cluster(SEC).lbc.stop(),
  'the controller of the primary stops': ({ world }) => world.cluster(PRI).lbc.stop(),
};

const LEAVE = `leave nginx --context ${SEC} --primary ${PRI} --yes`;
const REPAIR = `repair nginx --context ${PRI},${SEC} --yes`;

/** Commands and what happens between them: plans, refusals, red verdicts, repairs, ends. */
const stories: Readonly<Record<string, readonly string[]>> = {
  'there and back': [
    VERIFY,
    JOIN,
    `${ENABLE} --dry-run`,
    ENABLE,
    ENABLE,
    JOIN,
    JOIN,
    VERIFY,
    `verify nginx --context ${PRI}`,
    `disable nginx --context ${PRI} --yes`,
    `purge nginx --context ${PRI} --yes`,
    `leave nginx --context ${PRI} --yes`,
    `${LEAVE} --min-healthy 9`,
    LEAVE,
    LEAVE,
    `disable nginx --context ${PRI} --yes`,
    'enable ngin',
    `join nginx --context ${SEC} --primary ${SEC}`,
  ],
  'a lost record': [
    ENABLE,
    JOIN,
    'its record is lost',
    VERIFY,
    REPAIR,
    LEAVE,
    `${LEAVE} --accept-removing 2`,
    VERIFY,
  ],
  'a lost Service': [ENABLE, JOIN, 'its Service is deleted', VERIFY, REPAIR, JOIN, LEAVE, VERIFY],
  'controllers that stopped': [
    ENABLE,
    JOIN,
    'its controller stops',
    VERIFY,
    REPAIR,
    `${LEAVE} --timeout 5s`,
    `${LEAVE} --without-controller`,
    VERIFY,
    `purge nginx --context ${PRI} --yes`,
    'the controller of the primary stops',
    ENABLE,
    VERIFY,
    `disable nginx --context ${PRI} --yes`,
  ],
};

/** A document without its sentences: a hint that is one, messages, lines of items. */
const structure = (text: string): unknown =>
  JSON.parse(steady(text), (key: string, value: unknown) => {
    if (['message', 'details'].includes(key)) return undefined;
    if (typeof value === 'object' && value !== null && 'text' in value && !('goal' in value)) {
      const { text: _, ...rest } = value;
      return rest;
    }
    return value;
  });

interface Played {
  readonly line: string;
  readonly code: number;
  readonly report: unknown;
  readonly problems: readonly string[];
  /** Codes that the table names, in their order. */
  readonly told: readonly string[];
}

/** Plays a story with a program, each command once for its document. */
const play = (steps: readonly string[], program?: typeof run): Promise<readonly Played[]> =>
  onStage('deployed', async (stage) => {
    const played: Played[] = [];
    for (const line of steps) {
      const act = acts[line];
      if (act) {
        act(stage);
        stage.world.settle();
        continue;
      }
      const with_ = program ? { program } : {};
      // What only looks is looked at in both ways.
      const shown = line.startsWith('verify')
        ? await runNlbmc(stage.sandbox, line, with_)
        : undefined;
      const { code, stdout } = await runNlbmc(stage.sandbox, `${line} -o json`, with_);
      stage.world.settle();
      const { problems } = JSON.parse(stdout) as Report;
      played.push({
        line,
        code,
        report: structure(stdout),
        problems: problems.map((problem) => problem.code),
        told: [...(shown?.stdout ?? '').matchAll(/\(([a-z]+(?:-[a-z]+)+)\)$/gm)].map(
          ([, id = '']) => id,
        ),
      });
    }
    return played;
  });

let silent: Awaited<ReturnType<typeof programWithoutTexts>>;
beforeAll(async () => (silent = await programWithoutTexts()));
afterAll(() => silent.remove());

test('the program without texts has none', async () => {
  const [played] = await play([VERIFY], silent.run);
  expect(played?.problems.length).toBeGreaterThan(1);
  const { stdout } = await onStage('deployed', ({ sandbox }) =>
    runNlbmc(sandbox, `${VERIFY} -o json`, { program: silent.run }),
  );
  const { problems } = JSON.parse(stdout) as Report;
  expect(new Set(problems.map(({ message }) => message))).toEqual(new Set(['~']));
});

test.each(Object.entries(stories))(
  '%s: no exit code, problem or plan hangs on what a sentence says',
  async (_, steps) => {
    expect(await play(steps, silent.run)).toEqual(await play(steps));
  },
);
