import type { Backend } from '../observed/backends.ts';
import type { Expectation } from './expected-shares.ts';
import { serverOf } from '../observed/identified.ts';
import type { Observed } from '../observed/observed.ts';
import {
  type Attempt,
  type ClusterShare,
  type Identify,
  type LoggedPod,
  type TargetShare,
} from '../plan/traffic.ts';

/** Answers by who gave them. */
export interface Shares {
  readonly clusters: readonly ClusterShare[];
  /** By what the answers said (`''`: nothing). */
  readonly unidentified: Readonly<Record<string, number>>;
}

/** A share of the whole in percent, to a tenth. */
export const percentOf = (part: number, whole: number): number =>
  whole === 0 ? 0 : Math.round((part / whole) * 1000) / 10;

/** Marks of each answer; what a pod has in its log bears the marks of pod and cluster. */
function marksById(
  answered: readonly Attempt[],
  identify: Identify,
  logs: readonly LoggedPod[],
): ReadonlyMap<number, readonly string[]> {
  const marks = new Map<number, readonly string[]>();
  if (identify.kind === 'logs') {
    for (const { cluster, pod, ids } of logs) for (const id of ids) marks.set(id, [cluster, pod]);
    return marks;
  }
  for (const { id, result } of answered)
    if (result.kind === 'answered' && result.marks) marks.set(id, result.marks);
  return marks;
}

/** Counts the answers of a port by cluster and target, every listed cluster included. */
export function sharesOf(
  observed: Observed,
  arn: string,
  backends: readonly Backend[],
  expectation: Expectation,
  o: {
    readonly answered: readonly Attempt[];
    readonly identify: Identify;
    readonly logs: readonly LoggedPod[];
  },
): Shares {
  const serverFor = serverOf(observed, arn, backends);
  const marks = marksById(o.answered, o.identify, o.logs);
  const counts = new Map<string, Map<string, number>>();
  const unidentified: Record<string, number> = {};
  for (const { id } of o.answered) {
    const own = marks.get(id);
    const server = own && serverFor(own);
    if (!server) {
      const said = own?.join(' ') ?? '';
      unidentified[said] = (unidentified[said] ?? 0) + 1;
      continue;
    }
    const names = counts.get(server.cluster) ?? new Map<string, number>();
    names.set(server.name ?? '', (names.get(server.name ?? '') ?? 0) + 1);
    counts.set(server.cluster, names);
  }
  const sumOf = (context: string): number =>
    [...(counts.get(context)?.values() ?? [])].reduce((sum, n) => sum + n, 0);
  return {
    unidentified,
    clusters: observed.clusters.map(({ context }) => {
      const own = backends.filter(({ cluster }) => cluster === context);
      const expected = own.reduce(
        (sum, { target }) => sum + (expectation.shares?.get(target) ?? 0),
        0,
      );
      return {
        cluster: context,
        healthy: own.filter(({ healthy }) => healthy).length,
        connections: sumOf(context),
        percent: percentOf(sumOf(context), o.answered.length),
        expectedPercent: expectation.shares ? percentOf(expected, 1) : null,
        targets: targetsOf(own, counts.get(context)),
      };
    }),
  };
}

/**
 * Each target of a cluster with what it answered. Those that answered nothing are listed only
 * where the answers name targets at all, else all of them would seem to be silent.
 */
function targetsOf(
  own: readonly Backend[],
  counts: ReadonlyMap<string, number> | undefined,
): readonly TargetShare[] {
  const named = [...(counts ?? [])].filter(([name]) => name !== '');
  if (counts && named.length === 0) return [];
  const names = new Set([
    ...own.filter(({ healthy }) => healthy).map(({ pod, target }) => pod ?? target),
    ...named.map(([name]) => name),
  ]);
  return [...names].map((name) => ({ name, connections: counts?.get(name) ?? 0 })).toSorted(byName);
}

const byName = (a: TargetShare, b: TargetShare): number => (a.name < b.name ? -1 : 1);
