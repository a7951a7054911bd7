import {
  binding,
  configMap,
  deployment,
  event,
  pod,
  PATHS,
  service,
  serviceAccount,
  slice,
} from '../../sandbox/kube/golden/requests.ts';

type Json = Record<string, unknown>;

/** A kind with an object of it, and fields (as paths) with values that may be tried there. */
export interface KindValues {
  readonly path: string;
  readonly object: Json;
  readonly fields: Readonly<Record<string, readonly unknown[]>>;
  readonly status?: Readonly<Record<string, readonly unknown[]>>;
  readonly scales?: boolean;
  readonly custom?: boolean;
}

const TEXTS = ['', 'a', 'A_b', 'a.b', 'x'.repeat(64), null];
const NUMBERS = [0, 1, -1, 80, 65_536, null];
const FLAGS = [true, false, null];

/** Fields that every kind has. */
export const METADATA: Readonly<Record<string, readonly unknown[]>> = {
  'metadata.labels': [{}, { a: 'b' }, { a: 'x y' }, { 'a b': 'x' }, { 'a.example/b': '' }, null],
  'metadata.annotations': [{}, { a: 'b', c: '' }, { 'A.example/b': 'x' }, null],
  'metadata.finalizers': [[], ['a.example/b'], ['plain'], ['a b'], null],
  'metadata.ownerReferences': [
    [],
    [{ apiVersion: 'v1', kind: 'Pod', name: 'p', uid: 'u' }],
    [{ apiVersion: 'v1', kind: 'Pod', name: '', uid: 'u' }],
    null,
  ],
  'metadata.generation': [0, 5, -1],
  'metadata.generateName': ['', 'a-'],
};

const PORTS = [
  [{ port: 80 }],
  [
    { name: 'a', port: 80 },
    { name: 'b', port: 81, targetPort: 'http' },
  ],
  [
    { name: 'a', port: 80 },
    { name: 'b', port: 80, protocol: 'UDP' },
  ],
  [{ name: 'a', port: 80 }, { port: 81 }],
  [{ port: 80, nodePort: 31_500 }],
  [{ port: 0 }],
  [{ port: 80, targetPort: 0, protocol: 'tcp' }],
  [],
];

const SERVICE: KindValues = {
  path: PATHS.services,
  object: service(),
  fields: {
    'spec.type': ['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName', 'Other', null],
    'spec.ports': PORTS,
    'spec.selector': [{}, { app: 'a' }, { app: 'a b' }, null],
    'spec.clusterIP': ['None', '172.20.200.1', '10.0.0.1', '', 'x', null],
    'spec.externalName': ['a.example.com', 'A_b', '', null],
    'spec.externalTrafficPolicy': ['Local', 'Cluster', 'local', '', null],
    'spec.internalTrafficPolicy': ['Local', 'Cluster', 'x', null],
    'spec.sessionAffinity': ['ClientIP', 'None', 'x', null],
    'spec.sessionAffinityConfig': [
      { clientIP: { timeoutSeconds: 5 } },
      { clientIP: { timeoutSeconds: 0 } },
      null,
    ],
    'spec.loadBalancerSourceRanges': [['10.0.0.0/8'], ['10.0.0.0'], [], null],
    'spec.loadBalancerClass': ['a.example/b', '', 'a/b/c', null],
    'spec.allocateLoadBalancerNodePorts': FLAGS,
    'spec.healthCheckNodePort': [0, 31_501, 80, null],
    'spec.externalIPs': [['192.0.2.1'], ['127.0.0.1'], ['x'], [], null],
    'spec.ipFamilies': [['IPv4'], ['IPv6'], ['IPv4', 'IPv6'], ['x'], [], null],
    'spec.ipFamilyPolicy': ['SingleStack', 'PreferDualStack', 'RequireDualStack', 'x', null],
    'spec.publishNotReadyAddresses': FLAGS,
    'spec.trafficDistribution': ['PreferClose', 'x', null],
    'spec.loadBalancerIP': ['192.0.2.1', '', null],
  },
  status: {
    'status.loadBalancer': [
      {},
      { ingress: [{ hostname: 'a.example.com' }] },
      { ingress: [{ ip: '192.0.2.1' }] },
      { ingress: [{ ip: 'x' }] },
      null,
    ],
  },
};

