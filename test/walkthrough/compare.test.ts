import { spawn, spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { quickAws } from '../aws-cli/quick-aws.ts';
import { createAll } from '../../src/sandbox/scenarios/apply.ts';
import { manifest } from '../../src/sandbox/scenarios/manifests.ts';
import { deployment, plainService } from '../../src/sandbox/scenarios/objects.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts';
import { runNlbmc } from '../commands/harness.ts';
import { worldInProcess } from '../commands/in-process.ts';
import { type EndState, endState } from '../laws/end-state.ts';
import { LentClock } from '../laws/lent-clock.ts';
import { openShell, typeAll } from './shell.ts';
import { existingWorkload, newWorkload } from './walkthrough-commands.ts';

const root = join(import.meta.dirname, '..', '..');
const has = (tool: string): boolean => spawnSync('which', [tool]).status === 0;
const wanted = process.env['CI'] === 'true' || (has('kubectl') && has('aws'));
const withTools = wanted ? describe : describe.skip;

const ATTRIBUTES = 'service.beta.kubernetes.io/aws-load-balancer-attributes';
const enable = 'enable nginx --context pri-eks-clu1';
const join_ = 'join nginx --context sec-eks-clu1 --primary pri-eks-clu1';
const verify = 'verify nginx --context pri-eks-clu1,sec-eks-clu1';

const nlbmc = async (sandbox: Sandbox, line: string): Promise<{ code: number; output: string }> => {
  const { code, stdout, stderr } = await runNlbmc(sandbox, line);
  return { code, output: `${stdout}${stderr}` };
};

/** A world, what is done in it, and its state when it has come to rest. */
async function played(
  scenario: 'walkthrough' | 'new-workload',
  act: (sandbox: Sandbox) => Promise<void>,
): Promise<EndState> {
  const clock = new LentClock();
  const sandbox = await startSandbox({ scenario, clock });
  worldInProcess(sandbox);
  clock.lend(600);
  try {
    await act(sandbox);
    return endState(sandbox.world);
  } finally {
    clock.takeBack();
    await sandbox.stop();
  }
}

const byHand = (steps: typeof existingWorkload) => async (sandbox: Sandbox) => {
  const shell = openShell(sandbox.env);
  try {
    await typeAll(shell, steps);
  } finally {
    rmSync(shell.cwd, { recursive: true });
  }
};

const bySteps =
  (...lines: string[]) =>
  async (sandbox: Sandbox) => {
    for (const { kube } of sandbox.world.secondaries)
      createAll(kube, deployment(2), plainService('ClusterIP'));
    // A person types later than its pods are there.
    sandbox.world.settle();
    for (const line of lines) {
      const { code, output } = await nlbmc(sandbox, line);
      if (code !== 0) throw new Error(`nlbmc ${line} ended with ${code}:\n${output}`);
    }
  };

interface Binding {
  labels?: Record<string, string>;
}
interface Cluster {
  bindings: Binding[];
}

/**
 * The differences that are meant: the article labels the secondary's binding so that its own look
 * finds it, which makes LBC's selector for its stack match; nlbmc says who manages it instead.
 */
function withoutAllowedDifferences(state: EndState): EndState {
  const copy = structuredClone(state);
  for (const binding of (copy.clusters['sec-eks-clu1'] as Cluster).bindings) {
    expect(Object.keys(binding.labels ?? {})).toHaveLength(1);
    delete binding.labels;
  }
  return copy;
}

withTools('the walkthrough by hand and by nlbmc', () => {
  beforeAll(quickAws);

  test('end in the same state, object by object: an existing workload', async () => {
    const [hand, tool] = [
      await played('walkthrough', byHand(existingWorkload)),
      await played('walkthrough', bySteps(enable, join_, verify)),
    ];
    expect(Object.values(tool.targets)).toEqual([
      Array(5).fill(expect.stringMatching(/ healthy$/)),
    ]);
    expect(withoutAllowedDifferences(tool)).toEqual(withoutAllowedDifferences(hand));
  });

  test('end in the same state, object by object: a new workload', async () => {
    const [hand, tool] = [
      await played('new-workload', byHand(newWorkload)),
      await played('new-workload', async (sandbox) => {
        createAll(sandbox.world.primary.kube, manifest('app/service-primary.yaml'));
        await bySteps(join_, verify)(sandbox);
      }),
    ];
    expect(withoutAllowedDifferences(tool)).toEqual(withoutAllowedDifferences(hand));
  });

  test('differ in what becomes of other attributes: nlbmc keeps them, the walkthrough drops them', async () => {
    const others = 'load_balancing.cross_zone.enabled=true,access_logs.s3.enabled=false';
    const annotate = ({ world }: Sandbox): unknown =>
      world.primary.kube.patch(
        'services',
        'default',
        'nginx',
        { type: 'merge', body: { metadata: { annotations: { [ATTRIBUTES]: others } } } },
        { actor: 'person', manager: 'kubectl-patch', internal: true },
      );
    const after = ({ world }: Sandbox): string =>
      world.primary.kube.get('services', 'default', 'nginx')?.metadata.annotations?.[ATTRIBUTES] ??
      '';
    let hand = '';
    let tool = '';
    await played('walkthrough', async (sandbox) => {
      annotate(sandbox);
      await byHand(existingWorkload.slice(0, 4))(sandbox);
      hand = after(sandbox);
    });
    await played('walkthrough', async (sandbox) => {
      annotate(sandbox);
      expect((await nlbmc(sandbox, enable)).code).toBe(0);
      tool = after(sandbox);
    });
    expect(hand).toBe('deletion_protection.enabled=true');
    expect(tool).toBe(`${others},deletion_protection.enabled=true`);
  });
});

const alone = wanted ? test : test.skip;

alone(
  'scenario 2: a Service that is shared from the start needs no enable, and gets no write',
  async () => {
    await played('new-workload', async (sandbox) => {
      const apply = ['apply', '-f', 'templates/app/service-primary.yaml'];
      const env = { ...process.env, ...sandbox.env };
      const applied = await new Promise((resolve) =>
        spawn('kubectl', apply, { cwd: root, env }).on('close', resolve),
      );
      expect(applied).toBe(0);
      const from = sandbox.world.journal.entries.length;
      // Until the load balancer is up, enable waits or says what is missing: a person runs it again.
      let last = await nlbmc(sandbox, enable);
      for (let i = 0; i < 10 && last.code !== 0; i++) {
        sandbox.world.settle();
        last = await nlbmc(sandbox, enable);
      }
      expect(last.output).toContain('already enabled');
      const writes = sandbox.world.journal.entries
        .slice(from)
        .filter(({ source, mutating }) => source === 'http' && mutating);
      expect(writes).toEqual([]);
      await bySteps(join_, verify)(sandbox);
    });
  },
);
