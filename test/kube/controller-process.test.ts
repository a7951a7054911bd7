import type { ControllerProcess } from '../../src/core/model/handover.ts';
import type { Reading } from '../../src/core/model/problem.ts';
import type { KubeClient } from '../../src/kube/client.ts';
import { connectClusters } from '../../src/kube/connect.ts';
import { readControllerProcess } from '../../src/kube/controller-process.ts';
import { restartController } from '../../src/kube/patches.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts';
import { VirtualClock } from '../../src/sandbox/time/clock.ts';
import type { WorldCluster } from '../../src/sandbox/world.ts';
import { kubeOptions } from './kube-options.ts';
import { kubeconfig, folder, smallServer } from './small-server.ts';

const PRI = 'pri-eks-clu1';
const deployment = { namespace: 'kube-system', name: 'aws-load-balancer-controller' };
const LEASES = 'leases.coordination.k8s.io';
const person = { actor: 'test', manager: 'test' };

let sandbox: Sandbox;
let kube: KubeClient;
let cluster: WorldCluster;
const connect = async (pageSize = 500): Promise<KubeClient> => {
  const [client] = await connectClusters([PRI], kubeOptions({ env: sandbox.env, pageSize }));
  return client!;
};

function got<T>(reading: Reading<T>): T {
  if (!reading.ok) throw new Error(JSON.stringify(reading.problem));
  return reading.value;
}

describe('in the practice world', () => {
  beforeEach(async () => {
    sandbox = await startSandbox({ clock: new VirtualClock() });
    kube = await connect();
    cluster = sandbox.world.cluster(PRI);
  });
  afterEach(async () => {
    kube.close();
    await sandbox.stop();
  });

  const read = async (client = kube): Promise<ControllerProcess> =>
    got(await readControllerProcess(client, deployment));
  const holder = ({ leader }: ControllerProcess): string => leader?.split('_')[0] ?? '';
  const namesOf = ({ pods }: ControllerProcess): readonly string[] => pods.map(({ name }) => name);

  /** Restarts the controller, as a step of a handover does it. */
  async function restart(): Promise<string> {
    const at = sandbox.world.clock.date().toISOString();
    const there = '2001-01-01T00:00:00Z';
    const step = {
      kind: 'restart-controller',
      phase: 'restart',
      cluster: PRI,
      deployment,
      at: there,
    };
    got(await restartController(kube, step as never, { dryRun: false }));
    return at;
  }

  const kubeSystemPods = () =>
    cluster.kube
      .list('pods', 'kube-system')
      .filter(({ metadata }) => metadata.name.startsWith(deployment.name));

  test('a controller that runs: all pods ready and started, one of them leads', async () => {
    const found = await read();
    expect(found).toMatchObject({ deployment, rolledOut: true, replicas: found.pods.length });
    expect(found.replicas).toBeGreaterThan(1);
    for (const pod of found.pods) {
      expect(pod).toMatchObject({ ready: true, startedAt: expect.stringMatching(/^\d{4}-.*Z$/) });
    }
    expect(namesOf(found)).toContain(holder(found));
    expect(found.flags).toMatchObject({ 'cluster-name': PRI });
    expect(found.flags).not.toHaveProperty('ingress-class');
  });

  test('pages of one give the same', async () => {
    const whole = await read();
    sandbox.world.cluster(PRI).kube.pageSize = 1;
    const paged = await connect(1);
    expect(await read(paged)).toEqual(whole);
    paged.close();
  });

  test('after a restart it is rolled out when every pod is new; the Lease follows later', async () => {
    const before = await read();
    const at = await restart();
    const states: ControllerProcess[] = [await read()];
    for (let n = 0; n < 20; n += 1) {
      sandbox.world.clock.advance(3_000);
      states.push(await read());
    }
    expect(before.restartedAt).toBeUndefined();
    // Whatever the clock of the machine says that asked for it.
    expect(states[0]).toMatchObject({ rolledOut: false, restartedAt: `${at.slice(0, 19)}.000Z` });
    expect(
      states.flatMap(({ pods }) => pods).some(({ startedAt }) => startedAt === undefined),
    ).toBe(true);
    const after = states.at(-1)!;
    expect(after.rolledOut).toBe(true);
    expect(namesOf(after).some((name) => namesOf(before).includes(name))).toBe(false);
    expect(namesOf(after)).toContain(holder(after));
    // The API tells starts in whole seconds.
    const second = `${at.slice(0, 19)}.000Z`;
    expect(after.pods.every(({ startedAt }) => startedAt! >= second)).toBe(true);
    // For a while all pods are new, and the one that is gone is still the leader.
    expect(
      states.some((one) => one.rolledOut && !namesOf(one).includes(holder(one)) && one.leader),
    ).toBe(true);
  });

  test('a container beside the controller that starts again makes the pod no newer', async () => {
    const [pod] = kubeSystemPods();
    const before = (await read()).pods.find(({ name }) => name === pod!.metadata.name);
    const [container] = pod!.status.containerStatuses;
    const late = {
      ...container,
      name: 'proxy',
      state: { running: { startedAt: '2099-01-01T00:00:00Z' } },
    };
    const status = { ...pod!.status, containerStatuses: [late, container] };
    const body = { status };
    cluster.kube.patch(
      'pods',
      'kube-system',
      pod!.metadata.name,
      { type: 'merge', body },
      person,
      'status',
    );
    const after = (await read()).pods.find(({ name }) => name === pod!.metadata.name);
    expect(after?.startedAt).toBe(before?.startedAt);
    expect(after?.startedAt).toBeDefined();
  });

  test('a pod that was evicted is no process of the controller any more', async () => {
    const [pod] = kubeSystemPods();
    const body = { status: { phase: 'Failed' } };
    cluster.kube.patch(
      'pods',
      'kube-system',
      pod!.metadata.name,
      { type: 'merge', body },
      person,
      'status',
    );
    expect(namesOf(await read())).not.toContain(pod!.metadata.name);
  });

  test('a paused Deployment is told: no restart makes new pods of it', async () => {
    expect((await read()).paused).toBeUndefined();
    const body = { spec: { paused: true } };
    const { namespace, name } = deployment;
    cluster.kube.patch('deployments.apps', namespace, name, { type: 'merge', body }, person);
    expect((await read()).paused).toBe(true);
  });

  test('without a Lease no pod leads; a Lease that may not be read is unknown', async () => {
    cluster.kube.delete(LEASES, 'kube-system', `${deployment.name}-leader`, person);
    expect((await read()).leader).toBeUndefined();
    sandbox.world.faults.add({ world: 'kube', kind: 'status', status: 403, match: /leases/ });
    expect(await readControllerProcess(kube, deployment)).toMatchObject({
      ok: false,
      problem: { code: 'api-forbidden', about: { cluster: PRI } },
    });
  });

  test('the Lease is the one that the command line names', async () => {
    const [lease] = cluster.kube.list(LEASES, 'kube-system');
    const metadata = { name: 'mine', namespace: 'default' };
    const spec = { ...lease!['spec'], holderIdentity: 'another_1' };
    cluster.kube.create(
      LEASES,
      { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec },
      person,
    );
    const { namespace, name } = deployment;
    const found = cluster.kube.get('deployments.apps', namespace, name)!;
    const [container] = found['spec'].template.spec.containers;
    const args = [
      ...container.args,
      '--leader-election-id=mine',
      '--leader-election-namespace=default',
    ];
    const body = { spec: { template: { spec: { containers: [{ ...container, args }] } } } };
    cluster.kube.patch('deployments.apps', namespace, name, { type: 'merge', body }, person);
    expect((await read()).leader).toBe('another_1');
  });
});

