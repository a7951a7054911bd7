/**
 * What is sent and answered, as data: read from the AWS SDK's own schemas, so that no field is left out.
 * Those are arrays: `[3, namespace, name, traits, member names, member schemas]` for a structure,
 * `[1, namespace, name, traits, item]` for a list, a number for what is neither, `[schema, traits]` where a
 * member has a name of its own on the wire, and a function for what is defined later in the file
 * (`@smithy/core` schema, NormalizedSchema).
 */
export type Shape =
  | { readonly kind: 'text' | 'number' | 'boolean' | 'time' | 'bytes' }
  | { readonly kind: 'list'; readonly tag: string; readonly item: () => Shape }
  /** Texts by name. */
  | { readonly kind: 'map' }
  | { readonly kind: 'structure'; readonly members: readonly Member[] };

export interface Member {
  readonly name: string;
  /** Its name in XML, and in forms unless `ec2Name` is there. */
  readonly tag: string;
  /** Its name in the forms of EC2, where that is not the tag with a capital letter. */
  readonly ec2Name?: string;
  readonly shape: () => Shape;
}

/** One operation: `[9, namespace, name, traits, input, output]`. */
export interface Operation {
  readonly name: string;
  readonly input: () => Shape;
  readonly output: () => Shape;
}

type Traits = Readonly<Record<string, unknown>>;

const kinds = ['text', 'number', 'boolean', undefined, 'time', 'time', 'time', 'time'] as const;
const BYTES = 21;
/** Added to the number of what a list has. */
const LIST = 64;
const MAP_OF_TEXTS = 128;

const known = new WeakMap<object, Shape>();

/** An operation of the SDK's schemas. Raises an error for a schema that these services do not have. */
export function operationOf(schema: unknown): Operation {
  const [, , name, , input, output] = schema as readonly unknown[];
  return { name: String(name), input: later(input), output: later(output) };
}

const later = (schema: unknown) => (): Shape => shapeOf(schema);

function shapeOf(schema: unknown): Shape {
  if (typeof schema === 'function') return shapeOf((schema as () => unknown)());
  if (typeof schema === 'number') return simple(schema);
  if (!Array.isArray(schema)) throw new Error(`unknown schema ${String(schema)}`);
  const shape = known.get(schema) ?? compound(schema);
  known.set(schema, shape);
  return shape;
}

function simple(schema: number): Shape {
  if (schema === BYTES) return { kind: 'bytes' };
  if (schema === MAP_OF_TEXTS) return { kind: 'map' };
  const listed = schema >= LIST;
  const kind = kinds[listed ? schema - LIST : schema];
  if (!kind) throw new Error(`unknown schema ${schema}`);
  return listed ? { kind: 'list', tag: 'member', item: () => ({ kind }) } : { kind };
}

function compound(schema: readonly unknown[]): Shape {
  const [kind, , name, , first, second] = schema;
  if (kind === 1) {
    const [item, traits] = parted(first);
    return { kind: 'list', tag: nameIn(traits, 'xmlName') ?? 'member', item: later(item) };
  }
  if (kind !== 3) throw new Error(`unknown schema of ${String(name)}`);
  const schemas = second as readonly unknown[];
  const members = (first as readonly string[]).map((member, n): Member => {
    const [shape, traits] = parted(schemas[n]);
    if (traits['xmlFlattened']) throw new Error(`${member} of ${String(name)} is flattened`);
    const ec2Name = nameIn(traits, 'ec2QueryName');
    return {
      name: member,
      tag: nameIn(traits, 'xmlName') ?? member,
      shape: later(shape),
      ...(ec2Name !== undefined && { ec2Name }),
    };
  });
  return { kind: 'structure', members };
}

/** A schema and the traits that a member adds to it; those that are flags have no part in the wire. */
function parted(schema: unknown): readonly [schema: unknown, traits: Traits] {
  if (!Array.isArray(schema) || schema.length !== 2) return [schema, {}];
  const [own, traits] = schema as readonly unknown[];
  return [own, typeof traits === 'object' && traits !== null ? (traits as Traits) : {}];
}

function nameIn(traits: Traits, trait: string): string | undefined {
  const name = traits[trait];
  return typeof name === 'string' ? name : undefined;
}
