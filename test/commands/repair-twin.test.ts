import { readFileSync, writeFileSync } from 'node:fs';
import { dump, load } from 'js-yaml';
import type { Report } from '../../src/core/plan/report.ts';
import type { World } from '../../src/sandbox/world.ts';
import { expectGolden } from '../golden/golden.ts';
import { onTlsStage, PRI, SEC } from '../laws/stage.ts';
import {
  addresses,
  bindingIn,
  BINDINGS,
  deregister,
  person,
  recordMore,
  register,
  serving,
  takenOut,
  hideOwners,
} from './repair-acts.ts';

const REPAIR = `repair nginx --context ${PRI},${SEC} --yes`;

/** The primary's record lists a live pod of the secondary, and one of its own pods is taken out. */
function addressUsedAgain(world: World): { readonly own: string; readonly foreign: string } {
  const [own = ''] = addresses(world, PRI);
  const [foreign = ''] = addresses(world, SEC);
  recordMore(world, PRI, [foreign]);
  world.clock.advance(600_000);
  deregister(world, [own]);
  return { own, foreign };
}

describe('an address of another cluster is on record', () => {
  test('the repair is refused, names the target, and nothing is written', () =>
    onTlsStage('joined', async ({ world, nlbmc, requests }) => {
      const { foreign } = addressUsedAgain(world);
      const { code, stdout } = await nlbmc(REPAIR);
      expect(code).toBe(5);
      expectGolden('repair-harmful.txt', stdout);
      expect(requests().filter(({ mutating, dryRun }) => mutating && !dryRun)).toEqual([]);
      const report = JSON.parse((await nlbmc(`${REPAIR} -o json`)).stdout) as Report;
      const harmful = report.problems.find((problem) => problem.code === 'repair-harmful');
      expect(harmful).toMatchObject({ saves: 1, about: { cluster: PRI } });
      expect(harmful?.details?.join()).toContain(foreign);
      world.clock.advance(60_000);
      expect(serving(world)).toContain(foreign);
    }));

  test('the same look by kubectl takes that one target out', () =>
    onTlsStage('joined', ({ world }) => {
      const { foreign } = addressUsedAgain(world);
      const from = world.journal.entries.length;
      const { name } = bindingIn(world, PRI).metadata;
      const body = { metadata: { annotations: { 'elbv2.k8s.aws/checkpoint': '' } } };
      world.primary.kube.patch(BINDINGS, 'default', name, { type: 'merge', body }, person);
      world.settle();
      expect(takenOut(world, from)).toEqual([foreign]);
      expect(serving(world)).not.toContain(foreign);
      return Promise.resolve();
    }));

  test('what the refusal says to type clears the way', () =>
    onTlsStage('joined', async ({ world, nlbmc }) => {
      const { own, foreign } = addressUsedAgain(world);
      const { stdout } = await nlbmc(`${REPAIR} -o json`);
      const report = JSON.parse(stdout) as { problems: { hints?: { text: string }[] }[] };
      const hint = report.problems[0]?.hints?.[0]?.text ?? '';
      const [, pod = ''] = /delete pod (\S+)/.exec(hint) ?? [];
      world.cluster(SEC).kube.delete('pods', 'default', pod, person);
      world.settle();
      world.clock.advance(400_000);
      expect(serving(world)).not.toContain(foreign);
      expect(await nlbmc(REPAIR)).toMatchObject({ code: 0 });
      expect(serving(world)).toContain(own);
    }));
});

test('a cluster that is not listed is seen in EC2, and saved', () =>
  onTlsStage('joined', async ({ world, nlbmc }) => {
    const { foreign } = addressUsedAgain(world);
    const { code, stdout } = await nlbmc(`repair nginx --context ${PRI} --yes -o json`);
    const report = JSON.parse(stdout) as Report;
    expect(code).toBe(5);
    expect(report.problems).toContainEqual(
      expect.objectContaining({
        code: 'repair-harmful',
        saves: 1,
        details: expect.arrayContaining([expect.stringContaining(SEC)]),
      }),
    );
    expect(serving(world)).toContain(foreign);
  }));

test('where EC2 may not be asked nothing is proven: refused, and saved', () =>
  onTlsStage('joined', async ({ world, nlbmc, requests }) => {
    const { foreign } = addressUsedAgain(world);
    hideOwners(world);
    const { code, stdout } = await nlbmc(`repair nginx --context ${PRI} --yes`);
    expect(code).toBe(5);
    expectGolden('repair-unproven.txt', stdout);
    expect(stdout).toContain('This saves 1 target.');
    expect(requests().filter(({ mutating, dryRun }) => mutating && !dryRun)).toEqual([]);
    expect(serving(world)).toContain(foreign);
  }));

/** A record as a binding leaves it that was deleted without its finalizer. */
const leftRecord = (world: World, cluster: string, name: string, address: string): unknown =>
  world.cluster(cluster).kube.create(
    'configmaps',
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: `aws-lbc-targets-${name}`, namespace: 'default' },
      data: { targets: `${address}:80` },
    },
    person,
  );

