import type { Report } from '../../src/core/plan/report.ts';
import { createAll } from '../../src/sandbox/scenarios/apply.ts';
import { deployment, plainService } from '../../src/sandbox/scenarios/objects.ts';
import type { Sandbox } from '../../src/sandbox/server.ts';
import { requestsAtOnce } from '../../src/wire/at-most.ts';
import { runNlbmc, startPractice } from './harness.ts';
import { requestLevels } from './round-trips.ts';

const names = Array.from(
  { length: 50 },
  (_, n) => `prod-cluster-${String(n + 1).padStart(2, '0')}`,
);
const [PRI = '', ...others] = names;
const ALL = names.join(',');
const FEW = others.slice(0, 10);
const BROKEN = names[20] ?? '';
const COLUMNS = 80;
const ROWS = 40;

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startPractice({ clusters: names });
  for (const { kube } of sandbox.world.secondaries) {
    createAll(kube, deployment(1), plainService('ClusterIP'));
  }
  sandbox.world.settle();
  await shown(`enable nginx --context ${PRI}`);
});
afterAll(() => sandbox.stop());

/** What a command shows on one terminal of 80 columns, without the lines that are to be typed. */
async function shown(line: string, exit = 0): Promise<readonly string[]> {
  let text = '';
  const screen = { write: (more: string) => (text += more), isTTY: true, columns: COLUMNS };
  const { code } = await runNlbmc(sandbox, line, { screen, env: { TERM: 'dumb' } });
  expect({ line, code, text }).toEqual({ line, code: exit, text });
  return text.split('\n').filter((one) => !/^ *(?:next|undo|nlbmc|kubectl)\b|^$/.test(one));
}

const waitingFrom = (lines: readonly string[]): number =>
  lines.findIndex((line) => line.startsWith('waiting'));

test('ten clusters join: the plan has them once, and what is waited for fits on the screen', async () => {
  const line = `join nginx --primary ${PRI} --context ${FEW.join(',')}`;
  const lines = await shown(line);
  const text = lines.join('\n');
  expect(text).toContain('create TargetGroupBinding default/nginx in each of 10 clusters');
  expect(text.match(/allow: /g)).toHaveLength(1);
  for (const name of FEW) {
    expect(lines.filter((one) => one.startsWith(`✓ created`) && one.includes(name))).toHaveLength(
      1,
    );
  }
  const end = lines.findIndex((one, n) => n > waitingFrom(lines) && one.startsWith('✓'));
  const looks = lines
    .slice(waitingFrom(lines), end)
    .join('\n')
    .split(/^waiting.*$/m);
  for (const look of looks) expect(look.split('\n').length).toBeLessThan(8);
  expect(text).toMatch(/endpoints healthy 0\/10, in 10 clusters: prod-cluster-02/);
  expect(text).toContain('✓ endpoints healthy       10/10');
  expect(lines.every((one) => one.length <= COLUMNS)).toBe(true);
});

test('the other 39 join; verify of 50 is a readable screen, and -v and a pipe have every member', async () => {
  await shown(`join nginx --primary ${PRI} --context ${others.slice(10).join(',')}`);
  const green = await shown(`verify nginx --context ${ALL}`);
  expect(green.length).toBeLessThan(8);
  expect(green.join('\n')).toMatch(/^50 members +52 +52 +52 +52 {2}ready$/m);

  const { kube } = sandbox.world.cluster(BROKEN);
  const person = { actor: 'person', manager: 'kubectl-scale', internal: true };
  const body = { spec: { replicas: 0 } };
  kube.patch('deployments.apps', 'default', 'nginx', { type: 'merge', body }, person);
  sandbox.world.settle();
  const red = await shown(`verify nginx --context ${ALL}`, 3);
  expect(red.length).toBeLessThan(ROWS);
  expect(red.join('\n')).toMatch(/^49 members +51 .*ready$/m);
  expect(red.join('\n')).toMatch(new RegExp(`^${BROKEN} .*degraded`, 'm'));
  expect(red.filter((one) => one.includes('prod-cluster-02'))).toEqual([]);

  const verbose = (await shown(`verify nginx --context ${ALL} -v`, 3)).join('\n');
  const piped = await runNlbmc(sandbox, `verify nginx --context ${ALL}`);
  const json = await runNlbmc(sandbox, `verify nginx --context ${ALL} -o json`);
  for (const name of names) {
    expect(verbose).toMatch(new RegExp(`^${name} +\\d`, 'm'));
    expect(piped.stdout).toMatch(new RegExp(`^${name} +(primary|secondary)`, 'm'));
  }
  const { verdict } = JSON.parse(json.stdout) as Report;
  expect(verdict?.ports[0]?.members.map(({ cluster }) => cluster)).toEqual(names);
});

test('verify of 50 has no more requests on their way than a run may have, and uses that', async () => {
  // A request that hangs makes room after a fifth of its time: none does here.
  const line = `verify nginx --context ${ALL} --request-timeout 1h`;
  const { kube } = sandbox.world.cluster(BROKEN);
  const person = { actor: 'person', manager: 'kubectl-scale', internal: true };
  const body = { spec: { replicas: 1 } };
  kube.patch('deployments.apps', 'default', 'nginx', { type: 'merge', body }, person);
  sandbox.world.settle();
  const levels = await requestLevels(sandbox, () => runNlbmc(sandbox, line));
  expect(Math.max(...levels)).toBe(requestsAtOnce);
  // All that is known from the beginning goes out before anything else: 50 clusters take one turn more.
  expect(levels.length).toBeLessThanOrEqual(5);
});

test('ten clusters leave: one plan, what stays once, one sentence, and one command that undoes it', async () => {
  const line = `leave nginx --primary ${PRI} --context ${FEW.join(',')}`;
  const lines = await shown(`${line} --yes`);
  const text = lines.join('\n');
  expect(text).toContain('delete TargetGroupBinding default/nginx in each of 10 clusters');
  expect(text.match(/targets will drain/g)).toHaveLength(1);
  expect(text).toContain('port 80: 10 targets will drain');
  for (const name of FEW) expect(text).toMatch(new RegExp(`^ +${name}: 10\\.`, 'm'));
  expect(text).toContain('left: 10 clusters have left Service default/nginx');
  let undo = '';
  const screen = { write: (more: string) => (undo += more), isTTY: true, columns: 200 };
  await runNlbmc(sandbox, `join nginx --primary ${PRI} --context ${FEW.join(',')}`, {
    screen,
    env: { TERM: 'dumb' },
  });
  expect(undo.match(/^undo/gm)).toHaveLength(1);
});
