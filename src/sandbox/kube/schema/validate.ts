import type { Schema } from './schema.ts';
import { sameJson } from '../object.ts';
import type { FieldError } from '../status-error.ts';

// Taken once, as in object.ts.
const { isArray } = Array;
const { entries, hasOwn, keys } = Object;

/**
 * What in a custom resource breaks its schema, worded as kube-apiserver does (apiextensions-apiserver
 * pkg/apiserver/validation/validation.go, kube-openapi pkg/validation/errors/schema.go). Null where
 * the schema does not say `nullable` is a wrong type. Unknown fields are no fault here: see prune.
 */
export function validate(object: unknown, schema: Schema): FieldError[] {
  const faults: FieldError[] = [];
  check(object, schema, '', faults);
  return faults;
}

/** Whether `validate` finds no value of a wrong type: without words, since it is nearly always so. */
export function isTyped(value: unknown, schema: Schema): boolean {
  if (value === null && schema.nullable) return true;
  if (!fits(typeName(value), schema)) return false;
  if (typeof value !== 'object' || value === null) return true;
  const { items } = schema;
  if (isArray(value)) return !items || value.every((item) => isTyped(item, items));
  const { properties, additionalProperties } = schema;
  for (const name of keys(value)) {
    const part = (value as Record<string, unknown>)[name];
    const field = properties && hasOwn(properties, name) ? properties[name] : additionalProperties;
    if (field && part !== undefined && !isTyped(part, field)) return false;
  }
  return true;
}

function check(value: unknown, schema: Schema, path: string, faults: FieldError[]): void {
  const found = typeName(value);
  if (value === null && schema.nullable) return;
  if (!fits(found, schema)) {
    const expected = schema.intOrString ? '["integer","string"]' : schema.type;
    const text = `${path} in body must be of type ${expected}: "${found}"`;
    faults.push(fault(path, 'FieldValueTypeInvalid', `Invalid value: "${found}": ${text}`));
    checkEnum(value, schema, path, faults);
    return;
  }
  checkEnum(value, schema, path, faults);
  if (typeof value === 'string') checkString(value, schema, path, faults);
  else if (typeof value === 'number') checkNumber(value, schema, path, faults);
  else if (isArray(value)) checkList(value, schema, path, faults);
  else if (typeof value === 'object' && value !== null) {
    checkObject(value as Record<string, unknown>, schema, path, faults);
  }
}

function checkEnum(value: unknown, schema: Schema, path: string, faults: FieldError[]): void {
  if (schema.enum && !schema.enum.some((allowed) => sameJson(allowed, value))) {
    const allowed = schema.enum
      .map((one) => `"${typeof one === 'string' ? one : JSON.stringify(one)}"`)
      .sort();
    const message = `Unsupported value: ${shown(value)}: supported values: ${allowed.join(', ')}`;
    faults.push(fault(path, 'FieldValueNotSupported', message));
  }
}

function typeName(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

function fits(found: string, schema: Schema): boolean {
  if (schema.intOrString) return found === 'integer' || found === 'string';
  if (schema.type === undefined || schema.type === found) return true;
  return schema.type === 'number' && found === 'integer';
}

function checkString(value: string, schema: Schema, path: string, faults: FieldError[]): void {
  const length = [...value].length;
  if (schema.maxLength !== undefined && length > schema.maxLength) {
    const unit = schema.maxLength === 1 ? 'byte' : 'bytes';
    const message = `Too long: may not be more than ${schema.maxLength} ${unit}`;
    faults.push(fault(path, 'FieldValueTooLong', message));
  }
  if (schema.minLength !== undefined && length < schema.minLength) {
    faults.push(invalid(path, value, `should be at least ${schema.minLength} chars long`));
  }
  if (schema.pattern !== undefined && !new RegExp(schema.pattern, 'u').test(value)) {
    faults.push(invalid(path, value, `should match '${schema.pattern}'`));
  }
}

function checkNumber(value: number, schema: Schema, path: string, faults: FieldError[]): void {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
  if (minimum !== undefined && (exclusiveMinimum ? value <= minimum : value < minimum)) {
    const relation = exclusiveMinimum ? 'greater than' : 'greater than or equal to';
    faults.push(invalid(path, value, `should be ${relation} ${minimum}`));
  }
  if (maximum !== undefined && (exclusiveMaximum ? value >= maximum : value > maximum)) {
    const relation = exclusiveMaximum ? 'less than' : 'less than or equal to';
    faults.push(invalid(path, value, `should be ${relation} ${maximum}`));
  }
}

function checkList(list: unknown[], schema: Schema, path: string, faults: FieldError[]): void {
  const { items, minItems, maxItems, listType, listMapKeys = [] } = schema;
  if (minItems !== undefined && list.length < minItems) {
    faults.push(invalid(path, list, `should have at least ${minItems} items`));
  }
  if (maxItems !== undefined && list.length > maxItems) {
    faults.push(tooMany(path, list.length, maxItems));
  }
  if (items) list.forEach((item, i) => check(item, items, `${path}[${i}]`, faults));
  if (listType !== 'set' && listType !== 'map') return;
  const seen: unknown[] = [];
  list.forEach((item, i) => {
    const id = listType === 'set' ? item : keysOf(item, listMapKeys);
    if (seen.some((other) => sameJson(other, id))) {
      faults.push(fault(`${path}[${i}]`, 'FieldValueDuplicate', `Duplicate value: ${shown(id)}`));
    }
    seen.push(id);
  });
}

function keysOf(item: unknown, keys: readonly string[]): Record<string, unknown> {
  const from = (typeof item === 'object' && item !== null ? item : {}) as Record<string, unknown>;
  return Object.fromEntries(keys.filter((key) => key in from).map((key) => [key, from[key]]));
}

function checkObject(
  object: Record<string, unknown>,
  schema: Schema,
  path: string,
  faults: FieldError[],
): void {
  const { minProperties, maxProperties, properties = {}, additionalProperties } = schema;
  const count = keys(object).length;
  if (minProperties !== undefined && count < minProperties) {
    faults.push(invalid(path, object, `should have at least ${minProperties} properties`));
  }
  if (maxProperties !== undefined && count > maxProperties) {
    faults.push(tooMany(path, count, maxProperties));
  }
  const at = (name: string) => (path ? `${path}.${name}` : name);
  for (const name of schema.required ?? []) {
    if (object[name] === undefined) {
      faults.push(fault(at(name), 'FieldValueRequired', 'Required value'));
    }
  }
  for (const [name, value] of entries(object)) {
    const field = hasOwn(properties, name) ? properties[name] : additionalProperties;
    if (field && value !== undefined) check(value, field, at(name), faults);
  }
}

function tooMany(path: string, count: number, most: number): FieldError {
  const items = most === 1 ? 'item' : 'items';
  const message = `Too many: ${count}: must have at most ${most} ${items}`;
  return fault(path, 'FieldValueTooMany', message);
}

function invalid(path: string, value: unknown, rule: string): FieldError {
  return fault(
    path,
    'FieldValueInvalid',
    `Invalid value: ${shown(value)}: ${path} in body ${rule}`,
  );
}

function fault(field: string, reason: string, message: string): FieldError {
  return { field, message, reason };
}

function shown(value: unknown): string {
  return JSON.stringify(value);
}