describe('the record of a deleted binding lists an endpoint of another cluster', () => {
  /** The primary's binding is gone, and its record would be taken for its own when it comes back. */
  function arrange(world: World): string {
    const { name } = bindingIn(world, PRI).metadata;
    const [foreign = ''] = addresses(world, SEC);
    world.primary.kube.delete(BINDINGS, 'default', name, person);
    world.settle();
    leftRecord(world, PRI, name, foreign);
    world.clock.advance(600_000);
    return foreign;
  }

  test('the owner is not touched, and the record is named', () =>
    onTlsStage('joined', async ({ world, nlbmc }) => {
      const foreign = arrange(world);
      const { code, stdout } = await nlbmc(REPAIR);
      expect(code).toBe(5);
      expectGolden('repair-leftover.txt', stdout);
      expect(stdout).toContain('This saves 1 target.');
      expect(serving(world)).toContain(foreign);
    }));

  test('the same touch by kubectl takes that target out', () =>
    onTlsStage('joined', ({ world }) => {
      const foreign = arrange(world);
      const from = world.journal.entries.length;
      const body = { metadata: { annotations: { 'nlbmc/touched': 'by hand' } } };
      world.primary.kube.patch('services', 'default', 'nginx', { type: 'merge', body }, person);
      world.settle();
      expect(takenOut(world, from)).toEqual([foreign]);
      return Promise.resolve();
    }));
});

test('a record whose target is still registered is kept, for it tells whose that is', () =>
  onTlsStage('enabled', async ({ world, nlbmc }) => {
    leftRecord(world, SEC, 'nginx', '10.0.65.200');
    register(world, ['10.0.65.200']);
    const { code, stdout } = await nlbmc(REPAIR);
    expect(code).toBe(5);
    expectGolden('repair-record-in-use.txt', stdout);
  }));

describe('the binding was deleted, and its Service does not ask for multi-cluster', () => {
  /** The controller has not come to see the annotation yet. */
  function arrange(world: World): void {
    const { kube, lbc } = world.primary;
    world.clock.advance(600_000);
    kube.delete(BINDINGS, 'default', bindingIn(world, PRI).metadata.name, person);
    world.settle();
    lbc.pause();
    const flag = 'service.beta.kubernetes.io/aws-load-balancer-multi-cluster-target-group';
    const body = { metadata: { annotations: { [flag]: 'false' } } };
    kube.patch('services', 'default', 'nginx', { type: 'merge', body }, person);
  }

  test('the owner is not touched: an exclusive binding would come back', () =>
    onTlsStage('joined', async ({ world, nlbmc, requests }) => {
      arrange(world);
      const { code, stdout } = await nlbmc(REPAIR);
      expect(code).toBe(5);
      expectGolden('repair-exclusive.txt', stdout);
      expect(requests().filter(({ mutating, dryRun }) => mutating && !dryRun)).toEqual([]);
    }));

  test('the same touch by kubectl takes out as many targets as were named', () =>
    onTlsStage('joined', async ({ world, nlbmc }) => {
      arrange(world);
      const { problems } = JSON.parse((await nlbmc(`${REPAIR} -o json`)).stdout) as Report;
      const saves = problems.find(({ code }) => code === 'repair-harmful')?.saves;
      const theirs = addresses(world, SEC);
      const body = { metadata: { annotations: { 'nlbmc/touched': 'by hand' } } };
      world.primary.kube.patch('services', 'default', 'nginx', { type: 'merge', body }, person);
      world.primary.lbc.resume();
      world.settle();
      expect(theirs.filter((id) => !serving(world).includes(id))).toHaveLength(saves ?? -1);
    }));
});

test('a controller whose record is gone is not made to look: its memory cannot be seen', () =>
  onTlsStage('joined', async ({ world, nlbmc }) => {
    const { kube, lbc } = world.cluster(SEC);
    world.clock.advance(600_000);
    lbc.pause();
    const name = `aws-lbc-targets-${bindingIn(world, SEC).metadata.name}`;
    kube.delete('configmaps', 'default', name, person);
    deregister(world, addresses(world, SEC).slice(0, 1));
    const { code, stdout } = await nlbmc(REPAIR);
    expect(code).toBe(5);
    expectGolden('repair-memory.txt', stdout);
  }));

test('a Service that is not there, and one whose controller is down', () =>
  onTlsStage('joined', async ({ world, nlbmc }) => {
    const none = await nlbmc(`repair nginy --context ${PRI},${SEC} --yes`);
    expect(none.code).toBe(5);
    expectGolden('repair-service-missing.txt', none.stdout);
    deregister(world, addresses(world, PRI).slice(0, 1));
    world.primary.lbc.stop();
    const down = await nlbmc(REPAIR);
    expect(down.code).toBe(5);
    expectGolden('repair-controller-missing.txt', down.stdout);
  }));

test('one cluster under two names would be taken for its own rival', () =>
  onTlsStage('joined', async ({ sandbox, nlbmc, requests }) => {
    const file = sandbox.env['KUBECONFIG'] ?? '';
    const config = load(readFileSync(file, 'utf8')) as { contexts: { name: string }[] };
    const alias = { ...config.contexts.find(({ name }) => name === SEC), name: 'alias' };
    writeFileSync(file, dump({ ...config, contexts: [...config.contexts, alias] }));
    const { code, stdout } = await nlbmc(`repair nginx --context ${PRI},${SEC},alias --yes`);
    expect(code).toBe(5);
    expectGolden('repair-same-cluster.txt', stdout);
    const leave = await nlbmc(`leave nginx --context ${SEC} --primary alias --yes`);
    expect(leave.code).toBe(5);
    expectGolden('leave-refused-same-cluster.txt', leave.stdout);
    expect(requests().filter(({ mutating, dryRun }) => mutating && !dryRun)).toEqual([]);
  }));

test('what tells whose a target is could not be read: unknown, and nothing is done', () =>
  onTlsStage('joined', async ({ world, nlbmc, requests }) => {
    deregister(world, addresses(world, SEC));
    const match = /^GET .*configmaps/;
    world.faults.add({ world: 'kube', cluster: PRI, match, kind: 'status', status: 403 });
    const { code, stdout } = await nlbmc(REPAIR);
    expect(code).toBe(8);
    expectGolden('repair-unread.txt', stdout);
    expect(requests().filter(({ mutating, dryRun }) => mutating && !dryRun)).toEqual([]);
  }));
