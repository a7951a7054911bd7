import type { KubeObject } from '../object.ts';
import { patchTypes } from '../cluster/patched.ts';
import { apiVersionOf } from '../resources.ts';
import { scaleOf } from '../scale.ts';
import { badRequest, unsupportedMediaType } from '../status-error.ts';
import { json } from './exchange.ts';
import type { Answer, Request } from './exchange.ts';
import { selected } from './list.ts';
import { deleteOptions, writerOf } from './options.ts';
import { PROTOBUF } from './protobuf.ts';
import { inVersion, Representation } from './representation.ts';
import type { Target } from './target.ts';

/** The object in the body, at home where the path says. Raises 400 where they differ. */
function objectOf(request: Request, { name, namespace, def }: Target): KubeObject {
  const { body, contentType } = request;
  if (!['application/json', 'application/yaml', PROTOBUF, ''].includes(contentType))
    throw unsupportedMediaType(['application/json', 'application/yaml']);
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw badRequest('the request body must be one object');
  // What the endpoint is for is understood, where the body does not say it.
  const { kind = def.kind, apiVersion = apiVersionOf(def) } = body as Partial<KubeObject>;
  const given = { ...body, kind, apiVersion } as KubeObject;
  const metadata = { ...given.metadata };
  if (name && metadata.name && metadata.name !== name)
    throw badRequest(
      `the name of the object (${metadata.name}) does not match the name on the URL (${name})`,
    );
  if (name) metadata.name = name;
  if (def.namespaced && metadata.namespace && metadata.namespace !== namespace)
    throw badRequest(
      'the namespace of the provided object does not match the namespace sent on the request',
    );
  if (def.namespaced) metadata.namespace = namespace;
  return { ...given, metadata };
}

function answer(request: Request, target: Target, object: KubeObject, status = 200): Answer {
  if (target.subresource === 'scale') return json(scaleOf(object), status);
  return json(new Representation(request, target.def).one(object), status);
}

export function create(request: Request, target: Target): Answer {
  const by = writerOf(request, 'CreateOptions');
  const object = objectOf(request, target);
  return answer(request, target, request.cluster.create(target.def.key, object, by), 201);
}

const isThere = ({ cluster }: Request, { def, namespace, name }: Target): boolean =>
  cluster.get(def.key, namespace, name) !== undefined;

export function update(request: Request, target: Target): Answer {
  const by = writerOf(request, 'UpdateOptions');
  const object = objectOf(request, target);
  const { def, subresource } = target;
  const existed = isThere(request, target);
  const written = request.cluster.update(def.key, object, by, subresource);
  return answer(request, target, written, existed ? 200 : 201);
}

export function patch(request: Request, target: Target): Answer {
  const { def, namespace, name, subresource } = target;
  const type = patchTypes[request.contentType];
  if (!type) throw unsupportedMediaType(Object.keys(patchTypes));
  const by = writerOf(request, 'PatchOptions', type === 'apply');
  const existed = isThere(request, target);
  const change = { type, body: request.body };
  const written = request.cluster.patch(def.key, namespace, name, change, by, subresource);
  return answer(request, target, written, existed ? 200 : 201);
}

/**
 * DELETE: a Status once the object is gone, but the object for some kinds, and where something still
 * holds it.
 */
export function remove(request: Request, target: Target): Answer {
  const { def, namespace, name } = target;
  const by = writerOf(request, 'DeleteOptions');
  const last = request.cluster.delete(def.key, namespace, name, by, deleteOptions(request));
  const { uid, deletionTimestamp } = last.metadata;
  const held = by.dryRun
    ? deletionTimestamp !== undefined
    : request.cluster.get(def.key, namespace, name)?.metadata.uid === uid;
  if (held || def.returnsDeleted) return json(inVersion(def, last));
  return json({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: { name, ...(def.group && { group: def.group }), kind: def.plural, uid },
  });
}

/** DELETE of a collection: all that the selectors let through. */
export function removeAll(request: Request, target: Target): Answer {
  const { def, namespace } = target;
  const by = writerOf(request, 'DeleteOptions');
  const options = deleteOptions(request);
  const found = request.cluster.list(def.key, namespace).filter(selected(request, target));
  for (const { metadata } of found)
    request.cluster.delete(def.key, metadata.namespace ?? '', metadata.name, by, options);
  const resourceVersion = String(request.cluster.store.version);
  return json(new Representation(request, def).list(found, { resourceVersion }));
}
