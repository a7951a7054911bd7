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

/**
 * Managers that own the field at that path. The last step of the path is a field without a value in
 * `fieldsV1`: an empty object.
 */
export function ownersOf(
  metadata: Json,
  ...path: readonly [string, ...string[]]
): readonly string[] {
  const [last = '', ...parents] = path.toReversed();
  const owning = objectsAt(metadata, 'managedFields').filter(
    (entry) => last in objectAt(entry, 'fieldsV1', ...parents.toReversed()),
  );
  return [...new Set(owning.flatMap((entry) => textAt(entry, 'manager') ?? []))];
}
