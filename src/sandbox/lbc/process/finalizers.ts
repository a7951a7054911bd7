import type { KubeObject } from '../../kube/object.ts';
import type { ResourceKey } from '../../kube/resources.ts';
import { notFound } from '../../kube/status-error.ts';
import type { ControllerApi } from './controller-api.ts';

export function hasFinalizer(object: KubeObject, finalizer: string): boolean {
  return object.metadata.finalizers?.includes(finalizer) ?? false;
}

/**
 * Gives back the object as it is now, with the finalizer, patched only when it lacks it: one that
 * somebody removed since the pass read `object` comes back (pkg/k8s/finalizer.go, AddFinalizers, which
 * reads the object again, also after a conflict). Raises StatusError.
 */
export function addFinalizer(
  api: ControllerApi,
  resource: ResourceKey,
  { metadata: { namespace = '', name } }: KubeObject,
  finalizer: string,
): KubeObject {
  const now = api.get(resource, namespace, name);
  if (!now) throw notFound(api.described(resource), name);
  if (hasFinalizer(now, finalizer)) return now;
  return patch(api, resource, now, [...(now.metadata.finalizers ?? []), finalizer]);
}

/** Takes the finalizer off the object as it is now. */
export function removeFinalizer(
  api: ControllerApi,
  resource: ResourceKey,
  object: KubeObject,
  finalizer: string,
): void {
  const { namespace = '', name } = object.metadata;
  const now = api.get(resource, namespace, name);
  if (!now || !hasFinalizer(now, finalizer)) return;
  const left = (now.metadata.finalizers ?? []).filter((other) => other !== finalizer);
  patch(api, resource, now, left);
}

/** pkg/k8s/finalizer.go patches with the resourceVersion: a list in a merge patch replaces. */
function patch(
  api: ControllerApi,
  resource: ResourceKey,
  object: KubeObject,
  finalizers: readonly string[],
): KubeObject {
  const { namespace = '', name, resourceVersion } = object.metadata;
  const left = finalizers.length > 0 ? finalizers : null;
  return api.patch(resource, namespace, name, { metadata: { resourceVersion, finalizers: left } });
}
