import { applyPatch } from 'rfc6902';
import type { Operation } from 'rfc6902';
import { badRequest, tooLarge, unprocessable } from '../status-error.ts';

/** As kube-apiserver has it, against patches that would keep it busy (handlers/patch.go). */
const MAX_OPERATIONS = 10_000;

/**
 * JSON patch, RFC 6902, all or nothing. 400 for what is no list of operations, 413 for too many,
 * and 422 when an operation does not fit the object: with the server's one sentence for it, which
 * says no more (apimachinery pkg/api/errors/errors.go, NewGenericServerResponse).
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
  // Not structuredClone: the library knows a list by its constructor, and would take one from
  // another realm (as under a test runner) for an object.
  const patched = JSON.parse(JSON.stringify(target)) as T;
  for (const operation of JSON.parse(JSON.stringify(operations)) as unknown[]) {
    if (!isOperation(operation)) throw rejected();
    // One by one: the library would go on after an operation that failed.
    if (applyPatch(patched, [operation]).some((error) => error !== null)) throw rejected();
  }
  return patched;
}

function isOperation(value: unknown): value is Operation {
  if (typeof value !== 'object' || value === null) return false;
  const { op, path, from } = value as Record<string, unknown>;
  if (typeof path !== 'string' || (path !== '' && !path.startsWith('/'))) return false;
  if (op === 'move' || op === 'copy') return typeof from === 'string' && from.startsWith('/');
  return 'value' in value || op === 'remove';
}

function rejected() {
  return unprocessable('the server rejected our request due to an error in our request');
}
