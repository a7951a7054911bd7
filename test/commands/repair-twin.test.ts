import type { Report } from '../../src/core/report.ts';
import type { World } from '../../src/sandbox/world.ts';
import { expectGolden } from '../golden/golden.ts';
import { onStage, PRI, SEC } from '../laws/stage.ts';
import {
  addresses,
  bindingIn,
  BINDINGS,
  deregister,
  person,
  recordMore,
  serving,
  takenOut,
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
    onStage('joined', async ({ world, nlbmc, requests }) => {
      const { foreign } = addressUsedAgain(world);
      const { code, stdout } = await nlbmc(REPAIR);
      expect(code).toBe(5);
      expectGolden('repair-harmful.txt', stdout);
      expect(requests().filter(({ mutating, dryRun }) => mutating && !dryRun)).toEqual([]);
      const report = JSON.parse((await nlbmc(`${REPAIR} -o json`)).stdout) as Report;
      const harmful = report.problems.find((problem) => problem.code === 'repair-harmful');
      expect(harmful).toMatchObject({ saves: 1, cluster: PRI });
      expect(harmful?.details?.join()).toContain(foreign);
      world.clock.advance(60_000);
      expect(serving(world)).toContain(foreign);
    }));

  test('the same look by kubectl takes that one target out', () =>
    onStage('joined', ({ world }) => {
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
    onStage('joined', async ({ world, nlbmc }) => {
      const { own, foreign } = addressUsedAgain(world);
      const { stdout } = await nlbmc(`${REPAIR} -o json`);
      const hint = (JSON.parse(stdout) as Report).problems[0]?.hint ?? '';
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
  onStage('joined', async ({ world, nlbmc }) => {
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
