import { LISTED } from '../state/limits.ts';
import { markerPage } from '../state/pages.ts';
import type { State } from '../state/state.ts';

/** ELBv2 DescribeAccountLimits. */
export function describeAccountLimits(
  state: State,
  params: { readonly Marker?: string; readonly PageSize?: number },
): object {
  const limits = (Object.keys(LISTED) as (keyof typeof LISTED)[]).map((Name) => ({
    Name,
    Max: String(state.limits[Name]),
  }));
  const { page, ...next } = markerPage(state, limits, params);
  return { Limits: page, ...next };
}