const CONTAINER = { name: 'web', image: 'nginx:1.27' };
const withContainer = (more: object): unknown => [{ ...CONTAINER, ...more }];
const POD_FIELDS = (at: string): Readonly<Record<string, readonly unknown[]>> => ({
  [`${at}.containers`]: [
    [CONTAINER],
    [],
    [CONTAINER, CONTAINER],
    withContainer({ image: '' }),
    withContainer({ image: 'nginx:1.28' }),
    withContainer({ ports: [{ containerPort: 80 }] }),
    withContainer({ ports: [{ containerPort: 0, name: 'A' }] }),
    withContainer({
      env: [
        { name: 'A', value: '' },
        { name: 'B', value: 'x' },
      ],
    }),
    withContainer({ env: [{ name: '' }] }),
    withContainer({ resources: { requests: { cpu: '0.25', memory: '128Mi' } } }),
    withContainer({ resources: { limits: { cpu: '1000m' }, requests: { cpu: 2 } } }),
    withContainer({ resources: { limits: { cpu: 'x' } } }),
    withContainer({ readinessProbe: { httpGet: { port: 80 } } }),
    withContainer({ readinessProbe: { tcpSocket: { port: 'http' }, periodSeconds: -1 } }),
    withContainer({ livenessProbe: {} }),
    withContainer({ volumeMounts: [{ name: 'v', mountPath: '/v' }] }),
  ],
  [`${at}.restartPolicy`]: ['Always', 'Never', 'x', null],
  [`${at}.terminationGracePeriodSeconds`]: [0, 5, -1, null],
  [`${at}.nodeSelector`]: [{ a: 'b' }, { a: 'x y' }, {}, null],
  [`${at}.hostname`]: TEXTS,
  [`${at}.tolerations`]: [[{ operator: 'Exists' }], [{ key: 'a', effect: 'x' }], [], null],
  [`${at}.readinessGates`]: [[{ conditionType: 'a.example/b' }], [{ conditionType: 'a b' }], []],
  [`${at}.activeDeadlineSeconds`]: [5, 0, null],
});

const POD: KindValues = {
  path: PATHS.pods,
  object: pod(),
  fields: { ...POD_FIELDS('spec'), 'spec.dnsPolicy': ['Default', 'x', null] },
  status: { 'status.podIP': ['10.0.0.1', '', null], 'status.phase': ['Running', 'Pending'] },
};

const DEPLOYMENT: KindValues = {
  path: PATHS.deployments,
  object: deployment(),
  fields: {
    ...POD_FIELDS('spec.template.spec'),
    'spec.replicas': [0, 1, 3, -1, null],
    'spec.minReadySeconds': [0, 5, -1, null],
    'spec.revisionHistoryLimit': [0, 2, -1, null],
    'spec.progressDeadlineSeconds': [0, 5, 600, null],
    'spec.paused': FLAGS,
    'spec.selector': [{ matchLabels: { app: 'a' } }, { matchLabels: { app: 'b' } }, {}, null],
    'spec.strategy': [
      { type: 'Recreate' },
      { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } },
      { type: 'RollingUpdate', rollingUpdate: { maxSurge: '50%' } },
      { type: 'x' },
      {},
      null,
    ],
    'spec.template.metadata.labels': [{ app: 'a' }, { app: 'b' }, { app: 'a', x: '' }, null],
    'spec.template.metadata.annotations': [{ a: 'b' }, {}, null],
  },
  scales: true,
};

const CONFIG_MAP: KindValues = {
  path: PATHS.configmaps,
  object: configMap(),
  fields: {
    data: [{}, { a: 'x' }, { a: '' }, { 'a b': 'x' }, { a: 1 }, { a: null }, null],
    binaryData: [{}, { b: 'AAEC' }, { a: 'AAEC' }, { b: '*' }, null],
    immutable: FLAGS,
  },
};

const SLICE: KindValues = {
  path: PATHS.slices,
  object: slice({ addressType: 'IPv4', endpoints: [{ addresses: ['10.0.0.1'] }] }),
  fields: {
    addressType: ['IPv4', 'IPv6', 'FQDN', 'x', ''],
    endpoints: [
      [],
      [{ addresses: ['10.0.0.2'], conditions: { ready: false } }],
      [{ addresses: [] }],
      [{ addresses: ['x'] }],
      [{ addresses: ['10.0.0.3'], nodeName: 'n', zone: '' }],
      null,
    ],
    ports: [[], [{ port: 80 }], [{ name: 'A' }], [{ name: 'a', port: 0 }], null],
  },
};

const BINDING: KindValues = {
  path: PATHS.bindings,
  object: binding(),
  custom: true,
  fields: {
    'spec.targetType': ['ip', 'instance', 'x', '', null],
    'spec.targetGroupARN': ['arn', '', null],
    'spec.multiClusterTargetGroup': [true, false, 'x', null],
    'spec.serviceRef': [{ name: 'a', port: 'http' }, { name: 'a' }, { name: 'b', port: 81 }, null],
    'spec.vpcID': ['vpc-1', '', null],
    'spec.nodeSelector': [{ matchLabels: { a: 'b' } }, {}, null],
    'spec.networking': [{ ingress: [{ from: [], ports: [] }] }, {}, null],
    'spec.ipAddressType': ['ipv4', 'x', null],
    'spec.unknown': [1],
  },
  status: { 'status.observedGeneration': [1, 2, 'x', null] },
};

/** Kinds that are asked about, and how often relative to each other. */
export const KINDS: readonly KindValues[] = [
  SERVICE,
  SERVICE,
  SERVICE,
  BINDING,
  BINDING,
  CONFIG_MAP,
  CONFIG_MAP,
  DEPLOYMENT,
  DEPLOYMENT,
  POD,
  SLICE,
  {
    path: PATHS.events,
    object: event({ involvedObject: { kind: 'Service', name: 'a', namespace: 'NS' } }),
    fields: { reason: TEXTS, message: ['', 'x', null], count: NUMBERS, type: ['Normal', 'x', ''] },
  },
  {
    path: PATHS.serviceaccounts,
    object: serviceAccount(),
    fields: { automountServiceAccountToken: FLAGS },
  },
];
