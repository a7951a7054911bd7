import { execFile } from 'node:child_process';
import type { Report } from '../../src/core/plan/report.ts';
import { problemKey } from '../../src/core/model/problem-key.ts';
import { inside } from '../../src/sandbox/environment.ts';
import { runNlbmc } from '../commands/harness.ts';
import type { Stage } from './stage.ts';

/** A hint as `-o json` has it. */
interface Told {
  readonly text: string;
  readonly argv?: readonly string[];
}

/**
 * How a chain of first hints ends: all is well; a person reads what to decide; a person looks at
 * something with a command that changes nothing.
 */
export type End = 'green' | 'sentence' | 'look' | 'dead end';

export interface Walked {
  readonly end: End;
  /** What was typed, each with its exit code; the last one is the sentence where that is the end. */
  readonly path: readonly string[];
  /** Why it is a dead end, or a command that must not have been printed first. */
  readonly wrong: readonly string[];
}

const MOST_STEPS = 6;

const hintsOf = ({ problems, next }: Report): readonly Told[] => [
  ...problems.flatMap(({ hints = [] }) => hints as unknown as readonly Told[]),
  ...(next ? [next as unknown as Told] : []),
];

const isTyped = ({ text, argv }: Told): boolean =>
  argv !== undefined && !text.startsWith('if you accept ');

/** The commands of other tools that belong together with this one: for all problems of its kind. */
function asWell({ problems }: Report, first: Told): readonly Told[] {
  const told = problems.map(({ code, hints = [] }) => ({
    code,
    hints: hints as unknown as readonly Told[],
  }));
  const kind = told.find(({ hints }) => hints.some(({ text }) => text === first.text))?.code;
  const all = told.flatMap(({ code, hints }) => (code === kind ? hints.filter(isTyped) : []));
  return all.filter(
    ({ text }, n) => text !== first.text && all.findIndex((one) => one.text === text) === n,
  );
}

/** What only a person may decide to type. */
const guards = /^--(?:yes|accept|allow|force-conflicts|adopt|exclusive|without-controller)/;

const looks = [
  /^kubectl .*\b(?:get|describe|events|logs|rollout status|auth can-i|config get-contexts|edit)\b/,
  /^aws \S+ (?:describe|get)-/,
];

/** Exit 1 is an answer to these: no, you may not; no, it does not answer. */
const asks = /\bauth can-i\b|--raw\b/;

/** What is wrong in a report, whatever its words: code, what it is about, and what is to be typed. */
const stateOf = (report: Report): string =>
  [
    report.exit,
    ...report.problems.map(problemKey).toSorted(),
    ...hintsOf(report)
      .filter(isTyped)
      .map(({ text }) => text),
  ].join('\n');

type World = Pick<Stage, 'sandbox' | 'world'>;

/** Types nlbmc's line as a person at a terminal, who answers yes to questions. */
async function type({ sandbox, world }: World, words: readonly string[]): Promise<Report> {
  const { stdout } = await runNlbmc(sandbox, [...words, '-o', 'json'], {
    terminal: true,
    answers: ['yes', 'yes', 'yes'],
    onSleep: () => world.settle(),
  });
  world.settle();
  return JSON.parse(stdout) as Report;
}

/** Types a line of kubectl or aws: its exit code, a minute later. */
const typeOther = (
  { sandbox, world }: World,
  [tool = '', ...words]: readonly string[],
): Promise<number> =>
  new Promise((resolve) => {
    const env = { ...inside({ ...process.env, HOME: sandbox.dir, EDITOR: 'true' }, sandbox.env) };
    execFile(tool, words, { env, timeout: 300_000 }, (error) => {
      world.clock.advance(60_000);
      world.settle();
      resolve(error ? Number(error.code ?? 1) : 0);
    });
  });

/**
 * Types `line`, then each time the first command that is printed to be typed next, to the end; after `line` itself
 * that of `hint`.
 * `onTyped` is what others do in the world after each command. `together`: of another tool, all
 * commands that the problems of one kind tell are typed.
 */
export async function walk(
  stage: World,
  line: string,
  {
    most = MOST_STEPS,
    onTyped,
    together = false,
    hint = 0,
  }: {
    readonly most?: number;
    readonly onTyped?: () => void;
    readonly together?: boolean;
    /** Which of the commands that `line` prints is typed next: 0 is the first one. */
    readonly hint?: number;
  } = {},
): Promise<Walked> {
  const path: string[] = [];
  const wrong: string[] = [];
  const seen = new Set<string>();
  let words: readonly string[] = line.split(' ');
  const stop = (end: End, why?: string): Walked => ({
    end,
    path,
    wrong: why === undefined ? wrong : [...wrong, why],
  });
  for (let step = 0; step < most; step += 1) {
    const report = await type(stage, words);
    onTyped?.();
    path.push(
      `nlbmc ${words.join(' ')}  -> ${report.exit} ${report.problems.map(({ code }) => code).join()}`,
    );
    if (report.exit === 0 && words[0] === 'verify') return stop('green');
    const typed = words.join(' ');
    const key = `${typed}\n${stateOf(report)}`;
    if (seen.has(key)) return stop('dead end', `nothing has changed: ${typed}`);
    seen.add(key);
    const hints = hintsOf(report);
    const next = hints.filter(isTyped)[step === 0 ? hint : 0];
    const again = report.exit >= 6 && /run the same command again/i.test(report.message);
    if (!next?.argv && hints.length === 0 && again) continue;
    if (!next?.argv) {
      if (report.exit === 0) return stop('green');
      const [sentence] = hints;
      if (!sentence) return stop('dead end', `nothing to do is told: ${typed}`);
      path.push(sentence.text);
      return stop('sentence');
    }
    const { argv, text } = next;
    wrong.push(...argv.filter((word) => guards.test(word)).map((word) => `${word} in ${text}`));
    if (argv[0] === 'nlbmc') {
      words = argv.slice(1);
      continue;
    }
    const code = await typeOther(stage, argv);
    path.push(`${text}  -> ${code}`);
    if (looks.some((look) => look.test(text))) {
      return code === 0 || (code === 1 && asks.test(text))
        ? stop('look')
        : stop('dead end', `fails: ${text}`);
    }
    if (code !== 0) return stop('dead end', `fails: ${text}`);
    for (const more of together ? asWell(report, next) : []) {
      const ended = await typeOther(stage, more.argv ?? []);
      path.push(`${more.text}  -> ${ended}`);
      if (ended !== 0) return stop('dead end', `fails: ${more.text}`);
    }
  }
  return stop('dead end', `more than ${most} commands`);
}
