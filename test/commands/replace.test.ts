import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import type { Sandbox } from '../../src/sandbox/server.ts';
import { runNlbmc, startPractice, writesSince } from './harness.ts';
import { boundIn, deployIn, reportOf } from './clusters.ts';

let sandbox: Sandbox;
let record: string;
const nlbmc = (line: string) => runNlbmc(sandbox, line);
const reported = (line: string) => reportOf(sandbox, `${line} --record ${record}`);

const REPLACE = 'replace nginx --old a --new b --primary pri --yes';

const deploy = (...names: string[]): void => deployIn(sandbox, names);

/** Clusters with a binding. */
const members = () => boundIn(sandbox);

const written = (from: number): string[] =>
  writesSince(sandbox, from).map(({ cluster, verb }) => `${verb} ${cluster}`);

async function start(clusters: string[], enrolled: string): Promise<void> {
  sandbox = await startPractice({ clusters });
  record = join(sandbox.dir, 'before.yaml');
  deploy(...clusters.filter((name) => name !== 'pri'));
  for (const line of [
    'enable nginx --context pri',
    `join nginx --context ${enrolled} --primary pri`,
  ]) {
    expect(await nlbmc(line)).toMatchObject({ code: 0 });
  }
}

afterEach(() => sandbox.stop());

describe('one cluster', () => {
  beforeEach(() => start(['pri', 'a', 'b'], 'a'));

  test('takes the place of another: first it joins, then the old one leaves, and green follows', async () => {
    const from = sandbox.world.journal.entries.length;
    const report = await reported(REPLACE);
    expect(report).toMatchObject({ exit: 0, result: 'replaced', problems: [] });
    expect(report.verdict?.state).toBe('ready');
    expect(members()).toEqual(['pri', 'b']);
    expect(written(from)).toEqual(['PATCH b', 'DELETE a']);
    // The record is of before: the old cluster is in it.
    const kept = load(readFileSync(record, 'utf8')) as { members: { context: string }[] };
    expect(kept.members.map(({ context }) => context)).toEqual(['pri', 'a']);
    const again = await reported(REPLACE);
    expect(again).toMatchObject({ exit: 0, result: 'already replaced' });
  });

  test('has the whole plan in a dry run, and nothing is written, the record neither', async () => {
    const from = sandbox.world.journal.entries.length;
    const { plan, exit } = await reported(`${REPLACE} --dry-run`);
    expect(exit).toBe(0);
    expect(plan?.steps.map(({ kind, cluster }) => [kind, cluster])).toEqual([
      ['apply-binding', 'b'],
      ['wait', undefined],
      ['delete-binding', 'a'],
    ]);
    expect(writesSince(sandbox, from)).toEqual([]);
    expect(existsSync(record)).toBe(false);
  });

  test('without capacity does not take a place, and the old one is not touched', async () => {
    const { kube } = sandbox.world.cluster('b');
    const body = { spec: { replicas: 0 } };
    const person = { actor: 'person', manager: 'kubectl-scale', internal: true } as const;
    kube.patch('deployments.apps', 'default', 'nginx', { type: 'merge', body }, person);
    sandbox.world.settle();
    const from = sandbox.world.journal.entries.length;
    expect(await reported(REPLACE)).toMatchObject({
      exit: 5,
      problems: [{ code: 'no-endpoints', about: { cluster: 'b' } }],
    });
    expect(writesSince(sandbox, from)).toEqual([]);
  });

  test('that never gets healthy leaves the old one as it is; run again, it goes on', async () => {
    const takeBack = sandbox.world.faults.add({
      world: 'aws',
      caller: 'lbc/b',
      match: /RegisterTargets/,
      kind: 'status',
      status: 503,
      reason: 'ServiceUnavailable',
    });
    const stuck = await reported(`${REPLACE} --timeout 2m`);
    expect(stuck.exit).toBe(6);
    expect(members()).toEqual(['pri', 'a', 'b']);
    takeBack();
    const from = sandbox.world.journal.entries.length;
    expect(await reported(REPLACE)).toMatchObject({ exit: 0, result: 'replaced' });
    expect(written(from)).toEqual(['DELETE a']);
  });

  test('whose connections fail leaves the old one as it is', async () => {
    const report = await reported(`${REPLACE} --traffic=20 --connect-to 127.0.0.1:9`);
    expect(report.exit).toBe(7);
    expect(members()).toEqual(['pri', 'a', 'b']);
    const proven = await reported(`${REPLACE} --traffic=20 --identify logs`);
    expect(proven).toMatchObject({ exit: 0, result: 'replaced' });
    expect(proven.message).toContain('20 of 20 connections were answered before a left.');
    expect(members()).toEqual(['pri', 'b']);
  });

  test('a refusal to leave stops it before the new one joins', async () => {
    const from = sandbox.world.journal.entries.length;
    const report = await reported(`${REPLACE} --min-healthy 50`);
    expect(report).toMatchObject({ exit: 5, problems: [{ code: 'below-floor' }] });
    expect(writesSince(sandbox, from)).toEqual([]);
  });

  test('a record that is there is kept', async () => {
    expect((await reported(REPLACE)).exit).toBe(0);
    const before = readFileSync(record, 'utf8');
    expect((await reported('replace nginx --old b --new a --primary pri --yes')).exit).toBe(0);
    expect(readFileSync(record, 'utf8')).toBe(before);
    rmSync(record);
  });
});

