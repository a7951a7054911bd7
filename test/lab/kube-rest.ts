import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { load } from 'js-yaml';
import type { KubeObject } from '../../src/sandbox/kube/object.ts';
import { openWatch, type Server, type WatchEvent } from './watch.ts';

/** Where a kind is served, such as `/api/v1` and `services`. */
const PREFIXES: Readonly<Record<string, string>> = {
  targetgroupbindings: '/apis/elbv2.k8s.aws/v1beta1',
  endpointslices: '/apis/discovery.k8s.io/v1',
  deployments: '/apis/apps/v1',
  leases: '/apis/coordination.k8s.io/v1',
  customresourcedefinitions: '/apis/apiextensions.k8s.io/v1',
  clusterroles: '/apis/rbac.authorization.k8s.io/v1',
  clusterrolebindings: '/apis/rbac.authorization.k8s.io/v1',
  roles: '/apis/rbac.authorization.k8s.io/v1',
  rolebindings: '/apis/rbac.authorization.k8s.io/v1',
  gatewayclasses: '/apis/gateway.networking.k8s.io/v1',
  gateways: '/apis/gateway.networking.k8s.io/v1',
  tcproutes: '/apis/gateway.networking.k8s.io/v1alpha2',
  loadbalancerconfigurations: '/apis/gateway.k8s.aws/v1beta1',
  targetgroupconfigurations: '/apis/gateway.k8s.aws/v1beta1',
  mutatingwebhookconfigurations: '/apis/admissionregistration.k8s.io/v1',
  validatingwebhookconfigurations: '/apis/admissionregistration.k8s.io/v1',
};

/** An API server closes what is idle for 90 s (k8s.io/apiserver, pkg/server/secure_serving.go): not while it is used. */
const LONGEST_IDLE_MS = 30_000;

const MERGE = 'application/merge-patch+json';

/** An answer that is no success. */
export class KubeRefusal extends Error {
  readonly status: number;

  constructor(asked: string, status: number, message: string) {
    super(`${asked}: ${status} ${message}`);
    this.status = status;
  }
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

/**
 * What a person does with kubectl, as the requests that kubectl would send. `resource` is the
 * plural; a namespace of '' means that the kind has none.
 */
export class KubeRest {
  readonly #server: Server;
  /** Of a server with TLS, whose handshakes cost more than all else: connections are kept. */
  readonly #agent: https.Agent | undefined;

  constructor(server: Server) {
    this.#server = server;
    if (server.url.startsWith('https:')) {
      this.#agent = new https.Agent({ keepAlive: true, timeout: LONGEST_IDLE_MS });
    }
  }

