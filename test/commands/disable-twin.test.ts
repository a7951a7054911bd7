import { spawnSync } from 'node:child_process';
import type { Report } from '../../src/core/plan/report.ts';
import { onTlsStage, PRI, SEC, type Stage } from '../laws/stage.ts';
import { openShell, type } from '../walkthrough/shell.ts';
import { addresses, arnOf, register, serving } from './repair-acts.ts';

const PREFIX = 'service.beta.kubernetes.io/aws-load-balancer';
const has = spawnSync('which', ['kubectl']).status === 0 || process.env['CI'] === 'true';
const withKubectl = has ? test : test.skip;

/** Types what the person would have typed without nlbmc, and lets the controllers act on it. */
async function typed({ sandbox, world }: Stage, command: string): Promise<void> {
  await type(openShell(sandbox.env), command);
  world.settle();
}

const savedBy = async ({ nlbmc }: Stage, more: string): Promise<number | undefined> => {
  const { code, stdout } = await nlbmc(
    `disable nginx --yes --accept unlisted-members -o json ${more}`,
  );
  expect(code).toBe(5);
  const { problems } = JSON.parse(stdout) as Report;
  return problems.reduce((sum, { saves = 0 }) => sum + saves, 0);
};

describe('what a refusal saves is what kubectl takes', () => {
  describe.each([
    ['only the primary is listed', `--context ${PRI}`],
    ['both are listed', `--context ${PRI},${SEC}`],
  ])('%s', (_, contexts) => {
    withKubectl('the flag off', () =>
      onTlsStage('joined', async (stage) => {
        const { world } = stage;
        // Within five minutes the controller may not know yet of whom it would take out.
        world.clock.advance(360_000);
        const before = serving(world);
        const saves = await savedBy(stage, `${contexts} --exclusive`);
        await typed(
          stage,
          `kubectl --context ${PRI} annotate service nginx --overwrite ${PREFIX}-multi-cluster-target-group=false`,
        );
        const after = serving(world);
        expect(after).toEqual(addresses(world, PRI));
        expect(before.length - after.length).toBe(saves);
      }),
    );

    withKubectl('protection off and the Service deleted', () =>
      onTlsStage('joined', async (stage) => {
        const { world } = stage;
        const theirs = serving(world).filter((id) => addresses(world, SEC).includes(id));
        const saves = await savedBy(stage, `${contexts} --allow-deletion`);
        await typed(
          stage,
          `kubectl --context ${PRI} annotate service nginx --overwrite ${PREFIX}-attributes=deletion_protection.enabled=false
           kubectl --context ${PRI} delete service nginx --wait=false`,
        );
        expect(arnOf(world)).toBe('');
        expect(saves).toBe(theirs.length);
        expect(saves).toBeGreaterThan(0);
      }),
    );
  });

  withKubectl('the flag off, with a target that nobody claims', () =>
    onTlsStage('enabled', async (stage) => {
      const { world } = stage;
      const stranger = '10.0.65.200';
      register(world, [stranger]);
      world.clock.advance(360_000);
      const saves = await savedBy(stage, `--context ${PRI} --exclusive`);
      await typed(
        stage,
        `kubectl --context ${PRI} annotate service nginx --overwrite ${PREFIX}-multi-cluster-target-group=false`,
      );
      const lost = [stranger].filter((id) => !serving(world).includes(id));
      expect(lost).toHaveLength(saves ?? -1);
    }),
  );
});
