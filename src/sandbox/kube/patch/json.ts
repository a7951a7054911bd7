import { copyOf, sameJson } from '../object.ts';
import { badRequest, tooLarge, unprocessable } from '../status-error.ts';

/** As kube-apiserver has it, against patches that would keep it busy (handlers/patch.go). */
const MAX_OPERATIONS = 10_000;

interface Operation {
  readonly op?: string;
  readonly path?: string;
  readonly from?: string;
  readonly value?: unknown;
}

type Holder = Record<string, unknown> | unknown[];

/**
 * JSON patch as upstream's library takes it, all or nothing: it replaces a field that is not there,
 * counts list items from the end with negative numbers, and adds null where there is no value. 400 for what is no list of
 * operations, 413 for too many, and 422 when an operation does not fit the object: with the server's one sentence for
 * it, which says no more (apimachinery pkg/api/errors/errors.go, NewGenericServerResponse).
 * Source: evanphx/json-patch v4, patch.go.
 */
export function jsonPatch<T>(target: T, operations: unknown): T {
  if (!Array.isArray(operations)) {
    const found = operations === null ? 'null' : typeof operations;
    throw badRequest(`json: cannot unmarshal ${found} into Go value of type jsonpatch.Patch`);
  }
  if (operations.length > MAX_OPERATIONS) {
    throw tooLarge(
      `The allowed maximum operations in a JSON patch is ${MAX_OPERATIONS}, got ${operations.length}`,
    );
  }
  let patched: unknown = copyOf(target);
  for (const operation of operations as unknown[]) {
    if (typeof operation !== 'object' || operation === null) throw rejected();
    patched = applied(patched, operation);
  }
  return patched as T;
}

function applied(root: unknown, { op, path, from, value = null }: Operation): unknown {
  if (typeof path !== 'string') throw rejected();
  if (op === 'replace' && path === '') {
    if (typeof value !== 'object' || value === null) throw rejected();
    return copyOf(value);
  }
  if (op === 'test' && path === '') {
    if (!sameJson(root, value)) throw rejected();
    return root;
  }
  switch (op) {
    case 'add':
      add(root, path, copyOf(value));
      return root;
    case 'remove':
      take(root, path);
      return root;
    case 'replace': {
      const { holder, key } = find(root, path);
      if (Array.isArray(holder)) holder[indexIn(holder, key)] = copyOf(value);
      else holder[key] = copyOf(value);
      return root;
    }
    case 'test':
      if (!sameJson(read(root, path) ?? null, value)) throw rejected();
      return root;
    case 'move':
    case 'copy': {
      if (typeof from !== 'string') throw rejected();
      const moved = read(root, from);
      if (op === 'move') take(root, from);
      add(root, path, copyOf(moved ?? null));
      return root;
    }
    case undefined:
    default:
      throw rejected();
  }
}

/** The map or list that holds the last part of a path. */
function find(root: unknown, path: string): { holder: Holder; key: string } {
  const parts = path
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  const key = parts.pop();
  if (key === undefined || !path.startsWith('/')) throw rejected();
  let holder = root;
  for (const part of parts)
    holder = Array.isArray(holder)
      ? holder[indexIn(holder, part)]
      : (holder as Record<string, unknown> | undefined)?.[part];
  if (typeof holder !== 'object' || holder === null) throw rejected();
  return { holder: holder as Holder, key };
}

/** A place in a list that is there; negative ones count from the end. */
function indexIn(list: readonly unknown[], key: string, size = list.length): number {
  if (!/^[+-]?\d+$/.test(key)) throw rejected();
  const given = Number(key);
  const index = given < 0 ? given + size : given;
  if (index < 0 || index >= size) throw rejected();
  return index;
}

function read(root: unknown, path: string): unknown {
  const { holder, key } = find(root, path);
  return Array.isArray(holder) ? holder[indexIn(holder, key)] : holder[key];
}

function add(root: unknown, path: string, value: unknown): void {
  const { holder, key } = find(root, path);
  if (!Array.isArray(holder)) holder[key] = value;
  else if (key === '-') holder.push(value);
  else holder.splice(indexIn(holder, key, holder.length + 1), 0, value);
}

function take(root: unknown, path: string): void {
  const { holder, key } = find(root, path);
  if (Array.isArray(holder)) holder.splice(indexIn(holder, key), 1);
  else if (key in holder) delete holder[key];
  else throw rejected();
}

function rejected() {
  return unprocessable('the server rejected our request due to an error in our request');
}
