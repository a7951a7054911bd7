import type { Writer } from '../cluster/writer.ts';
import type { FieldValidation } from '../schema/decode.ts';
import type { DeleteOptions } from '../cluster/deletion.ts';
import type { KubeObject } from '../object.ts';
import { patchTypes } from '../cluster/patched.ts';
import { scaleOf } from '../scale.ts';
import { badRequest, invalid, unsupportedMediaType } from '../status-error.ts';
import { json } from './exchange.ts';
import type { Answer, Request } from './exchange.ts';
import { selected } from './list.ts';
import { PROTOBUF } from './protobuf.ts';
import { inVersion, Representation } from './representation.ts';
import type { Target } from './target.ts';
import { count, flag } from './verb.ts';

/** A DELETE with a body is judged by the body alone (apiserver, endpoints/handlers/delete.go). */
const bodyDecides = ({ method, body }: Request): boolean =>
  method === 'DELETE' && body !== undefined;

/** Whether the request only rehearses. Raises 422 for any other value than All. */
export function isDryRun(request: Request): boolean {
  const inBody = (request.body as { dryRun?: unknown } | undefined)?.dryRun;
  const asked = !bodyDecides(request)
    ? request.query.getAll('dryRun')
    : Array.isArray(inBody)
      ? inBody
      : [];
  const wrong = asked.find((value) => value !== 'All');
  if (wrong !== undefined)
    throw invalid({ group: 'meta.k8s.io', kind: 'Options' }, '', [
      {
        field: 'dryRun',
        message: `Unsupported value: "${wrong}": supported values: "All"`,
        reason: 'FieldValueNotSupported',
      },
    ]);
  return asked.length > 0;
}

function writerOf(request: Request): Writer {
  const { query, headers, user } = request;
  const validation = query.get('fieldValidation') || 'Warn';
  if (!['Ignore', 'Warn', 'Strict'].includes(validation))
    throw badRequest(
      `Unsupported value: "${validation}": supported values: "Ignore", "Strict", "Warn"`,
    );
  const agent = String(headers['user-agent'] ?? '').split('/')[0]!;
  return {
    actor: user,
    manager: query.get('fieldManager') || agent || 'unknown',
    dryRun: isDryRun(request),
    force: flag(query, 'force'),
    fieldValidation: validation as FieldValidation,
    warn: (text) => request.warn(text),
  };
}

/** The object in the body, at home where the path says. Raises 400 where they differ. */
function objectOf(request: Request, { name, namespace, def }: Target): KubeObject {
  const { body, contentType } = request;
  if (!['application/json', 'application/yaml', PROTOBUF, ''].includes(contentType))
    throw unsupportedMediaType(['application/json', 'application/yaml']);
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw badRequest('the request body must be one object');
  const given = body as KubeObject;
  if (typeof given.kind !== 'string')
    throw badRequest(`Object 'Kind' is missing in '${JSON.stringify(body).slice(0, 200)}'`);
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
  const object = objectOf(request, target);
  return answer(
    request,
    target,
    request.cluster.create(target.def.key, object, writerOf(request)),
    201,
  );
}

export function update(request: Request, target: Target): Answer {
  const object = objectOf(request, target);
  const { def, subresource } = target;
  const written = request.cluster.update(def.key, object, writerOf(request), subresource);
  return answer(request, target, written);
}

export function patch(request: Request, target: Target): Answer {
  const { def, namespace, name, subresource } = target;
  const type = patchTypes[request.contentType];
  if (!type) throw unsupportedMediaType(Object.keys(patchTypes));
  if (type === 'apply' && !request.query.get('fieldManager'))
    throw invalid({ group: 'meta.k8s.io', kind: 'PatchOptions' }, '', [
      {
        field: 'fieldManager',
        message: 'Required value: is required for apply patch',
        reason: 'FieldValueRequired',
      },
    ]);
  const existed = request.cluster.get(def.key, namespace, name) !== undefined;
  const change = { type, body: request.body };
  const written = request.cluster.patch(
    def.key,
    namespace,
    name,
    change,
    writerOf(request),
    subresource,
  );
  return answer(request, target, written, existed ? 200 : 201);
}

function deleteOptions(request: Request): DeleteOptions {
  const given = (bodyDecides(request) ? request.body : inQuery(request)) as DeleteOptions;
  const { propagationPolicy: policy, gracePeriodSeconds: grace } = given;
  if (policy && !['Background', 'Foreground', 'Orphan'].includes(policy))
    throw invalid({ group: 'meta.k8s.io', kind: 'DeleteOptions' }, '', [
      {
        field: 'propagationPolicy',
        message: `Unsupported value: "${policy}": supported values: "Background", "Foreground", "Orphan"`,
        reason: 'FieldValueNotSupported',
      },
    ]);
  return {
    ...(given.preconditions && { preconditions: given.preconditions }),
    ...(policy && { propagationPolicy: policy }),
    ...(grace !== undefined && { gracePeriodSeconds: grace }),
  };
}

const inQuery = ({ query }: Request): object => ({
  propagationPolicy: query.get('propagationPolicy') ?? undefined,
  gracePeriodSeconds: count(query, 'gracePeriodSeconds'),
});

/** DELETE: a Status once the object is gone, the object where something still holds it. */
export function remove(request: Request, target: Target): Answer {
  const { def, namespace, name } = target;
  const by = writerOf(request);
  const last = request.cluster.delete(def.key, namespace, name, by, deleteOptions(request));
  const { uid } = last.metadata;
  if (request.cluster.get(def.key, namespace, name)?.metadata.uid === uid && !by.dryRun)
    return json(inVersion(def, last));
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
  const by = writerOf(request);
  const options = deleteOptions(request);
  const found = request.cluster.list(def.key, namespace).filter(selected(request, target));
  for (const { metadata } of found)
    request.cluster.delete(def.key, metadata.namespace ?? '', metadata.name, by, options);
  const resourceVersion = String(request.cluster.store.version);
  return json(new Representation(request, def).list(found, { resourceVersion }));
}
