import { copyOf, sameJson } from '../object.ts';
import { isObject, type Json } from './strategic-list.ts';

/** JSON merge patch, RFC 7386: null removes, objects merge, everything else replaces. */
export function mergePatch<T>(target: T, patch: unknown): T {
  return merged(target, patch) as T;
}

function merged(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return copyOf(patch);
  const result: Json = isObject(target) ? copyOf(target) : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = merged(result[key], value);
  }
  return result;
}

/** The merge patch (RFC 7386) that turns `from` into `to`; undefined when nothing differs. */
export function patchBetween(from: unknown, to: unknown): unknown {
  if (sameJson(from, to)) return undefined;
  if (!isObject(from) || !isObject(to)) return to;
  const patch: Json = {};
  for (const key of new Set([...Object.keys(from), ...Object.keys(to)])) {
    if (to[key] === undefined) {
      if (from[key] !== undefined) patch[key] = null;
      continue;
    }
    const part = patchBetween(from[key], to[key]);
    if (part !== undefined) patch[key] = part;
  }
  return patch;
}
