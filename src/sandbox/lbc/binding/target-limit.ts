import type { Endpoint } from '../process/endpoint.ts';
import { GoPanic } from '../process/errors.ts';
import { atLeast } from '../process/version.ts';

/**
 * The new endpoints that `--max-targets-per-target-group` leaves (v2.14.1,
 * pkg/targetgroupbinding/resource_manager.go, getMaxNewTargets). It counts foreign and draining
 * targets too. Beyond the limit already, upstream slices to a negative length and panics: inferred
 * from the code, not seen.
 */
export function withinLimit(
  settings: {
    readonly version: string;
    readonly flags: { readonly maxTargetsPerTargetGroup: number };
  },
  endpoints: readonly Endpoint[],
  present: number,
): readonly Endpoint[] {
  const limit = settings.flags.maxTargetsPerTargetGroup;
  if (limit <= 0 || !atLeast(settings.version, '2.14.1')) return endpoints;
  if (endpoints.length + present <= limit) return endpoints;
  if (present > limit) throw new GoPanic(`slice bounds out of range [:${limit - present}]`);
  return endpoints.slice(0, limit - present);
}
