import type { Row } from './exchange.ts';
import {
  binding,
  changed,
  configMap,
  event,
  get,
  jsonPatch,
  made,
  mergePatch,
  node,
  post,
  put,
  remove,
  row,
  serviceAccount,
} from './requests.ts';

const NOT_READY = { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' };
const OPTIONS = { apiVersion: 'v1', kind: 'DeleteOptions' };

const deletes: readonly Row[] = [
  row('body of another kind', post(configMap()), remove(configMap(), { ...configMap() })),
  row(
    'body without kind',
    post(configMap()),
    remove(configMap(), { propagationPolicy: 'Background' }),
  ),
  row(
    'options',
    post(configMap()),
    remove(configMap(), { ...OPTIONS, propagationPolicy: 'Background' }),
  ),
  row(
    'options of another version',
    post(configMap()),
    remove(configMap(), { ...OPTIONS, apiVersion: 'v2' }),
  ),
  row(
    'options of the group',
    post(binding()),
    remove(binding(), { ...OPTIONS, apiVersion: 'elbv2.k8s.aws/v1beta1' }),
  ),
  row(
    'unknown policy',
    post(configMap()),
    remove(configMap(), { ...OPTIONS, propagationPolicy: 'background' }),
  ),
  row(
    'unknown policy of what is not there',
    remove(configMap(), { ...OPTIONS, propagationPolicy: 'background' }),
  ),
  row(
    'policy and orphanDependents',
    post(configMap()),
    remove(configMap(), { ...OPTIONS, propagationPolicy: 'Background', orphanDependents: true }),
  ),
  row(
    'negative grace',
    post(configMap()),
    remove(configMap(), { ...OPTIONS, gracePeriodSeconds: -1 }),
  ),
  row('unknown dryRun', post(configMap()), remove(configMap(), { ...OPTIONS, dryRun: ['Some'] })),
  row('dry run', post(configMap()), remove(configMap(), { ...OPTIONS, dryRun: ['All'] })),
  row(
    'dry run deletes nothing',
    post(configMap()),
    remove(configMap(), { ...OPTIONS, dryRun: ['All'] }),
    get(configMap()),
  ),
  row(
    'another uid',
    post(configMap()),
    remove(configMap(), { ...OPTIONS, preconditions: { uid: 'x' } }),
  ),
  row(
    'another version',
    post(configMap()),
    remove(configMap(), { ...OPTIONS, preconditions: { resourceVersion: '1' } }),
  ),
  row('what is not there', remove(configMap())),
  row('options are validated first on create', post(configMap(), '?dryRun=Some')),
  row('field manager too long', post(configMap(), `?fieldManager=${'x'.repeat(129)}`)),
  row('field validation', post(configMap(), '?fieldValidation=strict')),
  row('options of a patch are validated first', mergePatch(configMap(), {}, '?dryRun=Some')),
  row('force without apply', post(configMap()), mergePatch(configMap(), {}, '?force=true')),
  row('patch of what is not there', mergePatch(configMap(), {})),
  row('put of what is not there', put(configMap())),
];

const odd: readonly Row[] = [
  made(
    'event',
    event({
      involvedObject: { kind: 'Service', name: 'a', namespace: 'NS' },
      reason: 'X',
      type: 'Normal',
    }),
  ),
  made(
    'event in another namespace',
    event({ involvedObject: { kind: 'Service', name: 'a', namespace: 'other' } }),
  ),
  made('event without namespace', event({ involvedObject: { kind: 'Service', name: 'a' } })),
  made('bad time', event({ involvedObject: { namespace: 'NS' }, lastTimestamp: 'yesterday' })),
  made(
    'time with fraction',
    event({
      involvedObject: { namespace: 'NS' },
      firstTimestamp: '2026-01-01T00:00:00.5Z',
      lastTimestamp: '2026-01-01T02:00:00+02:00',
    }),
  ),
  made('node', node({ spec: { providerID: 'aws:///a/i-1', taints: [NOT_READY] } })),
  made(
    'node taints',
    node({
      spec: {
        taints: [
          { key: 'a b', effect: 'NoSchedule' },
          { key: 'a', effect: 'Never' },
        ],
      },
    }),
  ),
  made(
    'node quantities',
    node({
      spec: { taints: [NOT_READY] },
      status: { capacity: { cpu: '2000m', memory: '4096Mi' } },
    }),
  ),
  changed('another provider', node({ spec: { providerID: 'aws:///a/i-1' } }), {
    spec: { providerID: 'aws:///a/i-2' },
  }),
  made('service account', serviceAccount({ automountServiceAccountToken: false })),
  row('no kind', { ...post(configMap()), body: { apiVersion: 'v1', metadata: { name: 'a' } } }),
  row('no apiVersion', {
    ...post(configMap()),
    body: { kind: 'ConfigMap', metadata: { name: 'a' } },
  }),
  row('another kind', { ...post(configMap()), body: { ...configMap(), kind: 'Secret' } }),
  row('another group', { ...post(configMap()), body: { ...configMap(), apiVersion: 'apps/v1' } }),
  row('a list', { ...post(configMap()), body: [] }),
  row('an unknown field, strict', { ...post(configMap({ dta: {} }), '?fieldValidation=Strict') }),
  row('YAML', { ...post(configMap()), type: 'application/yaml' }),
  row('a text', { ...post(configMap()), type: 'text/plain' }),
  row(
    'json patch that adds to a list',
    post(configMap({}, { finalizers: ['a.example/a'] })),
    jsonPatch(configMap(), [{ op: 'add', path: '/metadata/finalizers/-', value: 'a.example/b' }]),
  ),
  row(
    'json patch that adds into a list',
    post(configMap({}, { finalizers: ['a.example/a'] })),
    jsonPatch(configMap(), [{ op: 'add', path: '/metadata/finalizers/0', value: 'a.example/b' }]),
  ),
  row(
    'json patch beyond a list',
    post(configMap({}, { finalizers: ['a.example/a'] })),
    jsonPatch(configMap(), [{ op: 'add', path: '/metadata/finalizers/5', value: 'a.example/b' }]),
  ),
  row(
    'json patch from the end of a list',
    post(configMap({}, { finalizers: ['a.example/a'] })),
    jsonPatch(configMap(), [
      { op: 'replace', path: '/metadata/finalizers/-1', value: 'a.example/b' },
    ]),
  ),
  row(
    'json patch that removes what is not there',
    post(configMap()),
    jsonPatch(configMap(), [{ op: 'remove', path: '/data/x' }]),
  ),
  row(
    'json patch that replaces what is not there',
    post(configMap({ data: { a: 'x' } })),
    jsonPatch(configMap(), [{ op: 'replace', path: '/data/x', value: 'y' }]),
  ),
  row(
    'json patch that adds under what is not there',
    post(configMap()),
    jsonPatch(configMap(), [{ op: 'add', path: '/data/x', value: 'y' }]),
  ),
  row(
    'json patch that tests for null',
    post(configMap()),
    jsonPatch(configMap(), [{ op: 'test', path: '/data', value: null }]),
  ),
  row(
    'json patch that tests what is not there',
    post(configMap()),
    jsonPatch(configMap(), [{ op: 'test', path: '/data/x', value: null }]),
  ),
  row(
    'json patch with copy and move',
    post(configMap({ data: { a: 'x' } })),
    jsonPatch(configMap(), [
      { op: 'copy', from: '/data/a', path: '/data/b' },
      { op: 'move', from: '/data/a', path: '/data/c' },
    ]),
  ),
  row(
    'json patch without value',
    post(configMap({ data: { a: 'x' } })),
    jsonPatch(configMap(), [{ op: 'add', path: '/data/b' }]),
  ),
  row(
    'json patch with an unknown operation',
    post(configMap()),
    jsonPatch(configMap(), [{ op: 'set', path: '/data', value: {} }]),
  ),
  row('json patch of an object', post(configMap()), jsonPatch(configMap(), {})),
];

/** Deletions, and requests that are odd. */
export const requestRows = [...deletes, ...odd].map(({ name, steps }) => ({
  name: `request: ${name}`,
  steps,
}));
