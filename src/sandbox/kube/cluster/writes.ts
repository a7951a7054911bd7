import { copyOf, sameJson } from '../object.ts';
import type { KubeObject } from '../object.ts';
import { badValue, required } from '../faults.ts';
import { NAME_ALPHABET } from '../names.ts';
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

/**
 * Checks that kind and apiVersion are the resource's, and gives it in its stored version: a copy, but for what is
 * in its fields and those of its metadata. To decode it copies all.
 */
export function inStoredVersion(
  object: KubeObject,
  def: ResourceDef,
  served: readonly string[],
): KubeObject {
  if (typeof object !== 'object' || object === null || typeof object.metadata !== 'object')
    throw badRequest('the object provided is unrecognized (must be of type Object with metadata)');
  const stored = apiVersionOf(def);
  const copy = { ...object, metadata: { ...object.metadata } };
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
  delete metadata['selfLink'];
  // A kubelet registers its node together with the status; all others report it afterwards.
  if (def.subresources.includes('status') && def.key !== 'nodes') delete next.status;
  return next;
}

/** For a PUT that creates: there the version is of no account. */
export function unversioned(object: KubeObject): KubeObject {
  const { resourceVersion: _, ...metadata } = object.metadata;
  return { ...object, metadata };
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

/** Raises 422 for no resourceVersion where the kind needs one, 409 where the writer's resourceVersion is not the live object's, or a PUT names another uid. */
export function checkFresh(
  def: ResourceDef,
  object: KubeObject,
  live: KubeObject,
  replaces: boolean,
): void {
  const { name, uid, resourceVersion } = object.metadata;
  if (replaces && uid && uid !== live.metadata.uid)
    throw conflict(
      def,
      name,
      `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${live.metadata.uid}`,
    );
  if (!resourceVersion && !def.unconditional)
    throw invalid(def, name, [
      badValue('metadata.resourceVersion', 0, 'must be specified for an update'),
    ]);
  if (!resourceVersion || resourceVersion === live.metadata.resourceVersion) return;
  // Source: apiserver pkg/storage/api_object_versioner.go.
  if (!/^\d+$/.test(resourceVersion))
    throw failure(500, '', `strconv.ParseUint: parsing "${resourceVersion}": invalid syntax`);
  throw conflict(def, name);
}

/** What counts: all but metadata and status, and what the kind's strategy compares besides. */
function asInput(object: KubeObject, { generation }: ResourceDef): unknown {
  const { status: _, metadata, ...rest } = object;
  return typeof generation === 'string' ? [rest, metadata[generation] ?? {}] : rest;
}

/**
 * Puts the server's own metadata back; with a subresource, everything but its part.
 */
export function onto(
  live: KubeObject,
  next: KubeObject,
  def: ResourceDef,
  subresource?: Subresource,
): KubeObject {
  if (subresource === 'finalize')
    return { ...copyOf(live), spec: { ...live.spec, finalizers: next.spec?.finalizers ?? [] } };
  if (subresource === 'status')
    return { ...copyOf(live), metadata: statusMetadata(live, next, def), status: next.status };
  const merged: KubeObject = { ...next, metadata: withServers(live, next) };
  if (def.subresources.includes('status')) {
    if (live.status === undefined) delete merged.status;
    else merged.status = copyOf(live.status);
  }
  return merged;
}

/** The writer's metadata with what only the server may say; what may never change is judged later. */
function withServers(live: KubeObject, next: KubeObject): KubeObject['metadata'] {
  const { uid, creationTimestamp, generation, deletionTimestamp } = live.metadata;
  const metadata = { ...next.metadata };
  metadata.uid ??= uid!;
  const grace = live.metadata.deletionGracePeriodSeconds;
  if (grace !== undefined) metadata.deletionGracePeriodSeconds ??= grace;
  const server = { creationTimestamp, generation, ...(deletionTimestamp && { deletionTimestamp }) };
  for (const [field, value] of Object.entries(server))
    if (value === undefined) delete metadata[field];
    else metadata[field] = value;
  delete metadata['selfLink'];
  return metadata;
}

/** The metadata that a write of status leaves. */
function statusMetadata(
  live: KubeObject,
  next: KubeObject,
  def: ResourceDef,
): KubeObject['metadata'] {
  const { statusKeeps } = def;
  const { managedFields } = next.metadata;
  const { managedFields: _, ...kept } = copyOf(live.metadata);
  const written = managedFields ? { managedFields } : {};
  if (statusKeeps === 'all')
    return { ...kept, resourceVersion: next.metadata.resourceVersion ?? '', ...written };
  const metadata = withServers(live, next);
  for (const field of statusKeeps)
    if (live.metadata[field] === undefined) delete metadata[field];
    else metadata[field] = copyOf(live.metadata[field]);
  return metadata;
}

/** Counts a change in metadata.generation. */
export function countGeneration(live: KubeObject, next: KubeObject, def: ResourceDef): void {
  if (def.generation && !sameJson(asInput(live, def), asInput(next, def)))
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
