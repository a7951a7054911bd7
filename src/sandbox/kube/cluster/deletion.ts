import { copyOf, timestamp } from '../object.ts';
import type { KubeObject } from '../object.ts';
import type { ResourceDef } from '../resources.ts';
import { conflict, forbidden } from '../status-error.ts';

/** metav1.DeleteOptions, as far as it is honoured. */
export interface DeleteOptions {
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
  readonly propagationPolicy?: 'Background' | 'Foreground' | 'Orphan';
  readonly gracePeriodSeconds?: number;
}

// Source: kubernetes plugin/pkg/admission/namespace/lifecycle.
const IMMORTAL = ['default', 'kube-system', 'kube-public'];

/** Raises 409 for a precondition that does not hold, 403 for a namespace that always stays. */
export function checkDeletion(def: ResourceDef, live: KubeObject, options: DeleteOptions): void {
  const { name, uid, resourceVersion } = live.metadata;
  const wanted = options.preconditions ?? {};
  if (wanted.uid && wanted.uid !== uid) {
    const why = `Precondition failed: UID in precondition: ${wanted.uid}, UID in object meta: ${uid}`;
    throw conflict(def, name, why);
  }
  if (wanted.resourceVersion && wanted.resourceVersion !== resourceVersion) {
    const why = `Precondition failed: ResourceVersion in precondition: ${wanted.resourceVersion}, ResourceVersion in object meta: ${resourceVersion}`;
    throw conflict(def, name, why);
  }
  if (def.key === 'namespaces' && IMMORTAL.includes(name))
    throw forbidden(def, name, 'this namespace may not be deleted');
}

function graceOf(def: ResourceDef, live: KubeObject, options: DeleteOptions): number {
  // Only pods end gracefully, and only a kubelet can say that one has ended.
  if (def.key !== 'pods' || !live.spec.nodeName) return 0;
  if (['Succeeded', 'Failed'].includes(live.status?.phase)) return 0;
  return options.gracePeriodSeconds ?? live.spec.terminationGracePeriodSeconds ?? 30;
}

/**
 * The object as it stays behind, marked as going; the same object where it is marked already, and
 * undefined where nothing holds it. Source: apiserver pkg/registry/rest/delete.go.
 */
export function marked(
  def: ResourceDef,
  live: KubeObject,
  options: DeleteOptions,
  now: Date,
): KubeObject | undefined {
  const grace = graceOf(def, live, options);
  const finalizers = live.metadata.finalizers ?? [];
  const wait =
    options.propagationPolicy === 'Foreground' ? [...finalizers, 'foregroundDeletion'] : finalizers;
  const held = wait.length > 0 || (def.key === 'namespaces' && live.spec.finalizers?.length > 0);
  const { deletionTimestamp, deletionGracePeriodSeconds: left = 0 } = live.metadata;
  if (!held && grace === 0) return undefined;
  if (deletionTimestamp && grace >= left) return live;
  const next = copyOf(live);
  next.metadata.deletionTimestamp = timestamp(new Date(now.getTime() + grace * 1000));
  // A namespace has no grace (registry/core/namespace/storage/storage.go).
  if (def.key !== 'namespaces') next.metadata.deletionGracePeriodSeconds = grace;
  if (wait.length > 0) next.metadata.finalizers = wait;
  if (def.generation) next.metadata.generation = (live.metadata.generation ?? 0) + 1;
  if (def.key === 'namespaces') next.status = { ...next.status, phase: 'Terminating' };
  return next;
}

/** How an object looks that ends at once: of pods, which may have ended with grace, it is told. */
export function ended(def: ResourceDef, live: KubeObject, now: Date): KubeObject {
  if (def.key !== 'pods' || live.metadata.deletionTimestamp) return live;
  const next = copyOf(live);
  next.metadata.deletionTimestamp = timestamp(now);
  next.metadata.deletionGracePeriodSeconds = 0;
  next.metadata.generation = (live.metadata.generation ?? 0) + 1;
  return next;
}

/** Whether nothing holds an object that is marked as going any more. */
export function isReleased(def: ResourceDef, object: KubeObject): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds = 0, finalizers = [] } = object.metadata;
  const holders =
    def.key === 'namespaces' ? [...finalizers, ...object.spec.finalizers] : finalizers;
  return (
    deletionTimestamp !== undefined && deletionGracePeriodSeconds === 0 && holders.length === 0
  );
}
