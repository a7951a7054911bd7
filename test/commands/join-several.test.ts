import type { Sandbox } from '../../src/sandbox/server.ts';
import { roundTrips } from './round-trips.ts';
import { runNlbmc, startPractice, writesSince } from './harness.ts';
import { boundIn, deployIn, reportOf } from './clusters.ts';

const JOIN = 'join nginx --context a,b,c --primary pri';

let sandbox: Sandbox;
const nlbmc = (line: string) => runNlbmc(sandbox, line);
const reported = (line: string) => reportOf(sandbox, line);

const deploy = (...names: string[]): void => deployIn(sandbox, names);

/** Clusters with a binding. */
const joined = () => boundIn(sandbox).filter((name) => name !== 'pri');

beforeEach(async () => {
  sandbox = await startPractice({ clusters: ['pri', 'a', 'b', 'c'] });
  expect(await nlbmc('enable nginx --context pri')).toMatchObject({ code: 0 });
});
afterEach(() => sandbox.stop());

test('all join in one run, the facts they share are read once, and green follows', async () => {
  deploy('a', 'b', 'c');
  expect(await roundTrips(sandbox, () => nlbmc(`${JOIN} --dry-run`))).toBeLessThanOrEqual(4);
  const from = sandbox.world.journal.entries.length;
  expect(await reported(JOIN)).toMatchObject({ exit: 0, result: 'joined', skips: [] });
  expect(await reported(JOIN)).toMatchObject({ exit: 0, result: 'already joined' });
  expect(joined()).toEqual(['a', 'b', 'c']);
  const before = sandbox.world.journal.entries
    .slice(from)
    .filter(({ source }) => source === 'http');
  const firstWrite = before.findIndex(({ mutating, dryRun }) => mutating && !dryRun);
  const service = before
    .slice(0, firstWrite)
    .filter(({ cluster, path }) => cluster === 'pri' && path?.endsWith('/services/nginx'));
  // Once for the plan, and once more with the rehearsals.
  expect(service).toHaveLength(2);
  expect((await nlbmc('verify nginx --context pri,a,b,c')).code).toBe(0);
});

test('one that cannot join stops no other; run again, only what is missing is done', async () => {
  deploy('a', 'c');
  const report = await reported(JOIN);
  expect(report).toMatchObject({
    exit: 7,
    result: 'partly done',
    problems: [{ code: 'service-missing', about: { cluster: 'b' } }],
  });
  expect(report.message).toContain('Done in a and c, not in b.');
  expect(joined()).toEqual(['a', 'c']);
  deploy('b');
  const from = sandbox.world.journal.entries.length;
  expect(await reported(JOIN)).toMatchObject({ exit: 0, result: 'joined' });
  expect(writesSince(sandbox, from).map(({ cluster }) => cluster)).toEqual(['b']);
});

test('a write that is refused in one cluster stops no other', async () => {
  deploy('a', 'b', 'c');
  const takeBack = sandbox.world.faults.add({
    world: 'kube',
    cluster: 'b',
    match: /^PATCH .*targetgroupbindings(?!.*dryRun)/,
    kind: 'status',
    status: 403,
    reason: 'Forbidden',
  });
  const report = await reported(JOIN);
  expect(report).toMatchObject({ exit: 7, problems: [{ about: { cluster: 'b' } }] });
  expect(joined()).toEqual(['a', 'c']);
  takeBack();
  expect(await reported(JOIN)).toMatchObject({ exit: 0, result: 'joined' });
});

test('a rehearsal that is refused in one cluster leaves that one out, before anything is written', async () => {
  deploy('a', 'b', 'c');
  sandbox.world.faults.add({
    world: 'kube',
    cluster: 'b',
    match: /^PATCH .*targetgroupbindings.*dryRun/,
    kind: 'status',
    status: 403,
    reason: 'Forbidden',
  });
  const dry = await reported(`${JOIN} --dry-run`);
  expect(dry).toMatchObject({ exit: 5, result: 'partly refused' });
  expect(dry.plan?.leftOut).toMatchObject([{ cluster: 'b' }]);
  expect(dry.plan?.steps.map(({ cluster }) => cluster)).toEqual(['a', 'c']);
  expect(joined()).toEqual([]);
  expect((await nlbmc(JOIN)).code).toBe(7);
  expect(joined()).toEqual(['a', 'c']);
});

test('one that never gets healthy does not end the wait of the others', async () => {
  deploy('a', 'b', 'c');
  sandbox.world.faults.add({
    world: 'aws',
    caller: 'lbc/b',
    match: /RegisterTargets/,
    kind: 'status',
    status: 503,
    reason: 'ServiceUnavailable',
  });
  const report = await reported(JOIN);
  expect(joined()).toEqual(['a', 'b', 'c']);
  expect(report.exit).toBe(7);
  expect(report.message).toContain('Done in a and c, not in b.');
});

test('where none can join, it is refused and nothing is written', async () => {
  const from = sandbox.world.journal.entries.length;
  const report = await reported(JOIN);
  expect(report).toMatchObject({ exit: 5, result: 'refused' });
  expect(report.problems.map(({ about }) => about?.cluster)).toEqual(['a', 'b', 'c']);
  expect(writesSince(sandbox, from)).toEqual([]);
});

test('a manifest is for one cluster: of several it is refused', async () => {
  expect(await nlbmc(`${JOIN} -o manifest`)).toMatchObject({ code: 2, stdout: '' });
});
