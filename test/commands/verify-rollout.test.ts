import { onStage, PRI, SEC, type Stage, VERIFY } from '../laws/stage.ts';
import { runNlbmc } from './harness.ts';
import { roundTrips } from './round-trips.ts';

const person = { actor: 'person', manager: 'kubectl', internal: true };

interface Answer {
  readonly message: string;
  readonly problems: readonly { readonly code: string; readonly message: string }[];
  readonly skips: readonly { readonly code: string; readonly message: string }[];
  readonly verdict: {
    readonly state: string;
    readonly ports: readonly { readonly members: readonly { cluster: string; state: string }[] }[];
  };
}

const answerOf = ({ stdout }: { readonly stdout: string }): Answer => JSON.parse(stdout) as Answer;

/** What `kubectl rollout restart` does. */
function restart({ world }: Stage, cluster: string): void {
  const metadata = { annotations: { 'kubectl.kubernetes.io/restartedAt': 'now' } };
  const body = { spec: { template: { metadata } } };
  const { kube } = world.cluster(cluster);
  kube.patch('deployments.apps', 'default', 'nginx', { type: 'merge', body }, person);
}

test('a rollout in progress is converging, and --wait waits for its end', () =>
  onStage('joined', async (stage) => {
    const { nlbmc, world, sandbox } = stage;
    expect((await nlbmc(`${VERIFY} --rollout`)).code).toBe(0);
    restart(stage, SEC);
    // The old pods serve, and everything else is as it was.
    expect((await nlbmc(VERIFY)).code).toBe(0);
    const now = await nlbmc(`${VERIFY} --rollout -o json`);
    const { problems, verdict } = answerOf(now);
    expect([now.code, verdict.state]).toEqual([3, 'converging']);
    expect(problems).toMatchObject([
      { code: 'rollout-in-progress', message: expect.stringContaining('default/nginx in ' + SEC) },
    ]);
    expect(verdict.ports[0]?.members.map(({ cluster, state }) => [cluster, state])).toEqual([
      [PRI, 'ready'],
      [SEC, 'converging'],
    ]);
    let looks = 0;
    const waited = await runNlbmc(sandbox, `${VERIFY} --rollout --wait`, {
      onSleep: () => (looks += 1),
    });
    expect(waited.code).toBe(0);
    expect(looks).toBeGreaterThan(0);
    const { status } = world.cluster(SEC).kube.get('deployments.apps', 'default', 'nginx')!;
    expect(status.updatedReplicas).toBe(2);
  }));

test('a rollout that cannot end is red, and --wait does not wait for it', () =>
  onStage('joined', async (stage) => {
    restart(stage, SEC);
    // The first new pod is on its way.
    stage.world.clock.advance(100);
    const { kube } = stage.world.cluster(SEC);
    const patch = { type: 'merge', body: { spec: { paused: true } } } as const;
    kube.patch('deployments.apps', 'default', 'nginx', patch, person);
    stage.world.settle();
    const { code, stdout } = await stage.nlbmc(`${VERIFY} --rollout --wait -o json`);
    const { message, problems } = answerOf({ stdout });
    expect(code).toBe(3);
    expect(problems.map((problem) => problem.code)).toContain('rollout-stuck');
    expect(message).toContain('Waiting does not help (rollout-stuck).');
  }));

test('pods that no Deployment made are said and skipped', () =>
  onStage('joined', async ({ nlbmc, world }) => {
    const { kube } = world.cluster(SEC);
    const [pod] = kube.list('pods', 'default');
    const ownerReferences = [
      { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'nginx', uid: 'u', controller: true },
    ];
    kube.create(
      'pods',
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: {
          name: 'nginx-0',
          namespace: 'default',
          labels: { app: 'nginx' },
          ownerReferences,
        },
        spec: pod!.spec,
      },
      person,
    );
    world.settle();
    const { code, stdout } = await nlbmc(`${VERIFY} --rollout -o json`);
    expect([code, answerOf({ stdout }).skips]).toMatchObject([
      0,
      [{ code: 'rollout-unseen', message: expect.stringContaining('(StatefulSet)') }],
    ]);
  }));

test('it costs no further round trip', () =>
  onStage('joined', async ({ nlbmc, sandbox }) => {
    const plain = await roundTrips(sandbox, () => nlbmc(VERIFY));
    expect(await roundTrips(sandbox, () => nlbmc(`${VERIFY} --rollout`))).toBe(plain);
  }));
