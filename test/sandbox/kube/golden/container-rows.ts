import type { Row } from './exchange.ts';
import { container, made, pod } from './requests.ts';

const probe = (more: object): Record<string, unknown> => ({
  readinessProbe: { httpGet: { port: 80 }, ...more },
});
const containers: readonly Row[] = [
  made('plain', pod()),
  made('no containers', pod({ containers: [] })),
  made('no name and no image', pod({ containers: [{}] })),
  made('bad name', pod({ containers: [{ name: 'A_b', image: 'x' }] })),
  made(
    'one name twice',
    pod({
      containers: [
        { name: 'a', image: 'x' },
        { name: 'a', image: 'x' },
      ],
    }),
  ),
  made('init container of the same name', pod({ initContainers: [{ name: 'web', image: 'x' }] })),
  made('padded image', container({ image: ' nginx ' })),
  made('unknown pull policy', container({ imagePullPolicy: 'Sometimes' })),
  made('ports', container({ ports: [{ containerPort: 80 }, { containerPort: 81, name: 'http' }] })),
  made(
    'bad ports',
    container({
      ports: [
        { containerPort: 0 },
        { containerPort: 65_536 },
        { containerPort: 80, protocol: 'tcp' },
        { containerPort: 80, hostPort: 65_536 },
      ],
    }),
  ),
  made(
    'bad port name',
    container({
      ports: [
        { containerPort: 80, name: 'HTTP' },
        { containerPort: 81, name: 'name-too-long-for-a-port' },
      ],
    }),
  ),
  made(
    'one port name twice',
    container({
      ports: [
        { containerPort: 80, name: 'a' },
        { containerPort: 81, name: 'a' },
      ],
    }),
  ),
  made(
    'env',
    container({
      env: [
        { name: 'A', value: '' },
        { name: 'B', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
      ],
    }),
  ),
  made(
    'bad env',
    container({
      env: [
        { name: '' },
        { name: 'a=b' },
        { name: 'C', value: 'x', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
      ],
    }),
  ),
  made(
    'quantities',
    container({
      resources: {
        requests: { cpu: '0.5', memory: '1024Mi' },
        limits: { cpu: 2, memory: '2048Mi' },
      },
    }),
  ),
  made(
    'odd quantities',
    container({
      resources: {
        requests: { cpu: '1000m', memory: '1.5Gi' },
        limits: { cpu: '1e3m', memory: '2000000Ki' },
      },
    }),
  ),
  made('bad quantity', container({ resources: { limits: { cpu: 'much' } } })),
  made(
    'request above its limit',
    container({ resources: { requests: { cpu: 2 }, limits: { cpu: 1 } } }),
  ),
  made('negative request', container({ resources: { requests: { cpu: '-1' } } })),
  made('unknown resource', container({ resources: { requests: { gpu: 1 } } })),
  made('probe', container(probe({}))),
  made('empty probe', container({ readinessProbe: {} })),
  made('two handlers', container(probe({ tcpSocket: { port: 80 } }))),
  made(
    'bad probe numbers',
    container(
      probe({
        initialDelaySeconds: -1,
        timeoutSeconds: -1,
        periodSeconds: -1,
        successThreshold: -1,
        failureThreshold: -1,
      }),
    ),
  ),
  made('bad probe port', container({ readinessProbe: { tcpSocket: { port: 0 } } })),
  made(
    'bad probe scheme',
    container({ readinessProbe: { httpGet: { port: 80, scheme: 'http' } } }),
  ),
  made(
    'liveness with successThreshold',
    container({ livenessProbe: { httpGet: { port: 80 }, successThreshold: 2 } }),
  ),
  made('mount without volume', container({ volumeMounts: [{ name: 'x', mountPath: '/x' }] })),
  made(
    'mounts',
    pod({
      containers: [{ name: 'a', image: 'x', volumeMounts: [{ name: 'v', mountPath: '/v' }] }],
      volumes: [{ name: 'v', emptyDir: {} }],
    }),
  ),
  made(
    'one mount twice',
    pod({
      containers: [
        {
          name: 'a',
          image: 'x',
          volumeMounts: [
            { name: 'v', mountPath: '/v' },
            { name: 'v', mountPath: '/v' },
          ],
        },
      ],
      volumes: [{ name: 'v', emptyDir: {} }],
    }),
  ),
  made(
    'volumes',
    pod({
      volumes: [
        { name: 'A' },
        { name: 'b' },
        { name: 'b' },
        { name: 'c', configMap: { name: 'x' } },
      ],
    }),
  ),
];

/** Containers of pods. */
export const containerRows = [...containers].map(({ name, steps }) => ({
  name: `workload: ${name}`,
  steps,
}));
