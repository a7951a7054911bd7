import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createAll } from '../../src/sandbox/scenarios/apply.ts';
import { deployment, plainService } from '../../src/sandbox/scenarios/objects.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts';
import { type EndState, endState } from './end-state.ts';
import { ENABLE, JOIN } from './stage.ts';

const bin = join(import.meta.dirname, '..', '..', 'bin', 'nlbmc.js');
const SPEED = 400;

/** Runs the built program in a process of its own; `kill` is asked after each request. */
function spawnNlbmc(
  sandbox: Sandbox,
  line: string,
  killAfter = Infinity,
): Promise<{ code: number | null; requests: number; killed: boolean }> {
  const { journal } = sandbox.world;
  const child = spawn(process.execPath, [bin, ...line.split(' ')], {
    env: { PATH: process.env['PATH'], ...sandbox.env },
    stdio: 'ignore',
  });
  let requests = 0;
  const add = journal.add.bind(journal);
  journal.add = (entry) => {
    add(entry);
    if (entry.source === 'http' && ++requests === killAfter) child.kill('SIGKILL');
  };
  return new Promise((resolve) => {
    child.on('close', (code, signal) => {
      journal.add = add;
      resolve({ code, requests, killed: signal === 'SIGKILL' });
    });
  });
}

/** A world in which both apps run, and `lines` have been run to their end. */
async function prepare(lines: readonly string[]): Promise<Sandbox> {
  const sandbox = await startSandbox({ speed: SPEED });
  for (const { kube } of sandbox.world.secondaries)
    createAll(kube, deployment(2), plainService('ClusterIP'));
  for (const line of lines) expect(await spawnNlbmc(sandbox, line)).toMatchObject({ code: 0 });
  return sandbox;
}

/** Addresses differ from run to run with the order in which pods come up; the counts may not. */
const shape = ({ targets, loadBalancer, clusters }: EndState): unknown => ({
  targets: Object.fromEntries(
    Object.entries(targets).map(([name, lines]) => [name, lines.map((line) => line.split(' ')[1])]),
  ),
  loadBalancer,
  clusters: JSON.parse(
    JSON.stringify(clusters).replaceAll(/\b10\.\d+\.\d+\.\d+\b/g, 'ADDRESS'),
  ) as unknown,
});

describe('law 3: killed after any request, a second run reaches the same end', () => {
  test.each([
    { name: 'enable', line: ENABLE, earlier: [] },
    { name: 'join', line: JOIN, earlier: [ENABLE] },
  ])(
    '$name',
    async ({ line, earlier }) => {
      const undisturbed = await prepare(earlier);
      const { code, requests } = await spawnNlbmc(undisturbed, line);
      const goal = shape(endState(undisturbed.world));
      await undisturbed.stop();
      expect(code).toBe(0);
      expect(requests).toBeGreaterThan(8);

      // Waiting polls the same few reads over and over: one round of them is enough.
      const kills = Array.from({ length: requests }, (_, i) => i + 1).slice(0, 40);
      const missed: number[] = [];
      for (const after of kills) {
        const sandbox = await prepare(earlier);
        const first = await spawnNlbmc(sandbox, line, after);
        if (!first.killed && first.code !== 0) missed.push(after);
        const second = await spawnNlbmc(sandbox, line);
        expect({ after, code: second.code }).toEqual({ after, code: 0 });
        expect({ after, end: shape(endState(sandbox.world)) }).toEqual({ after, end: goal });
        await sandbox.stop();
      }
      expect(missed).toEqual([]);
    },
    300_000,
  );
});
