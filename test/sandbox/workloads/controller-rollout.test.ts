import type { KubeObject } from '../../../src/sandbox/kube/object.ts';
import { Lbc } from '../../../src/sandbox/lbc/lbc.ts';
import { createWorld, type World } from '../../../src/sandbox/world.ts';
import { smallCluster } from './small-cluster.ts';

const NAME = 'aws-load-balancer-controller';
const person = { actor: 'test', manager: 'kubectl-rollout' };

const pods = ({ primary }: World): KubeObject[] =>
  primary.kube
    .list('pods', 'kube-system')
    .filter((pod) => pod.metadata.labels?.['app.kubernetes.io/name'] === NAME);
const names = (world: World): string[] => pods(world).map((pod) => pod.metadata.name);
const lease = ({ primary }: World): KubeObject =>
  primary.kube.get('leases.coordination.k8s.io', 'kube-system', `${NAME}-leader`)!;
const holder = (world: World): string => lease(world)['spec'].holderIdentity.split('_')[0];
const deployment = ({ primary }: World): KubeObject =>
  primary.kube.get('deployments.apps', 'kube-system', NAME)!;

/** What `kubectl rollout restart` sends. */
function restart({ primary, clock }: World): void {
  const at = { 'kubectl.kubernetes.io/restartedAt': clock.date().toISOString() };
  const body = { spec: { template: { metadata: { annotations: at } } } };
  const patch = { type: 'strategic' as const, body };
  primary.kube.patch('deployments.apps', 'kube-system', NAME, patch, person);
}

/** When `kubectl rollout status` ends (kubectl pkg/polymorphichelpers/rollout_status.go). */
function isRolledOut(world: World): boolean {
  const { metadata, spec, status } = deployment(world);
  return (
    metadata.generation! <= status.observedGeneration &&
    status.updatedReplicas >= spec.replicas &&
    status.replicas <= status.updatedReplicas &&
    status.availableReplicas >= status.updatedReplicas
  );
}

function waitFor(world: World, done: () => boolean): number {
  for (let ms = 0; ms < 120_000; ms += 100) {
    if (done()) return ms;
    world.clock.advance(100);
  }
  throw new Error('it did not happen within two minutes');
}

/** Started times of the containers, as the API server tells them. */
const startedAt = (world: World): string[] =>
  pods(world).map((pod) => pod.status.containerStatuses[0].state.running.startedAt);

test('the Lease names a pod of the controller, and a UUID after it', () => {
  const world = createWorld({ scenario: 'new-workload', clusters: ['one'] });
  expect(names(world)).toContain(holder(world));
  expect(lease(world)['spec']).toMatchObject({ leaseDurationSeconds: 15, leaseTransitions: 0 });
  expect(lease(world)['spec'].holderIdentity).toMatch(
    /_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  );
});

test('a rollout brings new pods, and the Lease follows when it has run out', () => {
  const world = createWorld({ scenario: 'new-workload', clusters: ['one'] });
  const before = names(world);
  const asked = world.clock.date().toISOString();
  restart(world);
  expect(isRolledOut(world)).toBe(false);
  waitFor(world, () => isRolledOut(world));
  // One of them may still be ending then.
  const left = pods(world).filter((pod) => before.includes(pod.metadata.name));
  expect(left.every((pod) => pod.metadata.deletionTimestamp)).toBe(true);
  world.clock.advance(2_000);
  expect(names(world).filter((name) => before.includes(name))).toEqual([]);
  expect(startedAt(world).every((at) => at > asked.slice(0, 19))).toBe(true);
  // A rollout that is complete does not prove that a new pod leads.
  expect(before).toContain(holder(world));
  expect(waitFor(world, () => !before.includes(holder(world)))).toBeGreaterThan(5_000);
  expect(names(world)).toContain(holder(world));
  expect(lease(world)['spec'].leaseTransitions).toBe(1);
});

