import type { Format } from './formats.ts';
import { labelValue, qualifiedName } from './formats.ts';
import type { FieldError } from './status-error.ts';

/** A value that breaks a rule, as `Invalid value: "x": why`. */
export function badValue(field: string, value: unknown, why: string): FieldError {
  const message = `Invalid value: ${JSON.stringify(value ?? null)}: ${why}`;
  return { field, message, reason: 'FieldValueInvalid' };
}

/** A field that must be there and is not. */
export function required(field: string, why = ''): FieldError {
  return { field, message: `Required value${why && `: ${why}`}`, reason: 'FieldValueRequired' };
}

/** A change or value that is never allowed. */
export function notAllowed(field: string, why: string): FieldError {
  return { field, message: `Forbidden: ${why}`, reason: 'FieldValueForbidden' };
}

/** A value outside an enumeration; `supported` in the order in which the server names it. */
export function unsupported(
  field: string,
  value: unknown,
  supported: readonly string[],
): FieldError {
  const list = supported.map((item) => `"${item}"`).join(', ');
  const message = `Unsupported value: ${JSON.stringify(value)}: supported values: ${list}`;
  return { field, message, reason: 'FieldValueNotSupported' };
}

export function duplicate(field: string, value: unknown): FieldError {
  const message = `Duplicate value: ${JSON.stringify(value)}`;
  return { field, message, reason: 'FieldValueDuplicate' };
}

/** What a format finds wrong with a text. */
export function badFormat(field: string, value: string, format: Format): FieldError[] {
  return format(value).map((why) => badValue(field, value, why));
}

/** Faults of a map of labels. Source: apimachinery pkg/apis/meta/v1/validation/validation.go. */
export function labelFaults(
  field: string,
  labels: Readonly<Record<string, unknown>> | undefined,
): FieldError[] {
  return Object.entries(labels ?? {}).flatMap(([key, value]) => [
    ...badFormat(field, key, qualifiedName),
    ...badFormat(field, String(value), labelValue),
  ]);
}
