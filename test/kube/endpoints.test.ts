import type { Endpoint } from '../../src/core/model/kubernetes.ts';
import type { Reading } from '../../src/core/model/problem.ts';
import { connectClusters } from '../../src/kube/connect.ts';
import { readEndpoints } from '../../src/kube/endpoints.ts';
import { kubeOptions } from './kube-options.ts';
import { folder, type Handler, kubeconfig, smallServer, status } from './small-server.ts';

interface Place {
  readonly name: string;
  readonly ready?: boolean;
  readonly terminating?: boolean;
}

const slice = (places: readonly Place[]) => ({
  addressType: 'IPv4',
  ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
  endpoints: places.map(({ name, ready, terminating }, at) => ({
    addresses: [`10.0.0.${at + 1}`, '10.9.9.9'],
    conditions: { ready, terminating },
    targetRef: { kind: 'Pod', name },
    nodeName: `node-of-${name}`,
    zone: 'a',
  })),
});

const pod = (containersReady: boolean, gate?: string) => ({
  body: {
    spec: { readinessGates: gate ? [{ conditionType: 'target-health.elbv2.k8s.aws/x' }] : [] },
    status: {
      conditions: [
        { type: 'ContainersReady', status: containersReady ? 'True' : 'False' },
        { type: 'target-health.elbv2.k8s.aws/x', status: gate },
      ],
    },
  },
});
const node = (ready: string) => ({
  body: { metadata: { name: 'n' }, status: { conditions: [{ type: 'Ready', status: ready }] } },
});

/** What is read of these places, and which pods and nodes were asked for. */
async function reading(
  places: readonly Place[],
  answers: Readonly<Record<string, ReturnType<Handler>>>,
): Promise<{ read: Reading<readonly Endpoint[]>; asked: string[] }> {
  const files = folder();
  const server = await smallServer(({ url = '' }) => {
    if (url.includes('endpointslices')) return { body: { metadata: {}, items: [slice(places)] } };
    const name = url.split('/').at(-1) ?? '';
    return answers[name] ?? status(404, 'NotFound', 'not found', { name, kind: 'pods' });
  });
  const [kube] = await connectClusters(
    [],
    kubeOptions({ kubeconfig: files.write('c', kubeconfig(server.url)) }),
  );
  try {
    if (!kube) throw new Error('no client');
    const read = await readEndpoints(kube, { namespace: 'shop', name: 'web' });
    return {
      read,
      asked: server.requests
        .map(({ url }) => url.split('/').at(-1) ?? '')
        .slice(1)
        .sort(),
    };
  } finally {
    kube?.close();
    await server.close();
    files.remove();
  }
}

test('ready and terminating endpoints are taken from the slices alone', async () => {
  const { read, asked } = await reading(
    [{ name: 'a', ready: true }, { name: 'b' }, { name: 'c', ready: false, terminating: true }],
    {},
  );
  expect(asked).toEqual([]);
  expect(read).toMatchObject({
    ok: true,
    value: [
      {
        address: '10.0.0.1',
        ports: { http: 8080 },
        ready: true,
        pod: 'a',
        node: 'node-of-a',
        zone: 'a',
      },
      { address: '10.0.0.2', terminating: false },
      { address: '10.0.0.3', terminating: true },
    ],
  });
});

test('a pod that waits for its own gate is looked at, and its node', async () => {
  const { read, asked } = await reading(
    [
      { name: 'a', ready: true },
      { name: 'b', ready: false },
      { name: 'c', ready: false },
    ],
    { b: pod(true, 'False'), c: pod(false), 'node-of-b': node('True') },
  );
  expect(asked).toEqual(['b', 'c', 'node-of-b']);
  expect(read).toMatchObject({
    value: [
      {},
      { podContainersReady: true, gatePending: true, nodeReady: 'True' },
      { podContainersReady: false },
    ],
  });
});

test('when nothing is ready, nodes are looked at for the fail-open', async () => {
  const { read, asked } = await reading([{ name: 'a', ready: false }], {
    a: pod(false),
    'node-of-a': node('Unknown'),
  });
  expect(asked).toEqual(['a', 'node-of-a']);
  expect(read).toMatchObject({ value: [{ podContainersReady: false, nodeReady: 'Unknown' }] });
});

test('a pod that is gone is not ready; one that may not be read leaves all unknown', async () => {
  const gone = await reading(
    [
      { name: 'x', ready: true },
      { name: 'a', ready: false },
    ],
    {},
  );
  expect(gone.read).toMatchObject({ value: [{}, { podContainersReady: false }] });
  const forbidden = await reading([{ name: 'a', ready: false }], {
    a: status(403, 'Forbidden', 'no'),
  });
  expect(forbidden.read).toMatchObject({ ok: false, problem: { code: 'api-forbidden' } });
});
