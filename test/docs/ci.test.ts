import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { inside } from '../../src/sandbox/environment.ts';
import { createAll } from '../../src/sandbox/scenarios/apply.ts';
import { deployment, plainService } from '../../src/sandbox/scenarios/objects.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts';
import { fullSize } from '../full-size.ts';
import { LentClock } from '../laws/lent-clock.ts';
import { forMany } from './for-many.ts';
import { nlbmcHere, type NlbmcHere } from './nlbmc-here.ts';
import { readPage, root } from './pages.ts';

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, string>>;
}
interface Workflow {
  readonly on: unknown;
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<
    Record<
      string,
      { readonly needs?: string; readonly 'runs-on': string; readonly steps: readonly Step[] }
    >
  >;
}
interface GitLabJob {
  readonly stage: string;
  readonly script: readonly string[];
}
interface Action {
  readonly inputs: Readonly<
    Record<string, { readonly default?: string; readonly required?: true }>
  >;
  readonly runs: {
    readonly using: string;
    readonly steps: readonly [
      { readonly run: string; readonly env: Readonly<Record<string, string>> },
    ];
  };
}

const [actions, replacing, gitlab] = [...readPage('docs/ci.md').matchAll(/^```yaml\n(.*?)^```$/gms)]
  .map((match) => load(match[1] ?? ''))
  .map((document) => document as Workflow) as [Workflow, Workflow, unknown];
const action = load(readFileSync(join(root, 'action.yml'), 'utf8')) as Action;
const stages = (gitlab as { readonly stages: readonly string[] }).stages;
const jobs = gitlab as Readonly<Record<string, GitLabJob>>;

// What a runner has: npx, which gets nlbmc from the registry, and aws, which writes a kubeconfig. The jobs
// get the nlbmc of this process, action.yml the built program.
const bin = mkdtempSync(join(tmpdir(), 'nlbmc-ci-'));
function program(name: string, text: string): void {
  writeFileSync(join(bin, name), `#!/bin/bash\n${text}\n`);
  chmodSync(join(bin, name), 0o755);
}
program(
  'npx',
  `[[ $1 == --yes && $2 == nlbmc@* && $2 != *-none ]] || exit 99; shift 2; exec node "$\{PACKAGE:-${join(root, 'bin', 'nlbmc.js')}}" "$@"`,
);
program('aws', '[[ "$1 $2" == "eks update-kubeconfig" ]]');

let sandbox: Sandbox;
let clock: LentClock;
let here: NlbmcHere;
let folder: string;
/** Starts a world with the clusters of the page, and others that stay. */
async function begin(others: readonly string[] = []): Promise<void> {
  const clusters = ['pri-eks-clu1', 'sec-eks-clu1', 'sec-eks-clu2', ...others];
  clock = new LentClock();
  sandbox = await startSandbox({ clusters, clock });
  here.enter(sandbox);
  for (const name of ['sec-eks-clu1', ...others]) {
    createAll(sandbox.world.cluster(name).kube, deployment(2), plainService('ClusterIP'));
  }
  createAll(sandbox.world.cluster('sec-eks-clu2').kube, deployment(2));
  clock.lend(100);
  folder = mkdtempSync(join(tmpdir(), 'nlbmc-job-'));
}
async function end(): Promise<void> {
  clock.takeBack();
  await sandbox.stop();
  rmSync(folder, { recursive: true });
}
beforeAll(async () => {
  here = await nlbmcHere();
});
afterAll(async () => {
  rmSync(bin, { recursive: true });
  await here.close();
});

/** Not only the code is compared: a failure shows what was printed. */
const succeeded = { code: 0, output: expect.any(String) as string };

/** What a job has in its environment. */
const inJob = (): Readonly<Record<string, string>> => ({ PACKAGE: join(here.bin, 'nlbmc') });

/** Runs a line in a shell as a runner does, and gives its exit code and output. */
function shell(line: string, more: Readonly<Record<string, string>> = {}) {
  const PATH = `${bin}:${process.env['PATH']}`;
  const env = { ...inside(process.env, sandbox.env), PATH, GITHUB_ACTION_PATH: root, ...more };
  return new Promise<{ readonly code: number | null; readonly output: string }>((resolve) => {
    const child = spawn('bash', ['-e', '-c', line], { cwd: folder, env });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    }
    child.stdin.end();
    child.on('close', (code) => resolve({ code, output }));
  });
}

