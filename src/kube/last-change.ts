import { type Json, objectAt, objectsAt, textAt } from './json.ts';

/**
 * When anybody changed anything in an object last, in ms since 1970; undefined where the server does
 * not say. The time of an entry of managedFields moves when its manager adds, removes or changes a
 * field (kubernetes, apimachinery pkg/apis/meta/v1/types.go, ManagedFieldsEntry). The annotation
 * `endpoints.kubernetes.io/last-change-trigger-time` of a slice does not serve: it is cleared by the
 * next change that no pod triggered.
 */
export function lastChange(object: Json): number | undefined {
  const times = objectsAt(objectAt(object, 'metadata'), 'managedFields')
    .map((entry) => Date.parse(textAt(entry, 'time') ?? ''))
    .filter((time) => !Number.isNaN(time));
  return times.length === 0 ? undefined : Math.max(...times);
}
