import { askMany, countBy } from './connect.ts';
import { person, SharedWorld } from './shared-world.ts';

const CROSS_ZONE = { 'load_balancing.cross_zone.enabled': 'true' };

let shared: SharedWorld;
beforeEach(() => {
  shared = new SharedWorld('instance');
  shared.setGroup(CROSS_ZONE);
});
afterEach(() => shared.close());

const clientsOf = (lines: readonly string[]): string[] =>
  [...new Set(lines.map((line) => line.split(' ')[0] ?? ''))].sort();

test('a node port leads to any ready pod of its cluster, which sees the node as client', async () => {
  const { primary } = shared.world;
  const outcomes = await askMany(await shared.address(), 300);
  expect(countBy(outcomes, ({ error }) => error)).toEqual({ '': 300 });
  const names = [...shared.pods(primary), ...shared.pods(shared.secondary)].map(({ name }) => name);
  expect(Object.keys(countBy(outcomes, ({ pod }) => pod)).sort()).toEqual(names.sort());
  expect(clientsOf(shared.accessLines(primary))).toEqual(
    primary.workloads.nodes.map(({ ip }) => ip).sort(),
  );
});

test('with the policy Local it leads to pods on the node, which see the client', async () => {
  const { kube, workloads } = shared.world.primary;
  // Only one node has pods: the other refuses what it gets.
  const [node] = workloads.nodes;
  for (const pod of kube.list('pods', 'default')) {
    if (pod.spec.nodeName !== node?.name) workloads.setPodServing(pod.metadata.name, 'refused');
  }
  for (const cluster of shared.world.clusters.values()) {
    const body = { spec: { externalTrafficPolicy: 'Local' } };
    cluster.kube.patch('services', 'default', 'nginx', { type: 'merge', body }, person);
  }
  const outcomes = await askMany(await shared.address(), 200);
  const served = outcomes.filter(({ cluster }) => cluster === 'pri-eks-clu1');
  const here = kube
    .list('pods', 'default')
    .filter((pod) => pod.spec.nodeName === node?.name)
    .map((pod) => pod.metadata.name);
  expect(Object.keys(countBy(served, ({ pod }) => pod)).sort()).toEqual(here.sort());
  expect(countBy(outcomes, ({ error }) => error)['ECONNRESET']).toBeGreaterThan(0);
  expect(clientsOf(shared.accessLines(shared.world.primary))).toEqual(['203.0.113.1']);
});