/** Runs the step of action.yml with these inputs. */
function runAction(
  inputs: Readonly<Record<string, string>>,
  more: Readonly<Record<string, string>> = {},
) {
  const [step] = action.runs.steps;
  const env = Object.entries(step.env).map(([name, value]) => {
    const input = /^\$\{\{ inputs\.([a-z-]+) \}\}$/.exec(value)?.[1] ?? '';
    return [name, inputs[input] ?? action.inputs[input]?.default ?? ''];
  });
  return shell(step.run, {
    ...(Object.fromEntries(env) as Record<string, string>),
    ...more,
    GITHUB_OUTPUT: join(folder, 'outputs'),
  });
}

async function play({ run, uses, with: inputs = {} }: Step): Promise<void> {
  if (run !== undefined)
    expect({ run, ...(await shell(run, inJob())) }).toEqual({ run, ...succeeded });
  else if (uses?.startsWith('example/nlbmc@')) {
    expect(await runAction(inputs, inJob())).toMatchObject({ code: 0 });
  } else expect(uses).toMatch(/^(aws-actions|actions)\/[a-z-]+@v\d+$/);
}

/** A step as the page says it for more clusters: they are listed beside sec-eks-clu1, and where one is replaced. */
function forOthers(step: Step, others: readonly string[]): Step {
  if (others.length === 0 || step.with === undefined) return step;
  const { context = '', command } = step.with;
  const listed = context.replace('sec-eks-clu1', ['sec-eks-clu1', ...others].join(','));
  const names = command === 'replace' ? others.join(',') : listed;
  return { ...step, with: { ...step.with, ...(names && { context: names }) } };
}

/** The same of a line of a shell. */
function lineForOthers(line: string, others: readonly string[]): string {
  if (others.length === 0) return line;
  return / replace /.test(line)
    ? `${line} --context ${others.join(',')}`
    : forMany(line, { 'sec-eks-clu1': ['sec-eks-clu1', ...others] });
}

/** What the page says of more clusters than its jobs name is played in full in CI only: a job each takes time. */
const worlds = fullSize ? [3, 10, 50] : [3];
const othersIn = (size: number): string[] =>
  Array.from({ length: size - 3 }, (_, n) => `sec-eks-clu${n + 3}`);

describe.each(worlds)('docs/ci.md in a world of %d clusters', (size) => {
  const others = othersIn(size);
  beforeEach(() => begin(others));
  afterEach(end);

  test('the jobs of GitHub Actions, one after the other, and the one that replaces a cluster', async () => {
    for (const { jobs: all } of [actions, replacing]) {
      const names = Object.keys(all);
      for (const [name, job] of Object.entries(all)) {
        expect(job['runs-on']).toBe('ubuntu-latest');
        if (job.needs) expect(names.indexOf(job.needs)).toBeLessThan(names.indexOf(name));
        for (const step of job.steps) await play(forOthers(step, others));
      }
    }
    expect(readFileSync(join(folder, 'outputs'), 'utf8')).toMatch(/^result<<.*\nreplaced\n/m);
  });

  test('the jobs of GitLab, by stage', async () => {
    expect(stages.map((name) => jobs[name]?.stage)).toEqual(stages);
    for (const name of stages) {
      for (const said of jobs[name]?.script ?? []) {
        const line = lineForOthers(said, others);
        expect({ line, ...(await shell(line, inJob())) }).toEqual({ line, ...succeeded });
      }
    }
  });
});

describe('docs/ci.md', () => {
  test('says what to list where there are more clusters', () => {
    expect(readPage('docs/ci.md').replaceAll('\n', ' ')).toContain(
      'list them after `sec-eks-clu1` in each `context`. In the job that replaces a cluster, list those that stay',
    );
  });

  test('every input that a workflow gives is one of the action, and the page has each', () => {
    const steps = [actions, replacing].flatMap(({ jobs: all }) =>
      Object.values(all).flatMap((job) => job.steps),
    );
    const ours = steps.filter(({ uses }) => uses?.startsWith('example/'));
    expect(ours.length).toBeGreaterThan(4);
    for (const step of ours) {
      expect(Object.keys(action.inputs)).toEqual(
        expect.arrayContaining(Object.keys(step.with ?? {})),
      );
    }
    for (const name of Object.keys(action.inputs))
      expect(readPage('docs/ci.md')).toContain(`\`${name}\``);
  });
});

