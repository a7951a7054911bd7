import type { Row, Step } from './exchange.ts';

/** Where the kinds of the table are served. */
export const PATHS = {
  services: '/api/v1/namespaces/NS/services',
  configmaps: '/api/v1/namespaces/NS/configmaps',
  pods: '/api/v1/namespaces/NS/pods',
  events: '/api/v1/namespaces/NS/events',
  serviceaccounts: '/api/v1/namespaces/NS/serviceaccounts',
  namespaces: '/api/v1/namespaces',
  nodes: '/api/v1/nodes',
  deployments: '/apis/apps/v1/namespaces/NS/deployments',
  slices: '/apis/discovery.k8s.io/v1/namespaces/NS/endpointslices',
  bindings: '/apis/elbv2.k8s.aws/v1beta1/namespaces/NS/targetgroupbindings',
  roles: '/apis/rbac.authorization.k8s.io/v1/namespaces/NS/roles',
  rolebindings: '/apis/rbac.authorization.k8s.io/v1/namespaces/NS/rolebindings',
  clusterroles: '/apis/rbac.authorization.k8s.io/v1/clusterroles',
  clusterrolebindings: '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings',
} as const;

type Kind = keyof typeof PATHS;
type Json = Record<string, unknown>;

const KINDS: Readonly<Record<string, Kind>> = {
  Service: 'services',
  ConfigMap: 'configmaps',
  Pod: 'pods',
  Event: 'events',
  ServiceAccount: 'serviceaccounts',
  Namespace: 'namespaces',
  Node: 'nodes',
  Deployment: 'deployments',
  EndpointSlice: 'slices',
  TargetGroupBinding: 'bindings',
  Role: 'roles',
  RoleBinding: 'rolebindings',
  ClusterRole: 'clusterroles',
  ClusterRoleBinding: 'clusterrolebindings',
};

interface Thing extends Json {
  readonly kind: string;
  readonly metadata: { readonly name?: string };
}

const pathOf = ({ kind }: Thing): string => PATHS[KINDS[kind]!];
const at = (object: Thing): string => `${pathOf(object)}/${object.metadata.name}`;

/** An object of the table; `more` are its fields beside the metadata. */
const thing =
  (apiVersion: string, kind: string, name: string) =>
  (more: Json = {}, metadata: Json = {}): Thing => ({
    apiVersion,
    kind,
    metadata: { name, ...metadata },
    ...more,
  });

const CONTAINERS = [{ name: 'web', image: 'nginx:1.27' }];

export const configMap = thing('v1', 'ConfigMap', 'a');
export const slice = thing('discovery.k8s.io/v1', 'EndpointSlice', 'a');
export const event = thing('v1', 'Event', 'a');
export const serviceAccount = thing('v1', 'ServiceAccount', 'a');
export const namespace = thing('v1', 'Namespace', 'NS-a');
export const node = thing('v1', 'Node', 'NS-a');

export const role = thing('rbac.authorization.k8s.io/v1', 'Role', 'a');
export const roleBinding = thing('rbac.authorization.k8s.io/v1', 'RoleBinding', 'a');
export const clusterRole = thing('rbac.authorization.k8s.io/v1', 'ClusterRole', 'NS-a');
export const clusterRoleBinding = thing(
  'rbac.authorization.k8s.io/v1',
  'ClusterRoleBinding',
  'NS-a',
);

export const service = (spec: Json = {}, metadata: Json = {}, more: Json = {}): Thing =>
  thing('v1', 'Service', 'a')({ spec: { ports: [{ port: 80 }], ...spec }, ...more }, metadata);
/** A Service with a load balancer. */
export const balanced = (spec: Json = {}, metadata: Json = {}): Thing =>
  service({ type: 'LoadBalancer', ...spec }, metadata);
export const pod = (spec: Json = {}, metadata: Json = {}, more: Json = {}): Thing =>
  thing('v1', 'Pod', 'a')({ spec: { containers: CONTAINERS, ...spec }, ...more }, metadata);
/** A pod whose only container has these fields beside name and image. */
export const container = (more: Json): Thing =>
  pod({ containers: [{ ...CONTAINERS[0], ...more }] });
export const deployment = (spec: Json = {}, pods: Json = {}, metadata: Json = {}): Thing =>
  thing(
    'apps/v1',
    'Deployment',
    'a',
  )(
    {
      spec: {
        selector: { matchLabels: { app: 'a' } },
        template: {
          metadata: { labels: { app: 'a' } },
          spec: { containers: CONTAINERS, ...pods },
        },
        ...spec,
      },
    },
    metadata,
  );
export const binding = (spec: Json = {}, metadata: Json = {}, more: Json = {}): Thing =>
  thing(
    'elbv2.k8s.aws/v1beta1',
    'TargetGroupBinding',
    'a',
  )(
    { spec: { serviceRef: { name: 'a', port: 80 }, targetType: 'ip', ...spec }, ...more },
    metadata,
  );

export const post = (object: Thing, query = ''): Step => ({
  verb: 'POST',
  path: pathOf(object) + query,
  body: object,
});
export const put = (object: Thing, query = ''): Step => ({
  verb: 'PUT',
  path: at(object) + query,
  body: object,
});
export const get = (object: Thing): Step => ({ verb: 'GET', path: at(object) });
export const remove = (object: Thing, body?: Json, query = ''): Step => ({
  verb: 'DELETE',
  path: at(object) + query,
  ...(body && { body }),
});
const patchOf =
  (type: string) =>
  (object: Thing, body: unknown, more = ''): Step => ({
    verb: 'PATCH',
    path: at(object) + more,
    body,
    type,
  });
export const mergePatch = patchOf('application/merge-patch+json');
export const jsonPatch = patchOf('application/json-patch+json');
export const strategic = patchOf('application/strategic-merge-patch+json');
/** Server-side apply by `manager`. */
export const apply = (object: Thing, manager = 'm', more = ''): Step => ({
  verb: 'PATCH',
  path: `${at(object)}${more}?fieldManager=${manager}`,
  body: object,
  type: 'application/apply-patch+yaml',
});
export const status = (object: Thing, body: unknown): Step => mergePatch(object, body, '/status');

/** The last of these requests is the one in question. */
export const row = (name: string, ...steps: readonly Step[]): Row => ({ name, steps });
/** A create. */
export const made = (name: string, object: Thing): Row => row(name, post(object));
/** A merge patch of what was created. */
export const changed = (name: string, object: Thing, patch: Json): Row =>
  row(name, post(object), mergePatch(object, patch));