const whole = {
  metadata: { generation: 2 },
  spec: {
    replicas: 1,
    selector: { matchExpressions: [{ key: 'app', operator: 'In', values: ['lbc'] }] },
    template: { spec: { containers: [{ args: ['--cluster-name=c'] }] } },
  },
  status: {
    observedGeneration: 2,
    replicas: 1,
    updatedReplicas: 1,
    readyReplicas: 1,
    availableReplicas: 1,
  },
};

describe('answers of another shape', () => {
  const asked = async (body: object) => {
    const files = folder();
    const server = await smallServer(({ url = '' }) => ({
      body: url.includes('/deployments/') ? body : url.includes('/pods') ? { items: [] } : {},
    }));
    const config = files.write('config', kubeconfig(server.url));
    const [client] = await connectClusters(['here'], kubeOptions({ kubeconfig: config }));
    try {
      return { reading: await readControllerProcess(client!, deployment), server };
    } finally {
      client!.close();
      await server.close();
      files.remove();
    }
  };

  test('pods are asked for by the whole selector', async () => {
    const { reading, server } = await asked(whole);
    expect(got(reading)).toMatchObject({ rolledOut: true, pods: [] });
    const urls = server.requests.map(({ url }) => decodeURIComponent(url).replaceAll('+', ' '));
    expect(urls).toContainEqual(expect.stringContaining('labelSelector=app in (lbc)'));
  });

  test.each([
    ['an old generation', { ...whole, metadata: { generation: 3 } }],
    ['a pod of the old template', { ...whole, status: { ...whole.status, replicas: 2 } }],
    ['a pod that is not ready', { ...whole, status: { ...whole.status, readyReplicas: 0 } }],
    ['no status', { ...whole, status: {} }],
  ])('%s: not rolled out', async (_, body) => {
    expect(got((await asked(body)).reading).rolledOut).toBe(false);
  });

  test.each([
    ['generation', { ...whole, metadata: {} }],
    ['selector', { ...whole, spec: { ...whole.spec, selector: {} } }],
    [
      'selector that can be read',
      {
        ...whole,
        spec: { ...whole.spec, selector: { matchExpressions: [{ key: 'a', operator: 'Like' }] } },
      },
    ],
    ['container', { ...whole, spec: { ...whole.spec, template: {} } }],
  ])('without a %s nothing is known', async (_, body) => {
    expect((await asked(body)).reading).toMatchObject({
      ok: false,
      problem: { code: 'answer-malformed' },
    });
  });
});
