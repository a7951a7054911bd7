import { DEFINITIONS } from '../definitions.ts';
import { apiVersionOf } from '../resources.ts';
import type { ResourceDef } from '../resources.ts';
import type { KubeObject } from '../object.ts';
import { badRequest, notAcceptable } from '../status-error.ts';
import { columnsOf } from '../tables/columns.ts';
import { partialOf, tableOf } from '../tables/table.ts';
import type { IncludeObject } from '../tables/table.ts';
import type { Request } from './exchange.ts';

/** In which shape the client wants objects. */
export type Form = 'plain' | 'table' | 'partial';

interface Accepted {
  readonly type: string;
  readonly as: string;
  readonly version: string;
}

/** The media types of an Accept header, in its order. */
export function acceptedTypes(request: Request): Accepted[] {
  const header = String(request.headers.accept ?? '*/*');
  return header.split(',').map((part) => {
    const [type = '', ...parameters] = part.split(';').map((word) => word.trim());
    const of = (name: string): string =>
      parameters.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1) ?? '';
    return { type, as: of('as'), version: of('v') };
  });
}

const JSON_TYPES = ['application/json', 'application/*', '*/*'];

/** The first form requested that can be given. Raises 406 where there is none. */
export function formOf(request: Request): Form {
  for (const { type, as, version } of acceptedTypes(request)) {
    if (!JSON_TYPES.includes(type)) continue;
    if (as === '') return 'plain';
    if (as === 'Table' && version === 'v1') return 'table';
    if (as.startsWith('PartialObjectMetadata') && version === 'v1') return 'partial';
  }
  throw notAcceptable(['application/json']);
}

function includeOf(request: Request): IncludeObject {
  const include = request.query.get('includeObject') || 'Metadata';
  if (include !== 'Metadata' && include !== 'Object' && include !== 'None')
    throw badRequest(`unrecognized includeObject value: ${include}`);
  return include;
}

/** The object in the version that was requested: conversion changes nothing else. */
export function inVersion(def: ResourceDef, object: KubeObject): KubeObject {
  const apiVersion = apiVersionOf(def);
  return object.apiVersion === apiVersion ? object : { ...object, apiVersion };
}

/** Writes objects in the form that the request names. */
export class Representation {
  readonly form: Form;
  readonly #request: Request;
  readonly #def: ResourceDef;
  #headersSent = false;

  constructor(request: Request, def: ResourceDef) {
    this.form = formOf(request);
    this.#request = request;
    this.#def = def;
  }

  one(object: KubeObject): unknown {
    if (this.form === 'partial') return partialOf(object);
    const found = inVersion(this.#def, object);
    if (this.form === 'plain') return found;
    return this.#table([found], { resourceVersion: object.metadata.resourceVersion });
  }

  /** A list; `metadata` is the list's own: resourceVersion, continue, remainingItemCount. */
  list(objects: readonly KubeObject[], metadata: object): unknown {
    if (this.form === 'table')
      return this.#table(
        objects.map((object) => inVersion(this.#def, object)),
        metadata,
      );
    if (this.form === 'partial')
      return {
        kind: 'PartialObjectMetadataList',
        apiVersion: 'meta.k8s.io/v1',
        metadata,
        items: objects.map(partialOf),
      };
    const apiVersion = apiVersionOf(this.#def);
    const items = objects.map((object) => inVersion(this.#def, object));
    return { kind: `${this.#def.kind}List`, apiVersion, metadata, items };
  }

  /** One object of a watch: of Tables only the first has the headers. */
  event(object: KubeObject): unknown {
    const written = this.one(object);
    this.#headersSent = true;
    return written;
  }

  /** A bookmark says a resourceVersion and nothing else. */
  bookmark(resourceVersion: string): unknown {
    if (this.form === 'table') return this.#table([], { resourceVersion });
    const metadata = { resourceVersion, creationTimestamp: null };
    if (this.form === 'partial')
      return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata };
    return { kind: this.#def.kind, apiVersion: apiVersionOf(this.#def), metadata };
  }

  #table(objects: readonly KubeObject[], metadata: object): object {
    const { cluster } = this.#request;
    const crd = this.#def.custom ? cluster.get(DEFINITIONS, '', this.#def.key) : undefined;
    return tableOf(columnsOf(this.#def, crd), objects, {
      metadata,
      now: cluster.clock.date(),
      include: includeOf(this.#request),
      headers: !this.#headersSent,
    });
  }
}