test('several clusters are replaced one after the other', async () => {
  await start(['pri', 'a', 'b', 'c', 'd'], 'a,b');
  const from = sandbox.world.journal.entries.length;
  const report = await reported('replace nginx --old a,b --new c,d --primary pri --yes');
  expect(report).toMatchObject({ exit: 0, result: 'replaced' });
  expect(written(from)).toEqual(['PATCH c', 'DELETE a', 'PATCH d', 'DELETE b']);
  expect(members()).toEqual(['pri', 'c', 'd']);
});

test('where no cluster owns the load balancer, any of them can be replaced', async () => {
  sandbox = await startPractice({ scenario: 'no-owner' });
  record = join(sandbox.dir, 'before.yaml');
  const enroll = 'enroll web --load-balancer shared --context eks-clu1,eks-clu2 --yes';
  expect(await nlbmc(enroll)).toMatchObject({ code: 0 });
  const report = await reported(
    'replace web --old eks-clu1 --new eks-clu3 --context eks-clu2 --yes',
  );
  expect(report).toMatchObject({ exit: 0, result: 'replaced', problems: [] });
  expect(members()).toEqual(['eks-clu2', 'eks-clu3']);
  const again = 'replace web --old eks-clu1 --new eks-clu3 --context eks-clu2 --yes';
  expect(await reported(again)).toMatchObject({ exit: 0, result: 'already replaced' });
  // The only one that is left is replaced, too.
  for (const old of ['eks-clu2', 'eks-clu3']) {
    const line = `replace web --old ${old} --new eks-clu1 --yes --record ${record}-${old}`;
    if (old === 'eks-clu2') await nlbmc('leave web --context eks-clu2 --primary eks-clu3 --yes');
    else expect(await nlbmc(line)).toMatchObject({ code: 0 });
  }
  expect(members()).toEqual(['eks-clu1']);
});

test.each([
  ['replace nginx --old a --new a', 'named twice'],
  ['replace nginx --old a,b --new c', 'as many'],
  ['replace nginx --old a --new b --primary a', 'Leave --primary out'],
])('%s is a usage error', async (line, words) => {
  sandbox = await startPractice({ clusters: ['a', 'b', 'c'] });
  const { code, stderr } = await nlbmc(line);
  expect(code).toBe(2);
  expect(stderr).toContain(words);
});
