import { BINDINGS, BY, LbcWorld } from '../lbc-world.ts';
import { primary } from '../primary.ts';

const MINUTE = 60_000;
const FOREIGN = '10.0.65.200';
const foreign = `${FOREIGN}:80`;

test('a new multi-cluster binding registers its own, records them, and spares foreign targets', () => {
  const pri = primary(true);
  const sec = new LbcWorld({ name: 'sec', beside: pri.world });
  const ip = sec.addPod('s');
  sec.setEndpoints('nginx', [{ name: 's', ip }]);
  sec.addService('nginx', {}, { type: 'ClusterIP', loadBalancerClass: undefined });
  sec.addBinding('nginx', pri.arn, { multiClusterTargetGroup: true });
  sec.settle();
  expect(sec.tracked('nginx')).toEqual([`${ip}:80`]);
  expect(pri.world.tracked(pri.name)).toEqual(pri.own);
  expect(pri.world.registered(pri.arn)).toEqual([...pri.own, `${ip}:80`].toSorted());
});

test('an exclusive binding of another cluster deregisters everybody else', () => {
  const pri = primary(true);
  const sec = new LbcWorld({ name: 'sec', beside: pri.world });
  const ip = sec.addPod('s');
  sec.setEndpoints('nginx', [{ name: 's', ip }]);
  sec.addService('nginx', {}, { type: 'ClusterIP' });
  sec.addBinding('nginx', pri.arn);
  sec.settle();
  expect(pri.world.registered(pri.arn)).toEqual([`${ip}:80`]);
});

describe('flag on', () => {
  test('records the current endpoints at once and deregisters nothing in that pass', () => {
    const { world, arn, name, own, setFlag } = primary(false);
    world.register(arn, FOREIGN);
    world.settle(5 * MINUTE);
    setFlag(true);
    expect(world.tracked(name)).toEqual(own);
    expect(world.registered(arn)).toEqual([...own, foreign].toSorted());
  });

  test('a pod that died before, and is still registered, is never recorded: it leaks', () => {
    const { world, arn, name, pods, a, b } = primary(false);
    world.lbc.pause();
    world.setEndpoints('nginx', [pods.b]);
    world.annotate('nginx', { 'multi-cluster-target-group': 'true' });
    // The flag is on before the endpoint is looked at.
    world.merge(BINDINGS, name, { spec: { multiClusterTargetGroup: true } });
    world.lbc.resume();
    world.settle(60 * MINUTE);
    expect(world.tracked(name)).toEqual([b]);
    expect(world.registered(arn)).toContain(a);
  });

  test('afterwards a dead pod of our own goes and a foreign target stays', () => {
    const { world, arn, name, pods, b } = primary(true);
    world.register(arn, FOREIGN);
    world.settle(5 * MINUTE);
    world.setEndpoints('nginx', [pods.b]);
    world.settle();
    expect(world.registered(arn)).toEqual([b, foreign].toSorted());
    expect(world.tracked(name)).toEqual([b]);
  });
});

describe('flag off', () => {
  test('deregisters every foreign target; the ConfigMap stays', () => {
    const { world, arn, name, own, setFlag } = primary(true);
    world.settle(5 * MINUTE);
    world.register(arn, FOREIGN);
    setFlag(false);
    expect(world.registered(arn)).toEqual(own);
    expect(world.tracked(name)).toEqual(own);
  });

  test('within 5 minutes of a full list the foreign target is not seen, and goes later', () => {
    const { world, arn, own, pods, a, setFlag } = primary(true);
    world.register(arn, FOREIGN);
    setFlag(false);
    expect(world.registered(arn)).toEqual([...own, foreign].toSorted());
    world.settle(5 * MINUTE);
    expect(world.registered(arn)).toContain(foreign);
    world.setEndpoints('nginx', [pods.a]);
    world.settle();
    expect(world.registered(arn)).toEqual([a]);
  });

  test('on again in the same process: the old set is kept and a deleted ConfigMap does not come back', () => {
    const { world, arn, name, own, pods, a, b, setFlag } = primary(true);
    setFlag(false);
    const c = world.addPod('c');
    world.setEndpoints('nginx', [pods.a, pods.b, { name: 'c', ip: c }]);
    world.settle();
    world.kube.delete('configmaps', 'default', `aws-lbc-targets-${name}`, BY);
    setFlag(true);
    expect(world.registered(arn)).toContain(`${c}:80`);
    expect(world.tracked(name)).toBeUndefined();
    // The cure: one new endpoint of our own rewrites the whole set.
    const d = world.addPod('d');
    world.setEndpoints('nginx', [pods.a, pods.b, { name: 'd', ip: d }]);
    world.settle();
    expect(world.tracked(name)).toEqual([...own, `${d}:80`].toSorted());
    // c came while the flag was off: nobody remembers it as ours.
    expect(world.registered(arn)).toContain(`${c}:80`);
    expect(world.registered(arn)).toEqual(expect.arrayContaining([a, b]));
  });

  test('on again after a restart: the ConfigMap is made anew', () => {
    const { world, name, own, setFlag } = primary(true);
    setFlag(false);
    world.kube.delete('configmaps', 'default', `aws-lbc-targets-${name}`, BY);
    world.lbc.restart();
    world.settle();
    setFlag(true);
    expect(world.tracked(name)).toEqual(own);
  });
});

