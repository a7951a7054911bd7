import { copyOf } from '../../../src/sandbox/kube/object.ts';
import {
  ready,
  smallCluster,
  webDeployment,
  webService,
  type SmallCluster,
} from './small-cluster.ts';

const GATE = 'target-health.elbv2.k8s.aws/web';

function setGate(world: SmallCluster, status: string): void {
  const [pod] = world.all('pods');
  if (!pod) throw new Error('no pod');
  const next = copyOf(pod);
  next.status.conditions = [
    ...next.status.conditions.filter((one: { type: string }) => one.type !== GATE),
    { type: GATE, status },
  ];
  world.kube.update('pods', next, { actor: 'test', manager: 'test' }, 'status');
  world.clock.advance(1_000);
}

test('a pod with a readiness gate is ready only while the gate is True', () => {
  const world = smallCluster();
  const pod = { readinessGates: [{ conditionType: GATE }] };
  world.create('deployments.apps', webDeployment(1, { pod }));
  world.create('services', webService([{ port: 80 }]));
  world.clock.advance(10_000);
  const conditions = (): Record<string, string> =>
    Object.fromEntries(
      world
        .all('pods')[0]
        ?.status.conditions.map((one: { type: string; status: string }) => [one.type, one.status]),
    );
  // What the controller registers nevertheless: containers ready, only its own gate is missing.
  expect(conditions()).toMatchObject({ ContainersReady: 'True', Ready: 'False' });
  expect(world.endpoints('web')[0]?.conditions.ready).toBe(false);
  expect(world.one('deployments.apps', 'web').status).not.toHaveProperty('availableReplicas');
  setGate(world, 'True');
  expect(conditions()).toMatchObject({ ContainersReady: 'True', Ready: 'True', [GATE]: 'True' });
  expect(world.endpoints('web')[0]?.conditions.ready).toBe(true);
  setGate(world, 'False');
  expect(conditions()).toMatchObject({ Ready: 'False', [GATE]: 'False' });
});

test('a node that is not ready takes its pods out of Services, and gives them back', () => {
  const world = smallCluster();
  world.create('deployments.apps', webDeployment(2));
  world.create('services', webService([{ port: 80 }]));
  world.clock.advance(10_000);
  const [node] = world.workloads.nodes;
  world.workloads.setNodeReady(node?.name ?? '', 'False');
  world.clock.advance(1_000);
  const out = world.endpoints('web').filter((one) => !one.conditions.ready);
  expect(out.map((one) => one.nodeName)).toEqual([node?.name]);
  world.workloads.setNodeReady(node?.name ?? '', 'True');
  world.clock.advance(1_000);
  expect(world.endpoints('web').every((one) => one.conditions.ready)).toBe(true);
});

test('pods wait while no node takes them, and say why', () => {
  const world = smallCluster(['us-east-1a']);
  const name = world.workloads.nodes[0]?.name ?? '';
  world.workloads.setNodeReady(name, 'Unknown');
  world.create('deployments.apps', webDeployment(1));
  world.clock.advance(10_000);
  expect(world.all('pods')[0]?.status.conditions).toMatchObject([
    { type: 'PodScheduled', status: 'False', reason: 'Unschedulable' },
  ]);
  expect(world.all('events').map((event) => event.reason)).toContain('FailedScheduling');
  world.workloads.setNodeReady(name, 'True');
  world.clock.advance(10_000);
  expect(world.all('pods').map(ready)).toEqual([true]);
});

test('a cordoned node gets no new pods', () => {
  const world = smallCluster();
  const [cordoned, open] = world.workloads.nodes;
  world.kube.patch(
    'nodes',
    '',
    cordoned?.name ?? '',
    { type: 'merge', body: { spec: { unschedulable: true } } },
    { actor: 'test', manager: 'kubectl' },
  );
  world.create('deployments.apps', webDeployment(3));
  world.clock.advance(10_000);
  expect(new Set(world.all('pods').map((pod) => pod.spec.nodeName))).toEqual(new Set([open?.name]));
});

test('a readiness probe notices a pod that stops serving; without one nobody does', () => {
  const world = smallCluster();
  const container = { readinessProbe: { tcpSocket: { port: 80 }, periodSeconds: 5 } };
  world.create('deployments.apps', webDeployment(1, { container }));
  world.create('pods', {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'plain' },
    spec: { containers: [{ name: 'plain', image: 'nginx' }] },
  });
  world.clock.advance(10_000);
  const probed = (): boolean =>
    ready(world.all('pods').find((pod) => pod.metadata.name !== 'plain')!);
  expect(probed()).toBe(true);
  for (const pod of world.all('pods')) world.workloads.setPodServing(pod.metadata.name, 'refused');
  world.clock.advance(10_000);
  expect(probed()).toBe(true);
  world.clock.advance(10_000);
  expect(probed()).toBe(false);
  expect(ready(world.one('pods', 'plain'))).toBe(true);
  for (const pod of world.all('pods')) world.workloads.setPodServing(pod.metadata.name, 'ok');
  world.clock.advance(10_000);
  expect(probed()).toBe(true);
});
