import { spawnSync } from 'node:child_process';
import type { Sandbox } from '../../src/sandbox/server.ts';
import { templatePath } from '../../src/sandbox/scenarios/manifests.ts';
import { runNlbmc, startPractice } from '../commands/harness.ts';
import { openShell, type } from '../walkthrough/shell.ts';
import { inventory } from './inventory.ts';
import { ENABLE, PRI, SEC } from './stage.ts';

const has = spawnSync('which', ['kubectl']).status === 0 || process.env['CI'] === 'true';
const withKubectl = has ? test : test.skip;

const DEPLOYMENT = templatePath('app/deployment.yaml');
const SERVICE = templatePath('app/service-existing.yaml');
const JOIN = `join nginx --context ${SEC} --primary ${PRI} --create-service --yes`;
const LEAVE = `leave nginx --context ${SEC} --primary ${PRI} --delete-service --yes`;
const DISABLE = `disable nginx --context ${PRI} --allow-deletion --yes`;

/** Types kubectl commands one after the other; what they start comes to rest in between. */
async function typed({ env, world }: Sandbox, ...commands: readonly string[]): Promise<void> {
  for (const command of commands) {
    await type(openShell(env), `kubectl ${command}`);
    world.settle();
  }
}

async function said(sandbox: Sandbox, line: string, code: number): Promise<string> {
  const outcome = await runNlbmc(sandbox, line);
  expect({ line, ...outcome }).toMatchObject({ line, code });
  return outcome.stdout;
}

describe('leave --delete-service, disable --allow-deletion, and the files of the person deleted', () => {
  let sandbox: Sandbox;
  beforeEach(async () => {
    sandbox = await startPractice({ scenario: 'new-workload', tls: true });
    await typed(sandbox, `--context ${PRI} delete deployment nginx --wait=false`);
    sandbox.world.clock.advance(120_000);
  });
  afterEach(() => sandbox.stop());

  withKubectl('leave nothing in Kubernetes or AWS that was not there before', async () => {
    const before = inventory(sandbox.world);
    await typed(
      sandbox,
      `--context ${PRI} apply -f ${DEPLOYMENT} -f ${SERVICE}`,
      `--context ${SEC} apply -f ${DEPLOYMENT}`,
    );
    await said(sandbox, ENABLE, 0);
    await said(sandbox, JOIN, 0);
    await said(sandbox, `verify nginx --context ${PRI},${SEC}`, 0);
    const shared = inventory(sandbox.world);
    expect(shared.aws.length).toBeGreaterThan(before.aws.length);

    // Out of order: refused, and the secondary is named.
    for (const contexts of [PRI, `${PRI},${SEC}`]) {
      const line = `disable nginx --context ${contexts} --allow-deletion --yes`;
      expect(await said(sandbox, line, 5)).toContain(SEC);
    }
    expect(inventory(sandbox.world)).toEqual(shared);

    await said(sandbox, LEAVE, 0);
    await said(sandbox, DISABLE, 0);
    await typed(
      sandbox,
      `--context ${PRI} delete --wait=false -f ${DEPLOYMENT} -f ${SERVICE}`,
      `--context ${SEC} delete --wait=false -f ${DEPLOYMENT}`,
    );
    sandbox.world.clock.advance(600_000);
    expect(inventory(sandbox.world)).toEqual(before);
  });

  withKubectl('without disable the Service hangs, and all of it stays', async () => {
    await typed(sandbox, `--context ${PRI} apply -f ${DEPLOYMENT} -f ${SERVICE}`);
    await said(sandbox, ENABLE, 0);
    const before = inventory(sandbox.world);
    await typed(sandbox, `--context ${PRI} delete --wait=false -f ${SERVICE}`);
    sandbox.world.clock.advance(600_000);
    expect(inventory(sandbox.world).aws).toEqual(before.aws);
  });
});
