import { request } from 'node:https';
import { makeCertificates } from '../../../src/sandbox/certificates.ts';
import { VirtualClock } from '../../../src/sandbox/time/clock.ts';
import { Faults } from '../../../src/sandbox/requests/faults.ts';
import { Journal } from '../../../src/sandbox/requests/journal.ts';
import { startCluster } from '../../../src/sandbox/kube/cluster/start-cluster.ts';
import type { Writer } from '../../../src/sandbox/kube/cluster/writer.ts';
import { serveKube } from '../../../src/sandbox/kube/http/serve.ts';

export const TOKEN = 'practice';
/** A controller inside the process. */
export const inside: Writer = { actor: 'test', manager: 'test', internal: true };

interface Sent {
  readonly body?: unknown;
  readonly type?: string;
  readonly headers?: Record<string, string>;
}

export interface Reply {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly text: string;
  // What a reply holds depends on the request; each test knows what it looks for.
  readonly body: any;
}

const certificates = makeCertificates();

/** One cluster behind HTTPS, on a clock that the test moves. */
export async function startApi() {
  const clock = new VirtualClock();
  const journal = new Journal(clock);
  const faults = new Faults();
  const cluster = startCluster({ name: 'pri', clock, journal });
  const tls = await certificates;
  const server = await serveKube(cluster, { tls, token: TOKEN, journal, faults, clock });

  const open = (method: string, path: string, sent: Sent = {}) => {
    const { body } = sent;
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    const outgoing = request(server.url + path, {
      method,
      ca: tls.ca,
      agent: false,
      headers: {
        Authorization: `Bearer ${TOKEN}`,
        ...(text !== undefined && {
          'Content-Type': sent.type ?? 'application/json',
          'Content-Length': String(Buffer.byteLength(text)),
        }),
        ...sent.headers,
      },
    });
    outgoing.end(text);
    return outgoing;
  };
  const ask = (method: string, path: string, sent: Sent = {}): Promise<Reply> =>
    new Promise((resolve, reject) => {
      const outgoing = open(method, path, sent);
      outgoing.on('error', reject);
      outgoing.on('response', (response) => {
        let text = '';
        response.on('data', (chunk) => (text += chunk));
        response.on('error', reject);
        response.on('end', () => {
          const json = response.headers['content-type']?.startsWith('application/json');
          const lines = json && !path.includes('watch=') ? JSON.parse(text) : undefined;
          resolve({ status: response.statusCode!, headers: response.headers, text, body: lines });
        });
      });
    });
  return { ask, open, cluster, clock, journal, faults, tls, ...server };
}

export type Api = Awaited<ReturnType<typeof startApi>>;

export const SERVICES = '/api/v1/namespaces/default/services';
export const CONFIGMAPS = '/api/v1/namespaces/default/configmaps';
export const DEPLOYMENTS = '/apis/apps/v1/namespaces/default/deployments';
export const BINDINGS = '/apis/elbv2.k8s.aws/v1beta1/namespaces/default/targetgroupbindings';

export const service = (name: string, spec: object = {}, metadata: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, ...metadata },
  spec: { selector: { app: name }, ports: [{ port: 80 }], ...spec },
});

export const configMap = (name: string, metadata: object = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, ...metadata },
  data: { key: 'value' },
});

export const deployment = (name: string, spec: object = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, labels: { app: name } },
  spec: {
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: 'web', image: 'nginx:1.27' }] },
    },
    ...spec,
  },
});

export const pod = (name: string, spec: object = {}, metadata: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default', ...metadata },
  spec: { containers: [{ name: 'web', image: 'nginx' }], ...spec },
});

const text = { type: 'string' };

/** A definition as LBC installs it, cut down to what the tests look at. */
export const bindingDefinition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'targetgroupbindings.elbv2.k8s.aws' },
  spec: {
    group: 'elbv2.k8s.aws',
    scope: 'Namespaced',
    names: {
      kind: 'TargetGroupBinding',
      listKind: 'TargetGroupBindingList',
      plural: 'targetgroupbindings',
      singular: 'targetgroupbinding',
    },
    versions: [
      { name: 'v1alpha1', served: true, storage: false, schema: bindingSchema() },
      {
        name: 'v1beta1',
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: bindingSchema(),
        additionalPrinterColumns: [
          { name: 'SERVICE-NAME', type: 'string', jsonPath: '.spec.serviceRef.name' },
          { name: 'SERVICE-PORT', type: 'string', jsonPath: '.spec.serviceRef.port' },
          { name: 'TARGET-TYPE', type: 'string', jsonPath: '.spec.targetType' },
          { name: 'ARN', type: 'string', priority: 1, jsonPath: '.spec.targetGroupARN' },
          { name: 'AGE', type: 'date', jsonPath: '.metadata.creationTimestamp' },
        ],
      },
    ],
  },
};

function bindingSchema() {
  return {
    openAPIV3Schema: {
      type: 'object',
      properties: {
        apiVersion: text,
        kind: text,
        metadata: { type: 'object' },
        spec: {
          type: 'object',
          required: ['serviceRef'],
          properties: {
            targetGroupARN: text,
            targetType: { ...text, enum: ['instance', 'ip'] },
            multiClusterTargetGroup: { type: 'boolean' },
            serviceRef: {
              type: 'object',
              required: ['name', 'port'],
              properties: { name: text, port: { 'x-kubernetes-int-or-string': true } },
            },
          },
        },
        status: {
          type: 'object',
          properties: { observedGeneration: { type: 'integer', format: 'int64' } },
        },
      },
    },
  };
}

export const binding = (name: string, spec: object = {}, metadata: object = {}) => ({
  apiVersion: 'elbv2.k8s.aws/v1beta1',
  kind: 'TargetGroupBinding',
  metadata: { name, namespace: 'default', ...metadata },
  spec: { targetType: 'ip', serviceRef: { name, port: 80 }, ...spec },
});