  /** The object; undefined where there is none. */
  async get(resource: string, namespace: string, name: string): Promise<KubeObject | undefined> {
    try {
      return (await this.#ask('GET', pathOf(resource, namespace, name))) as unknown as KubeObject;
    } catch (error) {
      if (error instanceof KubeRefusal && error.status === 404) return undefined;
      throw error;
    }
  }

  /** As `get`; throws where there is none. */
  async need(resource: string, namespace: string, name: string): Promise<KubeObject> {
    const found = await this.get(resource, namespace, name);
    if (!found) throw new Error(`there is no ${resource} ${namespace}/${name}`);
    return found;
  }

  async list(resource: string, namespace: string): Promise<readonly KubeObject[]> {
    const { items } = await this.#ask('GET', pathOf(resource, namespace));
    return items as readonly KubeObject[];
  }

  create(resource: string, namespace: string, object: KubeObject): Promise<KubeObject> {
    return this.#write('POST', pathOf(resource, namespace), object);
  }

  /** A JSON merge patch of these fields, as `kubectl patch --type=merge`. */
  patch(
    resource: string,
    namespace: string,
    name: string,
    body: object,
    subresource?: 'status',
  ): Promise<KubeObject> {
    const path = pathOf(resource, namespace, name) + (subresource ? `/${subresource}` : '');
    return this.#write('PATCH', path, body, MERGE);
  }

  /** Asks for the end of the object and does not wait for it. */
  async delete(
    resource: string,
    namespace: string,
    name: string,
    o: {
      readonly gracePeriodSeconds?: number;
      readonly preconditions?: { readonly uid: string };
    } = {},
  ): Promise<void> {
    const body = { apiVersion: 'v1', kind: 'DeleteOptions', ...o };
    await this.#ask('DELETE', pathOf(resource, namespace, name), body);
  }

  /** Binds a pod to a node, as a scheduler does. */
  async bind(namespace: string, pod: string, node: string): Promise<void> {
    const body = {
      apiVersion: 'v1',
      kind: 'Binding',
      metadata: { name: pod },
      target: { apiVersion: 'v1', kind: 'Node', name: node },
    };
    await this.#ask('POST', `${pathOf('pods', namespace, pod)}/binding`, body);
  }

  /**
   * Watches a kind in all namespaces: first everything that is there, then a bookmark, then what
   * changes. `ended` is called once when the server ends the watch or cannot be reached; not after the
   * function that is given back was called, which ends it too.
   */
  watch(resource: string, seen: (event: WatchEvent) => void, ended: () => void): () => void {
    return openWatch(this.#server, pathOf(resource, ''), seen, ended);
  }

  /** Lets go of the connections that are kept. */
  close(): void {
    this.#agent?.destroy();
  }

  async #write(verb: string, path: string, body: object, type?: string): Promise<KubeObject> {
    return (await this.#ask(verb, path, body, type)) as unknown as KubeObject;
  }

  async #ask(
    verb: string,
    path: string,
    body?: object,
    type = 'application/json',
  ): Promise<Record<string, unknown>> {
    const { status, text } = await this.#send(verb, path, body, type);
    if (status < 300) return JSON.parse(text) as Record<string, unknown>;
    let message = text;
    try {
      message = (JSON.parse(text) as { message?: string }).message ?? text;
    } catch {
      // Not a Status: the text itself says what there is to say.
    }
    throw new KubeRefusal(`${verb} ${path}`, status, message);
  }

  #send(verb: string, path: string, body: object | undefined, type: string): Promise<Answer> {
    const { url, headers, ...tls } = this.#server;
    const payload = body && JSON.stringify(body);
    const { request } = url.startsWith('https:') ? https : http;
    return new Promise((done, fail) => {
      const asked = request(new URL(path, url), {
        method: verb,
        ...tls,
        // Without TLS a connection of its own each time: nothing is left open when a world ends.
        agent: this.#agent ?? false,
        headers: {
          ...headers,
          accept: 'application/json',
          'user-agent': 'kubectl/lab',
          // Without a length Node sends no body with DELETE.
          ...(payload
            ? { 'content-type': type, 'content-length': Buffer.byteLength(payload) }
            : {}),
        },
      });
      asked.on('response', (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (text += chunk));
        response.on('end', () => done({ status: response.statusCode ?? 0, text }));
        response.on('error', fail);
      });
      asked.on('error', fail);
      asked.end(payload);
    });
  }
}

function pathOf(resource: string, namespace: string, name?: string): string {
  const prefix = PREFIXES[resource] ?? '/api/v1';
  const within = namespace ? `/namespaces/${namespace}` : '';
  return `${prefix}${within}/${resource}${name ? `/${name}` : ''}`;
}

interface Kubeconfig {
  readonly clusters: readonly { name: string; cluster: Record<string, string> }[];
  readonly users: readonly { name: string; user: Record<string, string> }[];
  readonly contexts: readonly { name: string; context: { cluster: string; user: string } }[];
}

const decoded = (base64: string | undefined): string =>
  Buffer.from(base64 ?? '', 'base64').toString();

/** A client for one context of a kubeconfig with embedded certificates and a token or client certificate. */
export function kubeRest(kubeconfig: string, context: string): KubeRest {
  const { clusters, users, contexts } = load(readFileSync(kubeconfig, 'utf8')) as Kubeconfig;
  const wanted = contexts.find(({ name }) => name === context)?.context;
  const cluster = clusters.find(({ name }) => name === wanted?.cluster)?.cluster;
  const user = users.find(({ name }) => name === wanted?.user)?.user;
  if (!cluster || !user) throw new Error(`${kubeconfig} has no context ${context}`);
  const { token } = user;
  return new KubeRest({
    url: cluster['server'] ?? '',
    ...(cluster['certificate-authority-data'] && {
      ca: decoded(cluster['certificate-authority-data']),
    }),
    headers: token ? { authorization: `Bearer ${token}` } : {},
    ...(token
      ? {}
      : {
          cert: decoded(user['client-certificate-data']),
          key: decoded(user['client-key-data']),
        }),
  });
}
