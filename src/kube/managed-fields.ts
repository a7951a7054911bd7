import type { LastWrite } from '../core/model/kubernetes.ts';
import { type Json, objectAt, objectsAt, textAt } from './json.ts';

/** Managers that apply server-side: each has a source that it will send again. */
export const appliersOf = (metadata: Json): readonly string[] => [
  ...new Set(
    objectsAt(metadata, 'managedFields')
      .filter((entry) => textAt(entry, 'operation') === 'Apply')
      .flatMap((entry) => textAt(entry, 'manager') ?? []),
  ),
];

/** Keys of the labels or annotations that this manager applies server-side. */
export function appliedKeys(
  metadata: Json,
  manager: string,
  field: 'labels' | 'annotations',
): readonly string[] {
  return objectsAt(metadata, 'managedFields')
    .filter(
      (entry) => textAt(entry, 'operation') === 'Apply' && textAt(entry, 'manager') === manager,
    )
    .flatMap((entry) => Object.keys(objectAt(entry, 'fieldsV1', 'f:metadata', `f:${field}`)))
    .flatMap((key) => (key.startsWith('f:') ? [key.slice(2)] : []));
}

type Path = readonly [string, ...string[]];

/** Entries of the managers that own the field at that path: in `fieldsV1`, its last step is an empty object. */
function owning(metadata: Json, path: Path): readonly Json[] {
  const [last = '', ...parents] = path.toReversed();
  return objectsAt(metadata, 'managedFields').filter(
    (entry) => last in objectAt(entry, 'fieldsV1', ...parents.toReversed()),
  );
}

/** Managers that own the field at that path. */
export const ownersOf = (metadata: Json, ...path: Path): readonly string[] => [
  ...new Set(owning(metadata, path).flatMap((entry) => textAt(entry, 'manager') ?? [])),
];

/**
 * Who wrote the field at that path, and when at the latest: an entry's time moves with any field of its
 * manager (kubernetes, apimachinery pkg/apis/meta/v1/types.go, ManagedFieldsEntry). Of several owners
 * the earliest: the later ones wrote the same value. Undefined where the time of any owner is unknown.
 */
export function writeOf(metadata: Json, ...path: Path): LastWrite | undefined {
  const writes = owning(metadata, path).map((entry) => ({
    manager: textAt(entry, 'manager') ?? '',
    ms: Date.parse(textAt(entry, 'time') ?? ''),
  }));
  if (writes.some(({ manager, ms }) => manager === '' || Number.isNaN(ms))) return undefined;
  const [first] = writes.toSorted((a, b) => a.ms - b.ms);
  return first && { manager: first.manager, at: new Date(first.ms).toISOString() };
}
