import type { Row } from './exchange.ts';
import {
  apply,
  binding,
  changed,
  configMap,
  jsonPatch,
  made,
  post,
  put,
  row,
  slice,
} from './requests.ts';

const IPV4 = { addressType: 'IPv4' };
const endpoints = (...list: readonly object[]): Record<string, unknown> => ({
  ...IPV4,
  endpoints: list,
});
// The server adds it to new nodes.
const slices: readonly Row[] = [
  made(
    'slice',
    slice({
      ...endpoints({ addresses: ['10.0.0.1'], conditions: { ready: true } }),
      ports: [{ port: 80 }],
    }),
  ),
  made('slice without endpoints', slice(IPV4)),
  made('no address type', slice({ endpoints: [] })),
  made('unknown address type', slice({ addressType: 'IP', endpoints: [] })),
  made('bad address', slice(endpoints({ addresses: ['10.0.0'] }))),
  made('IPv6 in IPv4', slice(endpoints({ addresses: ['fd00::1'] }))),
  made('IPv4 in IPv6', slice({ addressType: 'IPv6', endpoints: [{ addresses: ['10.0.0.1'] }] })),
  made('no address', slice(endpoints({ addresses: [] }))),
  made('loopback', slice(endpoints({ addresses: ['127.0.0.1'] }))),
  made(
    'bad node name and host name',
    slice(endpoints({ addresses: ['10.0.0.1'], nodeName: 'A_b', hostname: 'A_b' })),
  ),
  made(
    'names',
    slice({
      addressType: 'FQDN',
      endpoints: [{ addresses: ['a.example.com'] }, { addresses: ['a_b'] }],
    }),
  ),
  made(
    'port names',
    slice({
      ...endpoints(),
      ports: [
        { name: 'A_b', port: 80 },
        { name: 'b', port: 80 },
        { name: 'b', port: 81 },
      ],
    }),
  ),
  made(
    'port protocol',
    slice({ ...endpoints(), ports: [{ name: 'a', port: 80, protocol: 'tcp' }] }),
  ),
  made(
    'zones',
    slice(
      endpoints({ addresses: ['10.0.0.1'], hints: { forZones: [{ name: 'a' }, { name: 'a' }] } }),
    ),
  ),
  changed('address type changes', slice(endpoints()), { addressType: 'IPv6' }),
  changed('endpoints change', slice(endpoints()), { endpoints: [{ addresses: ['10.0.0.2'] }] }),
  changed('labels change', slice(endpoints()), { metadata: { labels: { a: 'b' } } }),
];

const maps: readonly Row[] = [
  made('ConfigMap', configMap({ data: { 'a.b-c_d': 'x' }, binaryData: { b: 'AAEC' } })),
  made('bad keys', configMap({ data: { 'a b': 'x', '..': 'x', '': 'x' } })),
  made('a key twice', configMap({ data: { a: 'x' }, binaryData: { a: 'AAEC' } })),
  made('bad base64', configMap({ binaryData: { a: '***' } })),
  made('too much', configMap({ data: { a: 'x'.repeat(1_048_577) } })),
  made('a number as value', configMap({ data: { a: 1 } })),
  made('immutable', configMap({ immutable: true, data: { a: 'x' } })),
  changed('immutable data', configMap({ immutable: true, data: { a: 'x' } }), { data: { a: 'y' } }),
  changed('immutable no more', configMap({ immutable: true }), { immutable: false }),
  changed('data goes', configMap({ data: { a: 'x' } }), { data: null }),
  made('empty data', configMap({ data: {} })),
  changed('empty data stays away', configMap(), { data: {}, binaryData: {} }),
  changed('false is nothing', configMap(), { immutable: false }),
];

const bindings: readonly Row[] = [
  made('binding', binding()),
  made(
    'null optional fields',
    binding({
      networking: null,
      nodeSelector: null,
      targetType: null,
      ipAddressType: null,
      vpcID: null,
    }),
  ),
  made(
    'null status and metadata',
    binding({}, { labels: null, annotations: null }, { status: null }),
  ),
  made('no serviceRef', binding({ serviceRef: undefined })),
  made('null serviceRef', binding({ serviceRef: null })),
  made('unknown type', binding({ targetType: 'Instance' })),
  made('wrong type', binding({ multiClusterTargetGroup: 'yes' })),
  made('unknown field', binding({ unknown: 1 })),
  changed('a field goes', binding({ vpcID: 'vpc-1' }), { spec: { vpcID: null } }),
  changed('nothing changes', binding(), {}),
  row('stale put', post(binding()), put(binding({}, { resourceVersion: '1' }))),
  row('apply of a binding', apply(binding())),
  row(
    'json patch of a binding',
    post(binding()),
    jsonPatch(binding(), [{ op: 'add', path: '/spec/multiClusterTargetGroup', value: true }]),
  ),
];

/** EndpointSlices, ConfigMaps, bindings. */
export const objectRows = [...slices, ...maps, ...bindings].map(({ name, steps }) => ({
  name: `object: ${name}`,
  steps,
}));
