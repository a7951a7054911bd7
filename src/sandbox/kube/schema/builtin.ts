import { existsSync, readFileSync } from 'node:fs';
import { atomicMaps, atomicTypes, keyDefaults, markers } from './markers.ts';
import type { Schema } from './schema.ts';

/** Per field: the code of its type with `!` when required, and what it is for. */
type RawDefinition = { readonly d: string; readonly p: Readonly<Record<string, [string, string]>> };
type RawDefinitions = Readonly<Record<string, RawDefinition>>;

const SCALARS: Readonly<Record<string, Schema>> = {
  s: { type: 'string' },
  b: { type: 'boolean' },
  i: { type: 'integer', format: 'int32' },
  l: { type: 'integer', format: 'int64' },
  n: { type: 'number', format: 'double' },
  y: { type: 'string', format: 'byte' },
  t: { name: 'io.k8s.apimachinery.pkg.apis.meta.v1.Time', type: 'string', format: 'date-time' },
  x: { name: 'io.k8s.apimachinery.pkg.util.intstr.IntOrString', intOrString: true },
  q: { name: 'io.k8s.apimachinery.pkg.api.resource.Quantity', intOrString: true },
  a: { preserveUnknown: true },
};

/**
 * The nearest dist/kube-schemas.json above this code, which `npm run build` writes
 * (scripts/kube-schemas.js): the same rule finds it from src/ and from the bundle in dist/.
 */
function readDefinitions(): RawDefinitions {
  for (let dir = new URL('.', import.meta.url); ; dir = new URL('..', dir)) {
    const file = new URL('dist/kube-schemas.json', dir);
    if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as RawDefinitions;
    if (dir.pathname === '/' || new URL('..', dir).href === dir.href) break;
  }
  throw new Error(
    'dist/kube-schemas.json is missing: run `npm run build`, which writes the shapes of the built-in kinds',
  );
}

let raw: RawDefinitions | undefined;
let kinds: ReadonlyMap<string, string> | undefined;
const parsed = new Map<string, Schema>();

// Parsed when first requested, and type by type: a sandbox that serves Services never looks at volumes.
function definitions(): RawDefinitions {
  return (raw ??= readDefinitions());
}

/** Name of the definition of each kind; what has apiVersion, kind and (but for DeleteOptions) metadata. */
function builtinKinds(): ReadonlyMap<string, string> {
  kinds ??= new Map(
    Object.entries(definitions())
      .filter(([name, { p }]) => p.apiVersion && p.kind && (p.metadata || name.endsWith('Options')))
      .map(([name]) => [shortName(name), name]),
  );
  return kinds;
}

/**
 * The shape of a kind that the server has itself, or undefined. Lists are kinds too
 * (`ServiceList`), so are `Scale`, `Status` and `DeleteOptions`. `Event` is the core group's.
 */
export function builtinSchema(kind: string): Schema | undefined {
  const name = builtinKinds().get(kind);
  return name === undefined ? undefined : builtinDefinition(name);
}

/** `ServicePort` for `io.k8s.api.core.v1.ServicePort`. */
export function shortName(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

/** The type of that full name, plain ones such as `io.k8s.apimachinery.pkg.api.resource.Quantity` too. */
export function namedSchema(name: string): Schema | undefined {
  if (name in definitions()) return builtinDefinition(name);
  return Object.values(SCALARS).find((scalar) => scalar.name === name);
}

/** The type of that full name; throws when there is none, which is a defect of the generated file. */
function builtinDefinition(name: string): Schema {
  const known = parsed.get(name);
  if (known) return known;
  const found = definitions()[name];
  if (!found) throw new Error(`no definition ${name} in dist/kube-schemas.json`);
  const { d, p } = found;
  const owner = shortName(name);
  const required = Object.keys(p).filter((field) => p[field]?.[0].endsWith('!'));
  let properties: Record<string, Schema> | undefined;
  const schema: Schema = {
    name,
    type: 'object',
    description: d,
    ...(required.length > 0 ? { required } : {}),
    ...(atomicTypes.has(owner) ? { mapType: 'atomic' as const } : {}),
    // A type such as JSONSchemaProps contains itself, so fields are read off when requested.
    get properties() {
      properties ??= Object.fromEntries(
        Object.entries(p).map(([field, [code, about]]) => [
          field,
          fieldSchema(owner, field, code, about),
        ]),
      );
      return properties;
    },
  };
  parsed.set(name, schema);
  return schema;
}

function fieldSchema(owner: string, field: string, code: string, about: string): Schema {
  const id = `${owner}.${field}`;
  return redescribed(decode(code.replace('!', '')), {
    description: about,
    ...(id in keyDefaults ? { default: keyDefaults[id] } : {}),
    ...(atomicMaps.has(id) ? { mapType: 'atomic' as const } : {}),
    ...markers[owner]?.[field],
  });
}

function decode(code: string): Schema {
  if (code.startsWith('[]')) return { type: 'array', items: decode(code.slice(2)) };
  if (code.startsWith('{}')) return { type: 'object', additionalProperties: decode(code.slice(2)) };
  if (code.startsWith('@')) return builtinDefinition(code.slice(1));
  const scalar = SCALARS[code];
  if (!scalar) throw new Error(`unknown type code ${code} in dist/kube-schemas.json`);
  return scalar;
}

/** `base` with fields of its own, its `properties` still read off only when requested. */
function redescribed(base: Schema, more: Partial<Schema>): Schema {
  return Object.defineProperties(
    {},
    {
      ...Object.getOwnPropertyDescriptors(base),
      ...Object.getOwnPropertyDescriptors(more),
    },
  ) as Schema;
}
