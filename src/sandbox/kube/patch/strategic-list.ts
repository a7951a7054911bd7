export type Json = Record<string, unknown>;

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * `merged` with the items that `wanted` names in its order, and the others where `before` had them
 * relative to those.
 */
export function inOrder(
  merged: readonly unknown[],
  wanted: readonly unknown[],
  before: readonly unknown[],
  mergeKey: string | undefined,
): unknown[] {
  const key = (item: unknown) => (mergeKey && isObject(item) ? item[mergeKey] : item);
  const asked = wanted.map(key);
  const had = before.map(key);
  const mine = merged
    .filter((item) => asked.includes(key(item)))
    .sort((a, b) => asked.indexOf(key(a)) - asked.indexOf(key(b)));
  const others = merged
    .filter((item) => !asked.includes(key(item)))
    .sort((a, b) => had.indexOf(key(a)) - had.indexOf(key(b)));
  const result: unknown[] = [];
  while (mine.length > 0 || others.length > 0) {
    const here = had.indexOf(key(others[0]));
    const there = had.indexOf(key(mine[0]));
    const first =
      mine.length === 0 || (others.length > 0 && there >= 0 && here >= 0 && here < there);
    result.push(first ? others.shift() : mine.shift());
  }
  return result;
}

/** A value that is new to the object: its directives have nothing to work on. Undefined: it is one itself. */
export function withoutDirectives(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(withoutDirectives).filter((item) => item !== undefined);
  }
  if (!isObject(value)) return value;
  if ('$patch' in value) return undefined;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !/^\$(deleteFromPrimitiveList\/|setElementOrder\/|retainKeys$)/.test(key))
      .map(([key, part]) => [key, withoutDirectives(part)])
      .filter(([, part]) => part !== undefined),
  );
}

/** Null means removal; in what is new there is nothing to remove. */
export function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, part]) => part !== null)
      .map(([key, part]) => [key, withoutNulls(part)]),
  );
}
