import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { quickAws } from '../aws-cli/quick-aws.ts';
import type { Report } from '../../src/core/plan/report.ts';
import { onStage, PRI, SEC } from '../laws/stage.ts';
import { openShell, type } from '../walkthrough/shell.ts';
import { addresses, arnOf, serving } from './repair-acts.ts';

const PURGE = `purge nginx --context ${PRI} --yes -o json`;
const has = spawnSync('which', ['aws']).status === 0 || process.env['CI'] === 'true';
const withAws = has ? test : test.skip;

describe('what a refusal saves is what the aws CLI takes from those who serve', () => {
  beforeAll(quickAws);

  withAws.each([
    ['target-owned-elsewhere', false],
    ['target-serving', true],
  ] as const)('%s', (code, departed) =>
    onStage('joined', async ({ sandbox, world, nlbmc }) => {
      const file = join(sandbox.dir, 'enrollment.yaml');
      writeFileSync(file, (await nlbmc(`show nginx --context ${PRI},${SEC} -o yaml`)).stdout);
      const words = departed ? ` --departed ${SEC} --from ${file}` : '';
      const refused = await nlbmc(`${PURGE}${words}`);
      expect(refused.code).toBe(5);
      const { problems } = JSON.parse(refused.stdout) as Report;
      expect(problems.map((problem) => problem.code)).toEqual([code]);

      const theirs = addresses(world, SEC);
      const before = serving(world).filter((id) => theirs.includes(id));
      const mine = addresses(world, PRI);
      const unclaimed = serving(world).filter((id) => !mine.includes(id));
      await type(
        openShell(sandbox.env),
        `aws elbv2 deregister-targets --target-group-arn ${arnOf(world)} --targets ${unclaimed
          .map((id) => `Id=${id},Port=80`)
          .join(' ')}`,
      );
      world.settle();
      // The pods are there as before; the load balancer sends them nothing any more.
      expect(addresses(world, SEC)).toEqual(theirs);
      const lost = before.filter((id) => !serving(world).includes(id));
      expect(lost).toHaveLength(problems[0]?.saves ?? -1);
    }),
  );
});
