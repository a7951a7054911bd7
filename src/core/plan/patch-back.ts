import type { FieldChange } from './handover-step.ts';

/** A merge patch, as it is put together. */
interface Patch {
  [field: string]: unknown;
}

/**
 * The merge patch (RFC 7396) that sets fields to what they were. A path names a field of `spec` or
 * `status`, `metadata.finalizers`, a label (`metadata.labels.KEY`) or, by its key alone, an annotation.
 * Finalizers stay as they are: only the controller whose finalizer it is may hold an object. Undefined:
 * nothing else changed.
 */
export function patchBack(changes: readonly FieldChange[]): Patch | undefined {
  const patch: Patch = {};
  for (const { path, before } of changes) {
    const steps = stepsOf(path);
    if (steps) put(patch, steps, before ?? null);
  }
  return Object.keys(patch).length === 0 ? undefined : patch;
}

function stepsOf(path: string): readonly string[] | undefined {
  if (path === 'metadata.finalizers') return undefined;
  const [, field, key] = /^metadata\.(labels|annotations)\.(.+)$/.exec(path) ?? [];
  if (field !== undefined && key !== undefined) return ['metadata', field, key];
  return /^(?:spec|status)\./.test(path) ? path.split('.') : ['metadata', 'annotations', path];
}

function put(patch: Patch, [field = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) {
    patch[field] = value;
    return;
  }
  const inner = (patch[field] ??= {}) as Patch;
  put(inner, rest, value);
}
