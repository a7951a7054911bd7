import type { Sandbox } from '../../src/sandbox/server.ts';
import { runNlbmc, startPractice, writesSince } from './harness.ts';
import { boundIn, deployIn, reportOf } from './clusters.ts';

let sandbox: Sandbox;
const nlbmc = (line: string) => runNlbmc(sandbox, line);
const reported = (line: string) => reportOf(sandbox, line);

const LEAVE = 'leave nginx --context a,b --primary pri --yes';

/** Clusters with a binding. */
const members = () => boundIn(sandbox);

beforeEach(async () => {
  sandbox = await startPractice({ clusters: ['pri', 'a', 'b'] });
  deployIn(sandbox, ['a', 'b']);
  for (const line of ['enable nginx --context pri', 'join nginx --context a,b --primary pri']) {
    expect(await nlbmc(line)).toMatchObject({ code: 0 });
  }
});
afterEach(() => sandbox.stop());

const scaleToZero = (name: string): void => {
  const { kube } = sandbox.world.cluster(name);
  const body = { spec: { replicas: 0 } };
  const person = { actor: 'person', manager: 'kubectl-scale', internal: true } as const;
  kube.patch('deployments.apps', 'default', 'nginx', { type: 'merge', body }, person);
  sandbox.world.settle();
};

test('all leave in one run, each with its drain, and the rest stays green', async () => {
  expect(await reported(LEAVE)).toMatchObject({ exit: 0, result: 'left' });
  expect(members()).toEqual(['pri']);
  expect((await nlbmc('verify nginx --context pri')).code).toBe(0);
  expect(await reported(LEAVE)).toMatchObject({ exit: 0, result: 'already left' });
});

test('the floor is judged for all of them together, and the number that lifts it is of all', async () => {
  scaleToZero('pri');
  // Each alone could leave: the other one would stay.
  const alone = await reported('leave nginx --context a --primary pri --dry-run');
  expect(alone.exit).toBe(0);
  const from = sandbox.world.journal.entries.length;
  const report = await reported(LEAVE);
  expect(report).toMatchObject({ exit: 5, result: 'refused' });
  expect(report.problems).toMatchObject([
    { about: { cluster: 'a' }, saves: 2 },
    { about: { cluster: 'b' }, saves: 2 },
  ]);
  expect(writesSince(sandbox, from)).toEqual([]);
  expect((await reported(`${LEAVE} --accept removing=2`)).exit).toBe(5);
  expect(members()).toEqual(['pri', 'a', 'b']);
  expect(await reported(`${LEAVE} --accept removing=4`)).toMatchObject({ exit: 0, result: 'left' });
  expect(members()).toEqual(['pri']);
});

test('one that cannot leave stops no other', async () => {
  const takeBack = sandbox.world.faults.add({
    world: 'kube',
    cluster: 'b',
    match: /^DELETE .*targetgroupbindings(?!.*dryRun)/,
    kind: 'status',
    status: 403,
    reason: 'Forbidden',
  });
  const report = await reported(LEAVE);
  expect(report.exit).toBe(7);
  expect(report.message).toContain('Done in a, not in b.');
  expect(members()).toEqual(['pri', 'b']);
  takeBack();
  expect(await reported(LEAVE)).toMatchObject({ exit: 0, result: 'left' });
});
