import type { Row } from './exchange.ts';
import {
  apply,
  binding,
  changed,
  configMap,
  deployment,
  event,
  jsonPatch,
  made,
  mergePatch,
  namespace,
  node,
  pod,
  post,
  put,
  remove,
  row,
  service,
  serviceAccount,
  slice,
  status,
} from './requests.ts';

const OWNER = { apiVersion: 'v1', kind: 'Pod', name: 'x', uid: 'u' };
const FINALIZERS = { finalizers: ['a.example/b'] };
const long = (n: number): string => 'x'.repeat(n);
const kinds = {
  service,
  deployment: (_: object, metadata: object) => deployment({}, {}, { ...metadata }),
  pod: (_: object, metadata: object) => pod({}, { ...metadata }),
  binding: (_: object, metadata: object) => binding({}, { ...metadata }),
} as const;

const onCreate: readonly Row[] = [
  made('labels', configMap({}, { labels: { 'a.example/b': 'x', empty: '' } })),
  made('bad label value', configMap({}, { labels: { a: 'x y', b: '-x', c: long(64) } })),
  made(
    'bad label key',
    configMap(
      {},
      { labels: { 'a b': 'x', '/x': 'x', 'a/b/c': 'x', [long(64)]: 'x', 'A_b/c': 'x', '': 'x' } },
    ),
  ),
  made('bad annotation key', configMap({}, { annotations: { 'a b': 'x', 'A.Example/b': 'x' } })),
  made('long annotations', configMap({}, { annotations: { a: long(262_144) } })),
  made('bad finalizer', configMap({}, { finalizers: ['plain', 'a b', ''] })),
  made(
    'both foreground and orphan',
    configMap({}, { finalizers: ['orphan', 'foregroundDeletion'] }),
  ),
  made('owner', configMap({}, { ownerReferences: [OWNER] })),
  made(
    'empty owner',
    configMap({}, { ownerReferences: [{ apiVersion: '', kind: '', name: '', uid: '' }] }),
  ),
  made(
    'two controllers',
    configMap(
      {},
      {
        ownerReferences: [
          { ...OWNER, controller: true },
          { ...OWNER, name: 'y', controller: true },
        ],
      },
    ),
  ),
  made('an event as owner', configMap({}, { ownerReferences: [{ ...OWNER, kind: 'Event' }] })),
  made('negative generation', configMap({}, { generation: -1 })),
  made(
    'own uid and version of a field',
    configMap({}, { uid: 'x', selfLink: '/x', generation: 7 }),
  ),
  made('resourceVersion', configMap({}, { resourceVersion: '5' })),
  made('no name', configMap({}, { name: undefined })),
  made('bad name', configMap({}, { name: 'A_b' })),
  made('name with dots', configMap({}, { name: 'a.b' })),
  made('long name', configMap({}, { name: long(254) })),
  made('bad generateName', configMap({}, { name: undefined, generateName: 'A_' })),
  made('bad name of a Service', service({}, { name: '1a' })),
  made('long name of a Service', service({}, { name: long(64) })),
  made('bad name of a Deployment', deployment({}, {}, { name: 'a_b' })),
  made('bad name of a Pod', pod({}, { name: 'A' })),
  made('bad name of a slice', slice({ addressType: 'IPv4', endpoints: [] }, { name: 'A' })),
  made('bad name of a binding', binding({}, { name: 'A_b' })),
  made('bad name of a Namespace', namespace({}, { name: 'NS.a' })),
  made('bad name of a ServiceAccount', serviceAccount({}, { name: 'A' })),
  made('bad name of a Node', node({}, { name: 'A_NS' })),
  made('another namespace', configMap({}, { namespace: 'other' })),
  made('labels of a Service', service({}, { labels: { a: 'x y' } })),
  made('labels of a binding', binding({}, { labels: { a: 'x y' }, annotations: { 'a b': 'x' } })),
  made('finalizer of a binding', binding({}, { finalizers: ['elbv2.k8s.aws/resources'] })),
  made('labels of a Namespace', namespace({}, { labels: { a: 'x y' } })),
  made('finalizers of a Namespace', namespace({}, { finalizers: ['a.example/b'] })),
];