test('webhooks are answered all the time, and nothing is reconciled until a pod leads', () => {
  const world = createWorld({ clusters: ['one'] });
  const { kube, lbc } = world.primary;
  restart(world);
  waitFor(world, () => isRolledOut(world));
  expect(lbc.state).toBe('running');
  const from = world.journal.entries.length;
  const annotations = { word: 'x' };
  kube.patch(
    'services',
    'default',
    'nginx',
    { type: 'merge', body: { metadata: { annotations } } },
    person,
  );
  world.clock.advance(5_000);
  const calls = () => world.journal.entries.slice(from).filter(({ actor }) => actor === 'lbc/one');
  expect(calls()).toEqual([]);
  world.clock.advance(15_000);
  // The new process has empty memory: it reads the tags of everything.
  expect(calls().map(({ action }) => action)).toContain('elbv2.DescribeTags');
});

test('a pod that is deleted by hand costs the others the rest of the Lease', () => {
  const world = createWorld({ scenario: 'new-workload', clusters: ['one'] });
  const first = holder(world);
  world.primary.kube.delete('pods', 'kube-system', first, person);
  world.clock.advance(10_000);
  expect(holder(world)).toBe(first);
  world.clock.advance(6_000);
  expect(holder(world)).not.toBe(first);
});

test('a process that restarts in its pod shows in the container, and holds the Lease again', () => {
  const world = createWorld({ scenario: 'new-workload', clusters: ['one'] });
  const [before] = startedAt(world);
  const identity: string = lease(world)['spec'].holderIdentity;
  world.clock.advance(5_000);
  world.primary.lbc.restart();
  world.clock.advance(1_000);
  expect(startedAt(world)[0]! > before!).toBe(true);
  expect(pods(world)[0]!.status.containerStatuses[0].restartCount).toBe(1);
  expect(lease(world)['spec'].holderIdentity).not.toBe(identity);
});

test('scaled to nothing nobody leads, and scaled up again a new pod does', () => {
  const world = createWorld({ scenario: 'new-workload', clusters: ['one'] });
  const first = holder(world);
  const scale = (replicas: number): void => {
    const patch = { type: 'merge' as const, body: { spec: { replicas } } };
    world.primary.kube.patch('deployments.apps', 'kube-system', NAME, patch, person);
    world.clock.advance(30_000);
  };
  scale(0);
  expect(names(world)).toEqual([]);
  expect(holder(world)).toBe(first);
  scale(2);
  expect(names(world)).toContain(holder(world));
});

test('scaled up while no pod leads, the new one waits like the others', () => {
  const world = createWorld({ scenario: 'new-workload', clusters: ['one'] });
  const first = holder(world);
  world.primary.kube.delete('pods', 'kube-system', first, person);
  world.clock.advance(1_000);
  const patch = { type: 'merge' as const, body: { spec: { replicas: 3 } } };
  world.primary.kube.patch('deployments.apps', 'kube-system', NAME, patch, person);
  world.clock.advance(9_000);
  expect(holder(world)).toBe(first);
});

test('the Lease has the name that the flag says', () => {
  const { kube, aws, clock, workloads } = smallCluster();
  const lbc = new Lbc({
    cluster: kube,
    aws,
    clock,
    clusterName: 'blue',
    vpcId: workloads.vpcId,
    flags: { leaderElectionId: 'mine' },
    onLife: (running) => workloads.setControllerRunning(running),
  });
  lbc.install();
  lbc.start();
  clock.advance(10_000);
  const all = kube.list('leases.coordination.k8s.io', 'kube-system');
  expect(all.map(({ metadata }) => metadata.name)).toEqual(['mine']);
  const [container] = kube.get('deployments.apps', 'kube-system', NAME)!['spec'].template.spec
    .containers;
  expect(container.args).toContain('--leader-election-id=mine');
  lbc.stop();
  workloads.stop();
});
