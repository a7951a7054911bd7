import { readFileSync, writeFileSync } from 'node:fs';
import { dump, load } from 'js-yaml';
import type { Report } from '../../src/core/plan/report.ts';
import type { Sandbox } from '../../src/sandbox/server.ts';
import { createAll } from '../../src/sandbox/scenarios/apply.ts';
import { manifest } from '../../src/sandbox/scenarios/manifests.ts';
import { deployment, plainService } from '../../src/sandbox/scenarios/objects.ts';
import { EVERYTHING, giveRole } from '../sandbox/kube/roles.ts';
import { runNlbmc, startPractice, writesSince } from './harness.ts';

const ENABLE = 'enable nginx --context pri-eks-clu1';
const JOIN = 'join nginx --context sec-eks-clu1 --primary pri-eks-clu1';

let sandbox: Sandbox;
const nlbmc = (line: string) => runNlbmc(sandbox, line);

async function prepare(...lines: string[]): Promise<void> {
  for (const line of lines) expect(await nlbmc(line)).toMatchObject({ code: 0 });
}

beforeEach(async () => {
  sandbox = await startPractice({ tls: true });
});
afterEach(() => sandbox.stop());

const join = async (more: string): Promise<Report> =>
  JSON.parse((await nlbmc(`${JOIN} ${more} -o json`)).stdout) as Report;

const secondary = () => sandbox.world.cluster('sec-eks-clu1').kube;

test('two clusters, each with an NLB, may join each other: the primary is the one that is named', async () => {
  createAll(secondary(), deployment(2), manifest('app/service-existing.yaml'));
  sandbox.world.settle();
  await prepare(ENABLE, 'enable nginx --context sec-eks-clu1', JOIN);
  const back = 'join nginx --context pri-eks-clu1 --primary sec-eks-clu1';
  const { code, stdout } = await nlbmc(`${back} -o json`);
  expect([code, (JSON.parse(stdout) as Report).result]).toEqual([0, 'joined']);
  await prepare('verify nginx --context sec-eks-clu1,pri-eks-clu1', JOIN, back);
});

test('a Service cannot be made in a namespace that is not there: told once, with its cure', async () => {
  await prepare(ENABLE);
  const { exit, problems } = await join('--create-service --local-service shop/web');
  expect(exit).toBe(5);
  expect(problems).toMatchObject([
    {
      code: 'object-missing',
      hints: [
        { text: expect.stringMatching(/^kubectl --context sec-eks-clu1 create namespace shop/) },
      ],
    },
  ]);
});

test('what cannot be looked at before the Service is made is skipped, not passed', async () => {
  await prepare(ENABLE);
  const { skips } = await join('--create-service --dry-run');
  expect(new Set(skips.map(({ code }) => code))).toEqual(
    new Set(['overlapping-addresses', 'no-endpoints', 'zone-not-served']),
  );
});

test('a primary that is withdrawn between plan and write lets nobody in', async () => {
  createAll(secondary(), deployment(2), plainService('ClusterIP'));
  sandbox.world.settle();
  await prepare(ENABLE);
  const { journal, primary } = sandbox.world;
  const from = journal.entries.length;
  const add = journal.add.bind(journal);
  journal.add = (entry) => {
    add(entry);
    if (!entry.dryRun || entry.source !== 'http') return;
    journal.add = add;
    const off = { 'service.beta.kubernetes.io/aws-load-balancer-multi-cluster-target-group': null };
    const patch = { type: 'merge', body: { metadata: { annotations: off } } } as const;
    primary.kube.patch('services', 'default', 'nginx', patch, { actor: 'test', manager: 'test' });
  };
  const { exit, problems } = await join('');
  expect(exit).toBe(5);
  expect(problems).toMatchObject([
    { code: 'primary-not-enabled', about: { cluster: 'pri-eks-clu1' } },
  ]);
  expect(writesSince(sandbox, from)).toEqual([]);
});

describe('an app team that may do what it needs in its own namespace, and nothing beyond', () => {
  const contexts = ['pri-eks-clu1', 'sec-eks-clu1'];
  const team = '--as app-team';

  beforeEach(() => {
    for (const context of contexts) {
      // A Role gives nothing at the cluster scope, and nothing in another namespace.
      giveRole(sandbox.world.cluster(context).kube, 'app-team', 'default', EVERYTHING);
    }
  });

  test('enables and joins without ever seeing kube-system', async () => {
    createAll(secondary(), deployment(2), plainService('ClusterIP'));
    sandbox.world.settle();
    await prepare(`${ENABLE} ${team} --yes`, `${JOIN} ${team} --yes`);
    const reads = sandbox.world.journal.entries.filter(
      ({ verb, path, status }) =>
        verb === 'GET' && path?.includes('/namespaces/kube-system') && status === 200,
    );
    expect(reads).toEqual([]);
  });

  test('is not let into its own cluster by another name', async () => {
    await prepare(`${ENABLE} ${team} --yes`);
    const file = sandbox.env['KUBECONFIG'] ?? '';
    const config = load(readFileSync(file, 'utf8')) as { contexts: { name: string }[] };
    const [primary] = config.contexts.filter(({ name }) => name === 'pri-eks-clu1');
    const copy = `${file}.twin`;
    writeFileSync(
      copy,
      dump({ ...config, contexts: [...config.contexts, { ...primary, name: 'twin' }] }),
    );
    const { code, stdout } = await nlbmc(
      `join nginx --context twin --primary pri-eks-clu1 ${team} --yes --kubeconfig ${copy} -o json`,
    );
    const { problems } = JSON.parse(stdout) as Report;
    expect([code, problems.map((problem) => problem.code)]).toEqual([5, ['same-cluster']]);
  });
});