describe('a ConfigMap deleted by hand', () => {
  test('comes back with the next change of an own endpoint', () => {
    const { world, name, pods, b } = primary(true);
    world.kube.delete('configmaps', 'default', `aws-lbc-targets-${name}`, BY);
    world.settle(5 * MINUTE);
    expect(world.tracked(name)).toBeUndefined();
    world.setEndpoints('nginx', [pods.b]);
    world.settle();
    expect(world.tracked(name)).toEqual([b]);
  });

  test('and a restart before a pod dies: its target leaks', () => {
    const { world, arn, name, pods, a, b } = primary(true);
    world.kube.delete('configmaps', 'default', `aws-lbc-targets-${name}`, BY);
    world.lbc.restart();
    world.settle();
    world.setEndpoints('nginx', [pods.b]);
    world.settle();
    expect(world.registered(arn)).toEqual([a, b].toSorted());
    expect(world.tracked(name)).toEqual([b]);
  });

  test('and a restart before the binding is deleted: all own targets leak', () => {
    const { world, arn, name, own } = primary(true);
    world.kube.delete('configmaps', 'default', `aws-lbc-targets-${name}`, BY);
    world.lbc.restart();
    world.settle();
    world.kube.delete(BINDINGS, 'default', name, BY);
    world.settle();
    expect(world.kube.get(BINDINGS, 'default', name)).toBeUndefined();
    expect(world.registered(arn)).toEqual(own);
  });
});

const edit = (world: LbcWorld, name: string, targets: string): void => {
  world.merge('configmaps', `aws-lbc-targets-${name}`, { data: { targets } });
};

describe('a ConfigMap edited by hand', () => {
  test('means nothing to the process that runs', () => {
    const { world, arn, name, pods, b } = primary(true);
    world.register(arn, FOREIGN);
    world.settle(5 * MINUTE);
    edit(world, name, foreign);
    world.setEndpoints('nginx', [pods.b]);
    world.settle();
    expect(world.registered(arn)).toEqual([b, foreign].toSorted());
  });

  test('is believed by the next process', () => {
    const { world, arn, name, pods, a, b } = primary(true);
    world.register(arn, FOREIGN);
    edit(world, name, foreign);
    world.lbc.restart();
    world.settle();
    world.setEndpoints('nginx', [pods.b]);
    world.settle();
    expect(world.registered(arn)).toEqual([a, b].toSorted());
  });

  test('loses what others put on it at the next write', () => {
    const { world, name, pods } = primary(true);
    world.merge('configmaps', `aws-lbc-targets-${name}`, { metadata: { labels: { mine: 'x' } } });
    world.setEndpoints('nginx', [pods.b]);
    world.settle();
    const map = world.kube.get('configmaps', 'default', `aws-lbc-targets-${name}`);
    expect(map?.metadata.labels).toBeUndefined();
  });
});

test('an empty endpoint set is recorded as empty, which is not the same as missing', () => {
  const { world, arn, name } = primary(true);
  world.setEndpoints('nginx', []);
  world.settle();
  expect(world.tracked(name)).toEqual([]);
  expect(world.registered(arn)).toEqual([]);
});

/** ConfigMaps made for two bindings whose names differ only in where the dash stands. */
function shared(version: string): string[] {
  const { world, arn } = primary(true, { version });
  for (const namespace of ['a', 'a-b']) {
    world.kube.create(
      'namespaces',
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
      BY,
    );
    world.kube.create(
      'services',
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'nginx', namespace },
        spec: { ports: [{ port: 80 }] },
      },
      BY,
    );
    world.kube.create(
      BINDINGS,
      {
        apiVersion: 'elbv2.k8s.aws/v1beta1',
        kind: 'TargetGroupBinding',
        metadata: { name: namespace === 'a' ? 'b-c' : 'c', namespace },
        spec: {
          serviceRef: { name: 'nginx', port: 80 },
          targetGroupARN: arn,
          multiClusterTargetGroup: true,
        },
      },
      BY,
    );
    world.settle();
  }
  return world.kube
    .list('configmaps')
    .map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)
    .filter((name) => name.startsWith('a'))
    .toSorted();
}

test('before v3.5.0 bindings whose namespace-name read alike share one set in memory', () => {
  expect(shared('v3.4.3')).toEqual(['a/aws-lbc-targets-b-c']);
  expect(shared('v3.5.0')).toEqual(['a-b/aws-lbc-targets-c', 'a/aws-lbc-targets-b-c']);
});

test('without access to ConfigMaps the pass fails and says what is forbidden', () => {
  const { world, name } = primary(true, { configMapAccess: false });
  const [event] = world.events(name);
  expect(event?.reason).toBe('FailedReconcile');
  expect(event?.message).toContain(`configmaps "aws-lbc-targets-${name}" is forbidden: User`);
  expect(world.tracked(name)).toBeUndefined();
});
