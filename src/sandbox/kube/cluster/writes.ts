import { copyOf, sameJson } from '../object.ts';
import type { KubeObject } from '../object.ts';
import { NAME_ALPHABET, notAllowed, required } from '../names.ts';
import { apiVersionOf } from '../resources.ts';
import type { ResourceDef, Subresource } from '../resources.ts';
import { badRequest, conflict, failure, forbidden, invalid } from '../status-error.ts';

/** Five characters as the real server adds to a generateName. */
export function nameSuffix(random: () => number): string {
  return Array.from({ length: 5 }, () => NAME_ALPHABET[Math.floor(random() * 27)]).join('');
}

/** A version 4 UUID from the given source of randomness. */
export function uuid(random: () => number): string {
  return 'xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx'.replaceAll('x', () =>
    Math.floor(random() * 16).toString(16),
  );
}

/** Checks that kind and apiVersion are the resource's, and gives a copy in its stored version. */
export function inStoredVersion(
  object: KubeObject,
  def: ResourceDef,
  served: readonly string[],
): KubeObject {
  if (typeof object !== 'object' || object === null || typeof object.metadata !== 'object')
    throw badRequest('the object provided is unrecognized (must be of type Object with metadata)');
  const stored = apiVersionOf(def);
  const copy = copyOf(object);
  copy.apiVersion ??= stored;
  copy.kind ??= def.kind;
  if (copy.kind !== def.kind || !served.includes(copy.apiVersion))
    throw badRequest(
      `${copy.kind} in version "${copy.apiVersion}" cannot be handled as a ${def.kind}: the API version in the data (${copy.apiVersion}) does not match the expected API version (${stored})`,
    );
  return { ...copy, apiVersion: stored };
}

/** An object as it is about to be made: named, stamped, without what only the server may say. */
export function newborn(
  object: KubeObject,
  def: ResourceDef,
  served: readonly string[],
  o: { readonly time: string; readonly random: () => number },
): KubeObject {
  const next = inStoredVersion(object, def, served);
  const { metadata } = next;
  if (metadata.resourceVersion)
    throw failure(500, '', 'resourceVersion should not be set on objects to be created');
  if (!metadata.name && metadata.generateName)
    metadata.name = metadata.generateName.slice(0, 58) + nameSuffix(o.random);
  if (!metadata.name)
    throw invalid(def, '', [required('metadata.name', 'name or generateName is required')]);
  if (!def.namespaced) delete metadata.namespace;
  for (const field of ['resourceVersion', 'deletionTimestamp', 'deletionGracePeriodSeconds'])
    delete metadata[field];
  metadata.uid = uuid(o.random);
  metadata.creationTimestamp = o.time;
  if (def.generation) metadata.generation = 1;
  else delete metadata.generation;
  // A kubelet registers its node together with the status; all others report it afterwards.
  if (def.subresources.includes('status') && def.key !== 'nodes') delete next.status;
  return next;
}

/** Raises 403 or 404 unless something may be created in the namespace. */
export function checkNamespace(
  def: ResourceDef,
  name: string,
  space: KubeObject | undefined,
  namespace: string,
): void {
  if (!space)
    throw failure(404, 'NotFound', `namespaces "${namespace}" not found`, {
      name: namespace,
      kind: 'namespaces',
    });
  if (space.metadata.deletionTimestamp) {
    const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
    throw forbidden(def, name, why);
  }
}

/** Raises 409 where the writer's resourceVersion or uid is not the live object's. */
export function checkFresh(def: ResourceDef, object: KubeObject, live: KubeObject): void {
  const { name, uid, resourceVersion } = object.metadata;
  if (uid && uid !== live.metadata.uid)
    throw conflict(
      def,
      name,
      `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${live.metadata.uid}`,
    );
  if (resourceVersion && resourceVersion !== live.metadata.resourceVersion)
    throw conflict(def, name);
}

function asInput(object: KubeObject): unknown {
  const { status: _, metadata: __, ...rest } = object;
  return rest;
}

/**
 * Puts the server's own metadata back and counts the generation; with a subresource, everything
 * but its part. Raises 422 for a finalizer added to an object that is going.
 */
export function onto(
  live: KubeObject,
  next: KubeObject,
  def: ResourceDef,
  subresource?: Subresource,
): KubeObject {
  if (subresource === 'finalize')
    return { ...copyOf(live), spec: { ...live.spec, finalizers: next.spec?.finalizers ?? [] } };
  if (subresource === 'status') {
    const metadata = { ...copyOf(live.metadata) };
    if (next.metadata.managedFields) metadata.managedFields = next.metadata.managedFields;
    return { ...copyOf(live), metadata, status: next.status };
  }
  const { uid, creationTimestamp, generation, deletionTimestamp, deletionGracePeriodSeconds } =
    live.metadata;
  const server = {
    uid,
    creationTimestamp,
    generation,
    deletionTimestamp,
    deletionGracePeriodSeconds,
  };
  const metadata = { ...next.metadata };
  for (const [field, value] of Object.entries(server))
    if (value === undefined) delete metadata[field];
    else metadata[field] = value;
  delete metadata.resourceVersion;
  const added = (metadata.finalizers ?? []).filter(
    (finalizer) => !live.metadata.finalizers?.includes(finalizer),
  );
  if (deletionTimestamp && added.length > 0) {
    const list = added.map((finalizer) => `"${finalizer}"`).join(', ');
    const why = `no new finalizers can be added if the object is being deleted, found new finalizers []string{${list}}`;
    throw invalid(def, metadata.name, [notAllowed('metadata.finalizers', why)]);
  }
  const merged: KubeObject = { ...next, metadata };
  if (def.subresources.includes('status')) {
    if (live.status === undefined) delete merged.status;
    else merged.status = copyOf(live.status);
  }
  return merged;
}

/** Counts a change of anything but metadata and status in metadata.generation. */
export function countGeneration(live: KubeObject, next: KubeObject, def: ResourceDef): void {
  if (def.generation && !sameJson(asInput(live), asInput(next)))
    next.metadata.generation = (live.metadata.generation ?? 0) + 1;
}

function timeless(object: KubeObject): unknown {
  const managedFields = object.metadata.managedFields?.map((entry) => ({ ...entry, time: '' }));
  return { ...object, metadata: { ...object.metadata, resourceVersion: '', managedFields } };
}

/** Whether a write changed nothing: the real server then keeps the resourceVersion and sends no watch event. */
export function changesNothing(live: KubeObject, next: KubeObject): boolean {
  return sameJson(timeless(live), timeless(next));
}
