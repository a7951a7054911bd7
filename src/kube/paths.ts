import type { Flavour, ObjectName } from '../core/model/kubernetes.ts';
import { flavours } from '../core/model/flavours.ts';

/** Kinds that this program touches, but for bindings. */
const roots = {
  namespaces: '/api/v1',
  services: '/api/v1',
  configmaps: '/api/v1',
  pods: '/api/v1',
  events: '/api/v1',
  nodes: '/api/v1',
  endpointslices: '/apis/discovery.k8s.io/v1',
  deployments: '/apis/apps/v1',
  leases: '/apis/coordination.k8s.io/v1',
  customresourcedefinitions: '/apis/apiextensions.k8s.io/v1',
  validatingwebhookconfigurations: '/apis/admissionregistration.k8s.io/v1',
  mutatingwebhookconfigurations: '/apis/admissionregistration.k8s.io/v1',
} as const;

export type Resource = keyof typeof roots;

/** Path of a list (without a name) or of one object; of a kind without namespaces too. */
export function pathOf(resource: Resource, at: Partial<ObjectName> = {}): string {
  return join(roots[resource], resource, at);
}

/** The same for the bindings of one controller. */
export function bindingPath(flavour: Flavour, at: Partial<ObjectName> = {}): string {
  const { group, version } = flavours[flavour];
  return join(`/apis/${group}/${version}`, 'targetgroupbindings', at);
}

function join(root: string, resource: string, { namespace, name }: Partial<ObjectName>): string {
  const folder = namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
  return `${root}${folder}/${resource}${name === undefined ? '' : `/${encodeURIComponent(name)}`}`;
}

/** A path with the parameters that have a value. */
export function withQuery(
  path: string,
  parameters: Readonly<Record<string, string | number | boolean | undefined>>,
): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== false) query.set(name, String(value));
  }
  return query.size === 0 ? path : `${path}?${query.toString()}`;
}

/** Parameters of every write: the field manager, and whether it is a rehearsal. */
export const writeParameters = (dryRun: boolean): Record<string, string | undefined> => ({
  fieldManager: 'nlbmc',
  dryRun: dryRun ? 'All' : undefined,
});
