import { bindingsOf } from './enrollment.ts';
import type { ClusterView } from './kubernetes.ts';

/**
 * How long a controller goes by one list of a target group's targets
 * (`pkg/targetgroupbinding/targets_manager.go`: five minutes, in which those last seen healthy are
 * taken for registered without asking AWS), and some seconds for clocks that differ.
 */
const keptMs = 5 * 60_000 + 15_000;

/**
 * Until when, in ms since 1970, a look in full of the cluster's controller may go by a list that is
 * older than `now`: it would then register nothing, and count that as done. A list is made by a look
 * in full, and such a look ends with a new checkpoint; while one has not ended, its list may be new.
 * Undefined: the next look lists anew.
 */
export function listKeptUntil(cluster: ClusterView, arn: string, now: number): number | undefined {
  const looked = bindingsOf(cluster, arn).map(({ checkpoint, checkpointAt }) =>
    checkpoint === undefined || checkpoint === '' ? now : (checkpointAt ?? now),
  );
  const until = Math.max(...looked, 0) + keptMs;
  return until > now ? Math.min(until, now + keptMs) : undefined;
}
