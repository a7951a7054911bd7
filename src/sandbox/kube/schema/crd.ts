import { builtinSchema } from './builtin.ts';
import type { Schema } from './schema.ts';
import { unprocessable } from '../status-error.ts';

/** apiextensions v1 JSONSchemaProps, of which this reads the structural part. */
type Props = Readonly<Record<string, unknown>>;

interface Version {
  readonly name: string;
  readonly schema?: { readonly openAPIV3Schema?: Props };
}

// Taken over as they are, because they mean the same in both.
const SAME =
  'type format description required enum default nullable pattern minLength maxLength minItems maxItems minProperties maxProperties minimum maximum exclusiveMinimum exclusiveMaximum'.split(
    ' ',
  );

const RENAMED: Readonly<Record<string, string>> = {
  'x-kubernetes-int-or-string': 'intOrString',
  'x-kubernetes-preserve-unknown-fields': 'preserveUnknown',
  'x-kubernetes-embedded-resource': 'embeddedResource',
  'x-kubernetes-list-type': 'listType',
  'x-kubernetes-list-map-keys': 'listMapKeys',
  'x-kubernetes-map-type': 'mapType',
};

// They change what is valid. A server that let them pass would accept what a real one refuses.
const UNSUPPORTED =
  'x-kubernetes-validations oneOf allOf not multipleOf uniqueItems patternProperties dependencies additionalItems $ref definitions'.split(
    ' ',
  );

/**
 * The shape of the objects of one version of a CustomResourceDefinition, with apiVersion, kind and
 * metadata added. A version without schema takes anything. 422 when there is no such version, and
 * for a schema with a rule that this server does not check.
 */
export function crdSchema(crd: { readonly spec: unknown }, version: string): Schema {
  const { versions } = crd.spec as { versions?: readonly Version[] };
  const found = versions?.find(({ name }) => name === version);
  if (!found) throw unprocessable(`no version ${version} in the CustomResourceDefinition`);
  const props = found.schema?.openAPIV3Schema ?? { 'x-kubernetes-preserve-unknown-fields': true };
  const root = convert(props, 'openAPIV3Schema');
  return {
    ...root,
    type: 'object',
    properties: { ...root.properties, ...objectFields() },
  };
}

/** What every Kubernetes object has. */
export function objectFields(): Readonly<Record<string, Schema>> {
  const fields = builtinSchema('ConfigMap')?.properties ?? {};
  const { apiVersion, kind, metadata } = fields;
  if (!apiVersion || !kind || !metadata) throw new Error('ConfigMap has no metadata');
  return { apiVersion, kind, metadata };
}

function convert(props: Props, path: string): Schema {
  const unsupported = UNSUPPORTED.find((key) => props[key] !== undefined);
  // int-or-string is spelled with anyOf beside its own marker; other uses of anyOf are rules.
  const choice = props.anyOf !== undefined && !props['x-kubernetes-int-or-string'];
  if (unsupported !== undefined || choice) {
    const rule = unsupported ?? 'anyOf';
    throw unprocessable(`${path}.${rule}: Forbidden: this server does not check ${rule}`);
  }
  const schema: Record<string, unknown> = {};
  for (const key of SAME) if (props[key] !== undefined) schema[key] = props[key];
  for (const [key, name] of Object.entries(RENAMED)) {
    if (props[key] !== undefined) schema[name] = props[key];
  }
  if (props.properties) {
    schema.properties = Object.fromEntries(
      Object.entries(props.properties as Record<string, Props>).map(([name, child]) => [
        name,
        convert(child, `${path}.properties[${name}]`),
      ]),
    );
  }
  if (props.items) schema.items = convert(props.items as Props, `${path}.items`);
  const rest = props.additionalProperties;
  if (rest === true) schema.preserveUnknown = true;
  else if (rest)
    schema.additionalProperties = convert(rest as Props, `${path}.additionalProperties`);
  return schema;
}