describe('action.yml', () => {
  beforeEach(() => begin());
  afterEach(end);

  test('pastes no input into a shell', () => {
    expect(action.runs.using).toBe('composite');
    expect(action.runs.steps).toHaveLength(1);
    expect(action.runs.steps[0].run).not.toContain('${{');
  });

  test('findings are annotations, and the exit code is that of nlbmc', async () => {
    const { code, output } = await runAction({
      command: 'join',
      service: 'nginx',
      context: 'sec-eks-clu1',
      primary: 'pri-eks-clu1',
    });
    expect(code).toBe(5);
    expect(output).toMatch(/^::error title=nlbmc [a-z-]+::.*%0A.*nlbmc enable nginx/m);
    expect(readFileSync(join(folder, 'outputs'), 'utf8')).toMatch(/^exit-code<<.*\n5\n/m);
    expect(load(readFileSync(join(folder, 'nlbmc-report.json'), 'utf8'))).toMatchObject({
      exit: 5,
    });
  });

  test('the exit code of what gives no report is kept, and is never 0', async () => {
    const verify = { command: 'verify', service: 'nginx', context: 'pri-eks-clu1' };
    const help = await runAction({ ...verify, args: '--help' });
    expect(help.code).toBe(2);
    expect(help.output).toContain('::error title=nlbmc::nlbmc ended with exit code 0 and without');
    const noPackage = await runAction({ ...verify, version: '9.9.9-none' });
    expect(noPackage.code).toBe(99);
    expect(noPackage.output).toContain('exit code 99 and without a report');
  });

  test('nothing is run where the report could not be kept', async () => {
    const { code, output } = await runAction({
      command: 'enable',
      service: 'nginx',
      context: 'pri-eks-clu1',
      output: 'missing/report.json',
    });
    expect(code).toBe(2);
    expect(output).toMatch(/^::error title=nlbmc::ENOENT.*missing\/report\.json/m);
    expect(sandbox.world.journal.entries.filter(({ source }) => source === 'http')).toEqual([]);
  });

  test('a command after --during has its own words, -o included', async () => {
    const { code } = await runAction({
      command: 'verify',
      service: 'nginx',
      context: 'pri-eks-clu1',
      args: '--traffic=3\n--during\nnode\n-e\nrequire("fs").writeFileSync("ran", process.argv.join())\n--\n-o\nx y',
    });
    expect(code).toBe(3);
    expect(readFileSync(join(folder, 'ran'), 'utf8')).toMatch(/,-o,x y$/);
  });
});

describe.each(worlds)('the inputs of action.yml in a world of %d clusters', (size) => {
  // They are refused before anything is written: one world for all.
  beforeAll(() => begin(othersIn(size)));
  afterAll(end);

  test.each([
    [{}, 'command is missing'],
    [{ command: '' }, 'command is missing'],
    [{ command: 'verify', version: 'file:../other' }, 'input version'],
    [{ command: 'verify', version: '1 --registry=http://x' }, 'input version'],
    [{ command: 'verify', args: '-qo\ntable' }, 'leave -o out'],
    [{ command: 'verify', args: '--timeout 5m' }, 'each line is one word'],
    [{ command: 'verify; touch hit' }, 'no command'],
    [{ command: 'verify', service: '--as=admin' }, 'name of a Service'],
    [{ command: 'verify', args: '-o\ntable' }, 'leave -o out'],
    [{ command: 'verify', service: '$(touch hit)' }, '::error'],
    [
      { command: 'verify', service: 'nginx', args: '$(touch hit)\n`touch hit`\n;touch hit' },
      '::error',
    ],
    [{ command: 'verify', service: 'nginx', context: 'a\n::warning::x' }, '::error'],
  ])('an input is data: %j', async (inputs, said) => {
    const { code, output } = await runAction(inputs);
    expect(code).toBe(2);
    // The runner reads commands again before the error is one.
    const token = /^::stop-commands::(.+)$/m.exec(output)?.[1];
    expect(token ? output.split(`\n::${token}::\n`)[1] : output).toContain(said);
    expect(output).not.toMatch(/^::warning::/m);
    expect((await shell('ls')).output).not.toContain('hit');
  });
});
