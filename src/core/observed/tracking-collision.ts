import { upgradeController } from '../model/controller-hints.ts';
import { nameText, sameName } from '../model/kubernetes.ts';
import type { Binding, ObjectName } from '../model/kubernetes.ts';
import type { ClusterView } from '../model/cluster-view.ts';
import type { Problem } from '../model/problem.ts';
import { isBefore } from '../model/version.ts';
import { listed } from '../model/words.ts';

/** Since this version the controller keeps the records of all bindings apart. */
const keepsApartSince = '3.5.0';

/**
 * Whether the controller of a cluster keeps the records of two bindings apart whose namespaces and
 * names give the same text when joined by a hyphen (`a` + `b-c`, `a-b` + `c`). Before v3.5.0 its
 * memory was keyed by that text, so both shared one tracked set
 * (`pkg/targetgroupbinding/multicluster_manager.go`). `unknown` counts as `no` where nlbmc chooses the name of a
 * binding.
 */
export function keepsRecordsApart(cluster: ClusterView): 'yes' | 'no' | 'unknown' {
  const versions = cluster.controller.ok
    ? cluster.controller.value.deployments.map(({ version }) => version ?? '')
    : [];
  const older = versions.map((version) => isBefore(version, keepsApartSince));
  if (older.includes(true)) return 'no';
  return older.length === 0 || older.includes(undefined) ? 'unknown' : 'yes';
}

const memoryKey = ({ namespace, name }: ObjectName): string => `${namespace}-${name}`;

/** Whether the memory of an old controller has one entry for both. */
export const sharesMemory = (a: ObjectName, b: ObjectName): boolean =>
  memoryKey(a) === memoryKey(b) && !sameName(a, b);

/**
 * Whether a binding in a namespace that nlbmc does not see could share the tracked set of `binding`:
 * not where the joined text can be split at one place only.
 */
export const mayHaveUnseenRival = (cluster: ClusterView, binding: ObjectName): boolean =>
  keepsRecordsApart(cluster) !== 'yes' && memoryKey(binding).split('-').length > 2;

/**
 * Multi-cluster bindings of the cluster whose tracked set the controller may confuse with the set of
 * `binding`, and the other way round: what it deregisters for one is what it recorded for the other,
 * and the record of one of them is not written. None where the controller keeps them apart, and
 * where `binding` is exclusive: it has no set. Needs `cluster.bindings`; with `bindingsScope`
 * `namespace` a rival in another namespace is not seen.
 */
export function collidingBindings(cluster: ClusterView, binding: Binding): readonly Binding[] {
  if (!binding.multiCluster || keepsRecordsApart(cluster) === 'yes') return [];
  return (cluster.bindings.ok ? cluster.bindings.value : []).filter(
    (other) =>
      other.multiCluster && other.flavour === binding.flavour && sharesMemory(other, binding),
  );
}

/**
 * `tracking-collision`: the one problem for verify (red), join, repair, leave and purge, about the
 * binding. Its targets cannot be known from the record: a command that needs the set (leave) uses the
 * registered eligible endpoints of the binding instead. Undefined: no collision is seen.
 */
export function trackingCollision(cluster: ClusterView, binding: Binding): Problem | undefined {
  const rivals = collidingBindings(cluster, binding);
  if (rivals.length === 0) return undefined;
  const { namespace, name } = binding;
  const sure = keepsRecordsApart(cluster) === 'no';
  const [deployment] = cluster.controller.ok ? cluster.controller.value.deployments : [];
  return {
    code: 'tracking-collision',
    message: `The controller of ${cluster.context} ${sure ? 'keeps' : 'may keep'} one set of tracked targets for ${nameText(binding)} and ${listed(rivals.map(nameText))}. Versions before ${keepsApartSince} confuse the two names, and deregister targets of one binding for the other.${sure ? '' : ' The version of this controller could not be read.'}`,
    about: { cluster: cluster.context, binding: { namespace, name } },
    hints: [upgradeController(cluster.context, deployment?.namespace)],
  };
}

/** The same for several bindings of a cluster: those that collide with each other are told once. */
export function trackingCollisions(
  cluster: ClusterView,
  bindings: readonly Binding[],
): readonly Problem[] {
  const told: Binding[] = [];
  return bindings.flatMap((binding) => {
    if (told.some((other) => sharesMemory(other, binding) || sameName(other, binding))) return [];
    const found = trackingCollision(cluster, binding);
    if (found) told.push(binding);
    return found ?? [];
  });
}
