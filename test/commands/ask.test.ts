import { createAll } from '../../src/sandbox/scenarios/apply.ts';
import { plainService } from '../../src/sandbox/scenarios/objects.ts';
import type { Sandbox } from '../../src/sandbox/server.ts';
import { runNlbmc, startPractice, writesSince } from './harness.ts';

// With a Service that has no pods, join has a caution (no-endpoints) that is not grave.
const JOIN = 'join nginx --context sec-eks-clu1 --primary pri-eks-clu1';

let sandbox: Sandbox;
let from = 0;
beforeEach(async () => {
  sandbox = await startPractice();
  for (const { kube } of sandbox.world.secondaries) createAll(kube, plainService('ClusterIP'));
  await runNlbmc(sandbox, 'enable nginx --context pri-eks-clu1');
  from = sandbox.world.journal.entries.length;
});
afterEach(() => sandbox.stop());
const written = () => writesSince(sandbox, from).length;

test('a question is asked on stderr, and yes goes on', async () => {
  const { code, stdout, stderr } = await runNlbmc(sandbox, `${JOIN} -o json`, {
    terminal: true,
    answers: ['y'],
  });
  expect(stderr).toMatch(/caution[\s\S]*no-endpoints[\s\S]*Continue\? \[y\/N\]/);
  expect([code, written()]).toEqual([0, 1]);
  expect(JSON.parse(stdout)).toMatchObject({ result: 'joined without capacity' });
});

test.each([[['n']], [['']], [[]]])('any other answer is a no: %j', async (answers) => {
  const { code, stdout } = await runNlbmc(sandbox, JOIN, { terminal: true, answers });
  expect([code, written()]).toEqual([5, 0]);
  expect(stdout).toContain('declined');
});

test.each([
  ['no terminal', '', false],
  ['--no-input', '--no-input', true],
])(
  '%s: exit 2, only reads were sent, and the flag to type is named',
  async (_, flags, terminal) => {
    const { code, stderr } = await runNlbmc(sandbox, `${JOIN} ${flags}`, { terminal });
    expect([code, written()]).toEqual([2, 0]);
    expect(stderr).toContain('--yes');
  },
);

test.each(['--yes', '-y', '--accept no-endpoints'])('%s answers it', async (flag) => {
  expect((await runNlbmc(sandbox, `${JOIN} ${flag}`)).code).toBe(0);
  expect(written()).toBe(1);
});

test('another code accepted does not answer it', async () => {
  expect((await runNlbmc(sandbox, `${JOIN} --accept zone-not-served`)).code).toBe(2);
  expect(written()).toBe(0);
});

test('Ctrl-C at the question is no answer: 130, and nothing was written', async () => {
  const pressed = new AbortController();
  const { code, stdout, stderr } = await runNlbmc(sandbox, JOIN, {
    terminal: true,
    signal: pressed.signal,
    onQuestion: () => pressed.abort('SIGINT'),
  });
  expect([code, written()]).toEqual([130, 0]);
  expect(stdout).toContain('interrupted');
  expect(stderr).toMatch(/Continue\? \[y\/N\] \n$/);
});
