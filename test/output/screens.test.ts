import type { Output } from '../../src/io.ts';
import { runNlbmc } from '../commands/harness.ts';
import { expectGolden } from '../golden/golden.ts';
import { ENABLE, JOIN, PRI, SEC, setStage, type Stage, VERIFY } from '../laws/stage.ts';

let stage: Stage;
beforeEach(async () => (stage = await setStage('deployed', { tls: true })));
afterEach(() => stage.stop());

/** Runs a command on one terminal of that width, which redraws nothing, and gives what it shows. */
async function onScreen(line: string, columns: number): Promise<string> {
  let text = '';
  const screen: Output = { write: (more) => (text += more), isTTY: true, columns };
  await runNlbmc(stage.sandbox, line, { screen, everyLook: true, env: { TERM: 'dumb' } });
  stage.world.settle();
  return `$ nlbmc ${line}\n${text}`;
}

const forgetTargets = (context: string, binding: string): void => {
  const { kube } = stage.world.cluster(context);
  kube.delete('configmaps', 'default', `aws-lbc-targets-${binding}`, person);
};

const person = { actor: 'person', manager: 'kubectl-delete', internal: true };

/** Every command once, with something to tell. */
async function session(columns: number): Promise<readonly string[]> {
  const screens: string[] = [];
  const play = async (line: string): Promise<void> =>
    void screens.push(await onScreen(line, columns));
  await play(`${ENABLE} --dry-run`);
  for (const line of [ENABLE, ENABLE, JOIN, VERIFY]) await play(line);
  await play(`verify nginx --context ${PRI}`);
  await play(`show nginx --context ${PRI},${SEC}`);
  await play(`disable nginx --context ${PRI} --yes`);
  await play(`leave nginx --context ${SEC} --primary ${PRI} --yes`);
  await play(`purge nginx --context ${PRI} --yes`);
  await play(`disable nginx --context ${PRI} --allow-deletion --yes`);
  await play(`join nope --context ${SEC} --primary ${PRI}`);
  for (const line of [ENABLE, JOIN]) await onScreen(line, columns);
  forgetTargets(SEC, 'nginx');
  await play(VERIFY);
  await play(`repair nginx --context ${PRI},${SEC} --yes`);
  await play(`leave nginx --context ${SEC} --primary ${PRI} --yes`);
  await play(`purge nginx --context ${PRI} --yes`);
  return screens;
}

/** What a person types has to stay on one line; an ARN or a DNS name is one word. */
const mayBeLonger = (line: string): boolean =>
  /^ *(?:(?:next|undo|then,) |nlbmc |kubectl |aws )/.test(line) || !line.trim().includes(' ');

/** Lines of the story that come again while something is waited for. */
const isWaiting = (line: string): boolean => /^(?:waiting|\s*…)/.test(line);

describe.each([40, 80, 200])('on a terminal of %d columns', (columns) => {
  test('each command shows what is new, once, and no line is broken by the terminal', async () => {
    const screens = await session(columns);
    expectGolden(`screens-${columns}.txt`, screens.join('\n'));
    for (const screen of screens) {
      const lines = screen
        .split('\n')
        .slice(1)
        .filter((line) => line !== '');
      expect(lines.filter((line) => line.length > columns && !mayBeLonger(line))).toEqual([]);
      // No identity, no ARN of a target group, nothing that did not change.
      expect(screen).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-|:targetgroup\/|before:/);
      const sentences = lines.filter((line) => line.length > 24 && !isWaiting(line));
      if (columns === 200) expect(sentences).toEqual([...new Set(sentences)]);
    }
  });
});

test('an enable is read at a glance, and its verdict is followed by what to type', async () => {
  const screen = (await onScreen(ENABLE, 80)).trimEnd().split('\n');
  const from = screen.findIndex((line) => line.startsWith('waiting'));
  const to = screen.findIndex((line, n) => n > from && line.startsWith('✓'));
  const told = screen.toSpliced(from, to - from);
  expect(told.length).toBeLessThanOrEqual(13);
  expect(told.at(-1)).toBe(`undo  nlbmc disable nginx -n default --context ${PRI}`);
  expect(told.filter((line) => line.endsWith(' exit 0'))).toHaveLength(1);
});

test('with -v identities and ARNs are there, and with -q the plan is part of the answer', async () => {
  expect(await onScreen(`${ENABLE} -v --dry-run`, 200)).toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-/);
  expect(await onScreen(`${ENABLE} -q`, 80)).toContain('deletion_protection.enabled  - -> true');
  expect(await onScreen(`${VERIFY} -v`, 200)).toContain(':targetgroup/');
});

test('a question comes after the plan that it is about, which is not told again', async () => {
  for (const line of [ENABLE, JOIN]) await onScreen(line, 80);
  let text = '';
  const screen: Output = { write: (more) => (text += more), isTTY: true, columns: 80 };
  const { code } = await runNlbmc(stage.sandbox, `leave nginx --context ${SEC} --primary ${PRI}`, {
    screen,
    terminal: true,
    answers: ['n'],
    env: { TERM: 'dumb' },
  });
  expect(code).toBe(5);
  expect(text.match(/delete TargetGroupBinding/g)).toHaveLength(1);
  expect(text.match(/will drain/g)).toHaveLength(1);
  expect(text).toMatch(/declined: Nothing was written\. +exit 5/);
});

test('a pipe gets the whole report, though the story is on a terminal', async () => {
  const { stdout } = await runNlbmc(stage.sandbox, ENABLE, { terminal: true });
  expect(stdout).toContain('API SERVER');
  expect(stdout).toContain('service.beta.kubernetes.io/aws-load-balancer-attributes');
});
