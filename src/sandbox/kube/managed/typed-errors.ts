import { goValue } from '../go-value.ts';
import type { Schema } from '../schema/schema.ts';
import { childSchema, elementText } from './field-set.ts';
import { isField, isMap, isOpen, itemElement, shapeOf } from './shape.ts';

/**
 * Why the object cannot be given to server-side apply: fields that its schema does not declare,
 * wrong types, list items that cannot be told apart. One text, empty when nothing is wrong.
 * Source and wording: structured-merge-diff typed/validate.go and typed/helpers.go.
 */
export function typedErrors(object: unknown, schema: Schema, duplicates = false): string {
  const errors: string[] = [];
  check(object, schema, '', duplicates, errors);
  return errors.length > 1 ? ['errors:', ...errors.map((e) => `  ${e}`)].join('\n') : errors.join();
}

function check(
  value: unknown,
  schema: Schema | undefined,
  path: string,
  duplicates: boolean,
  errors: string[],
): void {
  const say = (message: string) => errors.push(path ? `${path}: ${message}` : message);
  if (value === null || value === undefined) return;
  switch (shapeOf(schema, value)) {
    case 'scalar': {
      const wrong = scalarFault(value, schema);
      if (wrong) say(wrong);
      return;
    }
    case 'atomic-list':
    case 'list':
      if (!Array.isArray(value)) say(`expected list, got &{${goValue(value)}}`);
      else checkItems(value, schema, path, duplicates, errors);
      return;
    case 'atomic-map':
    case 'map':
      if (!isMap(value)) {
        say(`expected map, got &{${goValue(value)}}`);
        return;
      }
      for (const [name, part] of Object.entries(value)) {
        if (!isField(schema, name) && !isOpen(schema)) {
          errors.push(`${path}.${name}: field not declared in schema`);
          return;
        }
        check(part, childSchema(schema, `f:${name}`), `${path}.${name}`, duplicates, errors);
      }
  }
}

function checkItems(
  list: unknown[],
  schema: Schema | undefined,
  path: string,
  duplicates: boolean,
  errors: string[],
): void {
  const seen = new Set<string>();
  for (const [i, item] of list.entries()) {
    let text = `[${i}]`;
    if (shapeOf(schema, list) === 'list') {
      try {
        const element = itemElement(schema, item);
        text = elementText(element);
        if (seen.has(element) && !duplicates) {
          errors.push(`${path}: duplicate entries for key ${text}`);
        }
        seen.add(element);
      } catch (error) {
        errors.push(`${path}: element ${i}: ${(error as Error).message}`);
        return;
      }
    }
    check(item, schema?.items, `${path}${text}`, duplicates, errors);
  }
}

function scalarFault(value: unknown, schema: Schema | undefined): string | undefined {
  const compound = typeof value === 'object';
  switch (schema?.intOrString ? undefined : schema?.type) {
    case 'string':
      if (typeof value === 'string') return undefined;
      return `expected string, got &value.valueUnstructured{Value:${goValue(value)}}`;
    case 'integer':
    case 'number':
      if (typeof value === 'number') return undefined;
      return `expected numeric (int or float), got ${goType(value)}`;
    case 'boolean':
      return typeof value === 'boolean' ? undefined : `expected boolean, got &{${goValue(value)}}`;
    default:
      return compound ? `expected any scalar, got &{${goValue(value)}}` : undefined;
  }
}

function goType(value: unknown): string {
  if (Array.isArray(value)) return '[]interface {}';
  if (isMap(value)) return 'map[string]interface {}';
  return typeof value === 'boolean' ? 'bool' : 'string';
}
