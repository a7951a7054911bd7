/** A JSON object as the server gave it: every field may be missing or of another type. */
export type Json = { readonly [field: string]: unknown };

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value where it is an object, or an empty one. */
export const asObject = (value: unknown): Json => (isObject(value) ? value : {});

/** The object at `path`, or an empty one: an absent branch has no fields. */
export function objectAt(root: unknown, ...path: readonly string[]): Json {
  let at: unknown = root;
  for (const field of path) at = isObject(at) ? at[field] : undefined;
  return asObject(at);
}

/** The list `field`, or an empty one. */
export function listAt(root: Json, field: string): readonly unknown[] {
  const list = root[field];
  return Array.isArray(list) ? list : [];
}

/** The objects in the list `field`; anything else in it is left out. */
export const objectsAt = (root: Json, field: string): readonly Json[] =>
  listAt(root, field).filter(isObject);

export function textAt(root: Json, field: string): string | undefined {
  const value = root[field];
  return typeof value === 'string' ? value : undefined;
}

export function numberAt(root: Json, field: string): number | undefined {
  const value = root[field];
  return typeof value === 'number' ? value : undefined;
}

/** The strings in the list `field`. */
export const textsAt = (root: Json, field: string): readonly string[] =>
  listAt(root, field).filter((item) => typeof item === 'string');

/** The string values of the object `field`: labels, annotations, data of a ConfigMap. */
export function textMapAt(root: Json, field: string): Readonly<Record<string, string>> {
  const entries = Object.entries(objectAt(root, field));
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** Parses a JSON object; undefined when the text is anything else. */
export function parseObject(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Drops the fields that are undefined: what exactOptionalPropertyTypes asks of optional ones. */
export function defined<T extends object>(fields: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const found: Partial<T> = {};
  // Once for each endpoint: no lists of entries in between.
  for (const name of Object.keys(fields) as (keyof T)[])
    if (fields[name] !== undefined) found[name] = fields[name];
  return found as { [K in keyof T]: Exclude<T[K], undefined> };
}
