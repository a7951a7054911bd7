import { OpenApiSchemas } from './openapi-schema.ts';
import { apiVersionOf } from '../resources.ts';
import type { ResourceDef } from '../resources.ts';
import { crdSchema } from './crd.ts';
import { builtinSchema } from './builtin.ts';
import type { Schema } from './schema.ts';
import { KUBERNETES_VERSION } from '../version.ts';

type Json = Record<string, unknown>;
type Kinded = { readonly group: string; readonly version: string; readonly kind: string };

/** `api/v1` or `apis/apps/v1`. */
function root(groupVersion: string): string {
  return groupVersion.includes('/') ? `apis/${groupVersion}` : `api/${groupVersion}`;
}

/**
 * What GET /openapi/v3 answers. No hash in the addresses: clients would keep documents for good,
 * and a CustomResourceDefinition may change.
 */
export function openapiIndex(groupVersions: readonly string[]): Json {
  const paths = groupVersions.map((groupVersion) => [
    root(groupVersion),
    { serverRelativeURL: `/openapi/v3/${root(groupVersion)}` },
  ]);
  return { paths: Object.fromEntries(paths) };
}

/**
 * The OpenAPI v3 document of one group and version: the paths and schemas of those of `resources`
 * that belong to it; `crds` are the definitions of the custom ones among them.
 */
export function openapiDocument(
  groupVersion: string,
  resources: readonly ResourceDef[],
  crds: readonly { readonly spec: unknown }[],
): Json {
  const schemas = new OpenApiSchemas();
  const paths: Json = {};
  for (const def of resources) {
    if (apiVersionOf(def) !== groupVersion) continue;
    const shape = shapeOf(def, crds);
    if (!shape) continue;
    const ref = schemas.refer(shape);
    mark(schemas, shape, def);
    addPaths(paths, def, ref);
    if (def.subresources.includes('scale')) {
      const scale = builtinSchema('Scale');
      if (scale) addSubresource(paths, def, 'scale', SCALE, schemas.refer(scale));
      if (scale) mark(schemas, scale, SCALE);
    }
    if (def.subresources.includes('status')) addSubresource(paths, def, 'status', def, ref);
  }
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: KUBERNETES_VERSION },
    paths,
    components: { schemas: schemas.definitions },
  };
}

const SCALE: Kinded = { group: 'autoscaling', version: 'v1', kind: 'Scale' };

function shapeOf(
  def: ResourceDef,
  crds: readonly { readonly spec: unknown }[],
): Schema | undefined {
  if (!def.custom) return builtinSchema(def.kind);
  const { group, version, kind } = def;
  const crd = crds.find(({ spec }) => {
    const found = spec as { group?: string; names?: { kind?: string } } | undefined;
    return found?.group === group && found.names?.kind === kind;
  });
  if (!crd) return undefined;
  const name = [...group.split('.').reverse(), version, kind].join('.');
  return { ...crdSchema({ spec: crd.spec }, version), name };
}

function mark(schemas: OpenApiSchemas, { name = '' }: Schema, kinded: Kinded): void {
  const { group, version, kind } = kinded;
  const definition = schemas.definitions[name] as Json;
  definition['x-kubernetes-group-version-kind'] = [{ group, kind, version }];
}

function base(def: ResourceDef): string {
  return `/${root(apiVersionOf(def))}`;
}

function addPaths(paths: Json, def: ResourceDef, ref: Json): void {
  const place = def.namespaced ? '/namespaces/{namespace}' : '';
  const all = `${base(def)}${place}/${def.plural}`;
  if (def.namespaced) paths[`${base(def)}/${def.plural}`] = { get: operation('list', def, ref) };
  paths[all] = {
    get: operation('list', def, ref),
    post: operation('post', def, ref),
    delete: operation('deletecollection', def, ref),
  };
  paths[`${all}/{name}`] = {
    get: operation('get', def, ref),
    put: operation('put', def, ref),
    delete: operation('delete', def, ref),
    patch: patchOperation(def, def, ref),
  };
}

function addSubresource(
  paths: Json,
  def: ResourceDef,
  name: string,
  kinded: Kinded,
  ref: Json,
): void {
  const place = def.namespaced ? '/namespaces/{namespace}' : '';
  paths[`${base(def)}${place}/${def.plural}/{name}/${name}`] = {
    get: operation('get', kinded, ref),
    put: operation('put', kinded, ref),
    patch: patchOperation(def, kinded, ref),
  };
}

// kubectl sends dryRun and fieldValidation only where the PATCH operation of the kind lists them.
const WRITE_PARAMETERS = ['dryRun', 'fieldManager', 'fieldValidation'].map((name) => query(name));

function query(name: string, type = 'string'): Json {
  return { name, in: 'query', schema: { type, uniqueItems: true } };
}

function operation(action: string, { group, version, kind }: Kinded, ref: Json): Json {
  const writes = action === 'post' || action === 'put';
  return {
    ...(writes ? { parameters: WRITE_PARAMETERS } : {}),
    ...(writes ? { requestBody: { content: { '*/*': { schema: ref } } } } : {}),
    responses: { '200': { description: 'OK', content: { 'application/json': { schema: ref } } } },
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': { group, kind, version },
  };
}

function patchOperation(def: ResourceDef, kinded: Kinded, ref: Json): Json {
  const types = ['application/json-patch+json', 'application/merge-patch+json'];
  if (!def.custom) types.push('application/strategic-merge-patch+json');
  types.push('application/apply-patch+yaml');
  const content = Object.fromEntries(types.map((type) => [type, { schema: { type: 'object' } }]));
  return {
    ...operation('patch', kinded, ref),
    parameters: [...WRITE_PARAMETERS, query('force', 'boolean')],
    requestBody: { content, required: true },
  };
}
