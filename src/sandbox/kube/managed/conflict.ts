import { StatusError } from '../status-error.ts';
import type { FieldError } from '../status-error.ts';
import { pathText, pathsOf } from './field-set.ts';
import type { FieldSet } from './field-set.ts';
import type { Manager, Managers } from './managers.ts';

/**
 * 409 for an apply that would take fields from others. Words and causes: apimachinery
 * pkg/util/managedfields/internal/conflict.go.
 */
export function applyConflict(
  found: ReadonlyMap<string, FieldSet>,
  managers: Managers,
): StatusError {
  const causes: FieldError[] = [];
  const told: string[] = [];
  for (const id of [...found.keys()].sort()) {
    const fields = found.get(id);
    const manager = managers.get(id);
    if (!fields || !manager) continue;
    const who = described(manager);
    const paths = pathsOf(fields).map(pathText);
    told.push(`conflicts with ${who}:`, ...paths.map((path) => `- ${path}`));
    for (const field of paths) {
      causes.push({ reason: 'FieldManagerConflict', message: `conflict with ${who}`, field });
    }
  }
  const [only] = causes;
  const message =
    causes.length === 1 && only
      ? `Apply failed with 1 conflict: ${only.message}: ${only.field}`
      : `Apply failed with ${causes.length} conflicts: ${told.join('\n')}`;
  return new StatusError({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    reason: 'Conflict',
    details: { causes },
    code: 409,
  });
}

function described({ manager, operation, apiVersion, subresource }: Manager): string {
  const who = JSON.stringify(manager) + (subresource ? ` with subresource "${subresource}"` : '');
  return operation === 'Update' ? `${who} using ${apiVersion}` : who;
}
