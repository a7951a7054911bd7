import { namedSchema, shortName } from './builtin.ts';
import type { Schema } from './schema.ts';

type Json = Record<string, unknown>;

const SAME: readonly (keyof Schema)[] = [
  ...(['type', 'format', 'required', 'enum', 'nullable', 'pattern', 'minLength'] as const),
  ...(['maxLength', 'minItems', 'maxItems', 'minProperties', 'maxProperties'] as const),
  ...(['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'] as const),
];

const EXTENSIONS: Readonly<Partial<Record<keyof Schema, string>>> = {
  listType: 'x-kubernetes-list-type',
  listMapKeys: 'x-kubernetes-list-map-keys',
  mapType: 'x-kubernetes-map-type',
  patchStrategy: 'x-kubernetes-patch-strategy',
  patchMergeKey: 'x-kubernetes-patch-merge-key',
  preserveUnknown: 'x-kubernetes-preserve-unknown-fields',
  embeddedResource: 'x-kubernetes-embedded-resource',
};

/**
 * Writes schemas as OpenAPI v3 the way kube-apiserver does: named types once, under
 * components.schemas, and referred to with `allOf`, beside which a description may stand. kubectl
 * builds `apply`'s strategic merge patch and `explain` on that.
 */
export class OpenApiSchemas {
  /** components.schemas, complete once everything has been `refer`red to. */
  readonly definitions: Json = {};

  /** `{ $ref }` to a named schema, whose definition is added with all it needs. */
  refer(schema: Schema): Json {
    const { name } = schema;
    if (name === undefined) return this.#inline(schema);
    if (!(name in this.definitions)) {
      // Held before it is filled: a type may contain itself.
      const definition: Json = {};
      this.definitions[name] = definition;
      // The field that leads here first has a description and marks of its own.
      Object.assign(definition, this.#inline(namedSchema(name) ?? schema));
    }
    return { $ref: `#/components/schemas/${name}` };
  }

  #inline(schema: Schema): Json {
    const { description, properties, items, additionalProperties } = schema;
    const result: Json = description ? { description } : {};
    for (const key of SAME) if (schema[key] !== undefined) result[key] = schema[key];
    for (const [key, name] of Object.entries(EXTENSIONS)) {
      const value = schema[key as keyof Schema];
      if (value !== undefined && value !== false) result[name] = value;
    }
    if (schema.default !== undefined) result.default = schema.default;
    if (schema.intOrString) Object.assign(result, intOrString(schema));
    if (properties) {
      result.properties = Object.fromEntries(
        Object.entries(properties).map(([name, field]) => [name, this.#field(field)]),
      );
    }
    if (items) result.items = this.#field(items);
    if (additionalProperties) result.additionalProperties = this.#field(additionalProperties);
    return result;
  }

  #field(schema: Schema): Json {
    if (schema.name === undefined) return this.#inline(schema);
    // What a list holds has no words of its own: explain would print the type's twice.
    const own = schema.description !== namedSchema(schema.name)?.description;
    const { description, ...marks } = this.#inline({
      ...(own && schema.description ? { description: schema.description } : {}),
      ...(schema.patchStrategy ? { patchStrategy: schema.patchStrategy } : {}),
    });
    return {
      allOf: [this.refer(schema)],
      ...(schema.properties ? { default: {} } : {}),
      ...(description ? { description } : {}),
      ...marks,
    };
  }
}

function intOrString({ name }: Schema): Json {
  if (name === undefined) {
    return {
      'x-kubernetes-int-or-string': true,
      anyOf: [{ type: 'integer' }, { type: 'string' }],
    };
  }
  const number = shortName(name) === 'Quantity' ? 'number' : 'integer';
  return {
    ...(number === 'integer' ? { format: 'int-or-string' } : {}),
    oneOf: [{ type: number }, { type: 'string' }],
  };
}
