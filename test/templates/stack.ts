import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_SCHEMA, load, Type } from 'js-yaml';

export const root = join(import.meta.dirname, '..', '..');
export const stackFile = join(root, 'templates', 'lab', 'eks.yaml');

/** A resource of the stack; functions of CloudFormation are objects, such as `{ '!Ref': 'Vpc' }`. */
export interface Resource {
  readonly Type: string;
  readonly DependsOn?: string | readonly string[];
  readonly Properties: Readonly<Record<string, unknown>>;
}

export interface Stack {
  readonly Parameters: Readonly<Record<string, { readonly Default: unknown }>>;
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs: Readonly<Record<string, { readonly Value: unknown }>>;
}

const FUNCTIONS = [
  'Ref',
  'Sub',
  'GetAtt',
  'GetAZs',
  'Select',
  'Cidr',
  'If',
  'Not',
  'Equals',
  'Join',
];

const schema = DEFAULT_SCHEMA.extend(
  FUNCTIONS.flatMap((name) =>
    (['scalar', 'sequence', 'mapping'] as const).map(
      (kind) =>
        new Type(`!${name}`, { kind, construct: (data: unknown) => ({ [`!${name}`]: data }) }),
    ),
  ),
);

/** templates/lab/eks.yaml. Raises an error for a function that is not in the list above. */
export const stack = load(readFileSync(stackFile, 'utf8'), { schema }) as Stack;

/** The resources of a type, with their logical ids. */
export const resourcesOf = (type: string): [string, Resource][] =>
  Object.entries(stack.Resources).filter(([, resource]) => resource.Type === type);
