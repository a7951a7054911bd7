import type { Row } from './exchange.ts';
import {
  apply,
  changed,
  deployment,
  made,
  mergePatch,
  pod,
  post,
  row,
  status,
  strategic,
} from './requests.ts';

const strategy = (rollingUpdate: object): Record<string, unknown> => ({
  strategy: { rollingUpdate },
});

const pods: readonly Row[] = [
  made('unknown restartPolicy', pod({ restartPolicy: 'always' })),
  made('unknown dnsPolicy', pod({ dnsPolicy: 'None ' })),
  made('negative grace', pod({ terminationGracePeriodSeconds: -1 })),
  made('bad deadline', pod({ activeDeadlineSeconds: 0 })),
  made('bad node selector', pod({ nodeSelector: { a: 'x y' } })),
  made('bad hostname', pod({ hostname: 'A_b', subdomain: 'A_b' })),
  made(
    'readiness gates',
    pod({ readinessGates: [{ conditionType: 'target-health.elbv2.k8s.aws/a' }] }),
  ),
  made('bad readiness gate', pod({ readinessGates: [{ conditionType: 'a b' }] })),
  made(
    'toleration',
    pod({
      tolerations: [
        { key: 'a', operator: 'Exists', value: 'x' },
        { key: 'b', effect: 'Never' },
        { operator: 'Equal' },
      ],
    }),
  ),
  changed('image changes', pod(), { spec: { containers: [{ name: 'web', image: 'nginx:1.28' }] } }),
  changed('a port comes', pod(), {
    spec: { containers: [{ name: 'web', image: 'nginx:1.27', ports: [{ containerPort: 80 }] }] },
  }),
  changed('another container', pod(), { spec: { containers: [{ name: 'b', image: 'x' }] } }),
  changed('no image', pod(), { spec: { containers: [{ name: 'web' }] } }),
  changed('grace changes', pod(), { spec: { terminationGracePeriodSeconds: 5 } }),
  changed('label comes', pod(), { metadata: { labels: { a: 'b' } } }),
  row(
    'status',
    post(pod()),
    status(pod(), {
      status: {
        phase: 'Running',
        podIP: '10.0.0.1',
        podIPs: [{ ip: '10.0.0.1' }],
        conditions: [{ type: 'Ready', status: 'True' }],
      },
    }),
  ),
  row(
    'strategic merge of a container',
    post(pod()),
    strategic(pod(), { spec: { containers: [{ name: 'web', image: 'nginx:1.28' }] } }),
  ),
];

const deployments: readonly Row[] = [
  made('Deployment', deployment()),
  made('Deployment of none', deployment({ replicas: 0, minReadySeconds: 0, paused: false })),
  made(
    'negative replicas',
    deployment({ replicas: -1, minReadySeconds: -1, revisionHistoryLimit: -1 }),
  ),
  made('selector does not match', deployment({ selector: { matchLabels: { app: 'b' } } })),
  made('empty selector', deployment({ selector: {} })),
  made('no selector', deployment({ selector: undefined })),
  made(
    'bad selector',
    deployment({
      selector: {
        matchLabels: { app: 'a b' },
        matchExpressions: [
          { key: 'x', operator: 'Is' },
          { key: 'y', operator: 'In' },
          { key: 'z', operator: 'Exists', values: ['a'] },
        ],
      },
    }),
  ),
  made('restartPolicy of a template', deployment({}, { restartPolicy: 'Never' })),
  made('deadline of a template', deployment({}, { activeDeadlineSeconds: 5 })),
  made('no containers in a template', deployment({}, { containers: [] })),
  made('bad container in a template', deployment({}, { containers: [{ name: 'A', image: '' }] })),
  made('progress deadline', deployment({ minReadySeconds: 10, progressDeadlineSeconds: 10 })),
  made('unknown strategy', deployment({ strategy: { type: 'Rolling' } })),
  made('recreate', deployment({ strategy: { type: 'Recreate' } })),
  made(
    'recreate and rolling',
    deployment({ strategy: { type: 'Recreate', rollingUpdate: { maxSurge: 1 } } }),
  ),
  made('rolling', deployment(strategy({ maxSurge: 0, maxUnavailable: 1 }))),
  made('nothing may move', deployment(strategy({ maxSurge: 0, maxUnavailable: 0 }))),
  made('too many', deployment(strategy({ maxSurge: '25', maxUnavailable: '101%' }))),
  made('negative surge', deployment(strategy({ maxSurge: -1 }))),
  changed('selector changes', deployment(), {
    spec: {
      selector: { matchLabels: { app: 'b' } },
      template: { metadata: { labels: { app: 'b' } } },
    },
  }),
  changed('replicas', deployment(), { spec: { replicas: 3 } }),
  changed('annotation of the template', deployment(), {
    spec: { template: { metadata: { annotations: { a: 'b' } } } },
  }),
  row('scale', post(deployment()), mergePatch(deployment(), { spec: { replicas: 2 } }, '/scale')),
  row(
    'negative scale',
    post(deployment()),
    mergePatch(deployment(), { spec: { replicas: -1 } }, '/scale'),
  ),
  row('applied twice', apply(deployment()), apply(deployment({ replicas: 2 }))),
];

/** Pods and Deployments, as far as people practise with them. */
export const workloadRows = [...pods, ...deployments].map(({ name, steps }) => ({
  name: `workload: ${name}`,
  steps,
}));