const onUpdate: readonly Row[] = [
  changed('empty labels', configMap({}, { labels: { a: 'b' } }), { metadata: { labels: {} } }),
  changed('bad finalizer comes', configMap(), { metadata: { finalizers: ['a b'] } }),
  changed('bad label comes', configMap(), { metadata: { labels: { a: 'x y' } } }),
  changed('another uid', configMap(), { metadata: { uid: 'x' } }),
  changed('another creation time', configMap(), {
    metadata: { creationTimestamp: '2020-01-01T00:00:00Z' },
  }),
  changed('deletion time', configMap(), {
    metadata: { deletionTimestamp: '2020-01-01T00:00:00Z' },
  }),
  changed('grace', configMap(), { metadata: { deletionGracePeriodSeconds: 5 } }),
  changed('generation', configMap(), { metadata: { generation: 5 } }),
  changed('generation of a binding', binding(), { metadata: { generation: 5 } }),
  changed('its name goes', configMap(), { metadata: { name: null } }),
  changed('another name', configMap(), { metadata: { name: 'b' } }),
  changed('stale', configMap(), { metadata: { resourceVersion: '1' } }),
  changed('no number as version', configMap(), { metadata: { resourceVersion: 'x' } }),
  changed('another kind', configMap(), { kind: 'Secret' }),
  changed('another version', configMap(), { apiVersion: 'v2' }),
  row(
    'finalizer while it goes',
    post(configMap({}, FINALIZERS)),
    remove(configMap()),
    mergePatch(configMap(), { metadata: { finalizers: ['a.example/b', 'a.example/c'] } }),
  ),
  row('marked by its deletion', post(configMap({}, FINALIZERS)), remove(configMap())),
  row(
    'last finalizer goes',
    post(configMap({}, FINALIZERS)),
    remove(configMap()),
    mergePatch(configMap(), { metadata: { finalizers: null } }),
  ),
  ...Object.entries(kinds).flatMap(([name, make]) => [
    row(
      `put of a ${name} without resourceVersion`,
      post(make({}, {})),
      put(make({}, { labels: { a: 'b' } })),
    ),
    changed(`merge patch of a ${name} that takes the resourceVersion`, make({}, {}), {
      metadata: { resourceVersion: null },
    }),
    row(
      `status of a ${name} with metadata`,
      post(make({}, {})),
      status(make({}, {}), {
        metadata: { labels: { a: 'b' }, annotations: { c: 'd' }, finalizers: ['a.example/b'] },
      }),
    ),
    row(`put that makes a ${name}`, put(make({}, {}))),
    row(
      `what deleting a ${name} gives`,
      post(make({}, {})),
      remove(make({}, {}), undefined, '?gracePeriodSeconds=0'),
    ),
  ]),
  row('put that makes an Event', put(event({ involvedObject: { namespace: 'NS' } }))),
  row('what deleting a Namespace gives', post(namespace()), remove(namespace())),
  row('what deleting a ServiceAccount gives', post(serviceAccount()), remove(serviceAccount())),
  row(
    'status of a Namespace',
    post(namespace()),
    status(namespace(), { metadata: { labels: { a: 'b' } } }),
  ),
  row('apply of a Namespace', apply(namespace())),
  row('apply of a Pod', apply(pod())),
  row('apply of a slice', apply(slice({ addressType: 'IPv4', endpoints: [] }))),
  row('apply of an Event', apply(event({ involvedObject: { namespace: 'NS' } }))),
  row(
    'apply of a Node',
    apply(
      node({ spec: { taints: [{ key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' }] } }),
    ),
  ),
  row('apply of a ServiceAccount', apply(serviceAccount())),
  row('apply of scale', post(deployment()), {
    ...apply(deployment(), 'm', '/scale'),
    body: {
      apiVersion: 'autoscaling/v1',
      kind: 'Scale',
      metadata: { name: 'a' },
      spec: { replicas: 3 },
    },
  }),
  row('apply without apiVersion', apply({ ...configMap(), apiVersion: undefined })),
  row('apply without kind', { ...apply(configMap()), body: { ...configMap(), kind: undefined } }),
  row('apply with another name', { ...apply(configMap()), body: configMap({}, { name: 'b' }) }),
  row('apply with managedFields', apply(configMap({}, { managedFields: [] }))),
  row('apply without manager', {
    ...apply(configMap()),
    path: '/api/v1/namespaces/NS/configmaps/a',
  }),
  row(
    'json patch that fails a test',
    post(configMap({ data: { a: 'b' } })),
    jsonPatch(configMap(), [{ op: 'test', path: '/data/a', value: 'c' }]),
  ),
  row('json patch of nothing', post(configMap()), jsonPatch(configMap(), [])),
];

/** metadata of every kind, and what each kind's registry lets one do. */
export const metadataRows = [...onCreate, ...onUpdate].map(({ name, steps }) => ({
  name: `metadata: ${name}`,
  steps,
}));
