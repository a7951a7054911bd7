import { narrowlySeen } from './narrow-sight.ts';
import type { Observed } from './observed.ts';
import { eachOnce, problemKey } from '../model/problem-key.ts';
import type { Problem, Reading } from '../model/problem.ts';

/** Tags that could not be read: mostly a right that is missing for all of them, which is told once. */
function unreadTags({ loadBalancer, targetGroups }: Observed): readonly Reading<unknown>[] {
  const all = [...Object.values(targetGroups), loadBalancer].flatMap((one) =>
    one.ok && one.value.tags ? [one.value.tags] : [],
  );
  return all.filter(({ ok }) => !ok).slice(0, 1);
}

/** Each port has a finding of its own where no listener forwards. */
const isTold = (balancer: Reading<unknown>, told: readonly Problem[]): boolean =>
  !balancer.ok &&
  balancer.problem.code === 'listener-missing' &&
  told.some(({ code }) => code === 'listener-missing');

const clusterOf = ({ about }: Problem): string | undefined => about?.cluster;

/**
 * Everything that was read for and could not be, but for what `told` has already. None of it was
 * needed, or it would be there; shown, it says what the answer was given without.
 */
export function overlooked(observed: Observed, told: readonly Problem[]): readonly Problem[] {
  const { clusters, loadBalancer, addressEvidence, targetGroups, path, use } = observed;
  const readings: readonly (readonly [Reading<unknown>, string?])[] = [
    ...clusters.flatMap((cluster) =>
      [
        cluster.identity,
        cluster.service,
        cluster.bindings,
        cluster.controller,
        cluster.crdMultiCluster,
        ...(cluster.nodes ? [cluster.nodes] : []),
        ...(cluster.workloads ? [cluster.workloads.pods] : []),
        ...Object.values(cluster.services),
        ...Object.values(cluster.endpoints),
        ...Object.values(cluster.tracked),
        ...Object.values(cluster.events ?? {}),
        ...(cluster.podWords ? [cluster.podWords] : []),
        ...(cluster.deployments ? [cluster.deployments] : []),
      ].map((reading: Reading<unknown>) => [reading, cluster.context] as const),
    ),
    ...[
      // Without target groups there is no load balancer to read, and that is told already; so is that
      // none uses them.
      ...(Object.keys(targetGroups).length > 0 && !isTold(loadBalancer, told)
        ? [loadBalancer]
        : []),
      ...(loadBalancer.ok ? [loadBalancer.value.attributes] : []),
      ...(loadBalancer.ok && loadBalancer.value.listeners ? [loadBalancer.value.listeners] : []),
      ...unreadTags(observed),
      ...Object.values(addressEvidence),
      ...(path ? [path.interfaces, path.balancerGroups, path.balancerRanges] : []),
      ...(path?.between ? [path.between.peerings, ...Object.values(path.between.vpcs)] : []),
      ...(use ? [use.limits, use.others] : []),
    ].map((reading: Reading<unknown>) => [reading] as const),
  ];
  // A cluster that did not answer did not answer anything: that is told once.
  const silent = new Set(
    told.flatMap((one) => (one.code === 'api-unreachable' ? (clusterOf(one) ?? []) : [])),
  );
  const keys = new Set(told.map(problemKey));
  const found = readings.flatMap(([reading, cluster]): readonly Problem[] => {
    if (reading.ok || keys.has(problemKey(reading.problem))) return [];
    const { problem } = reading;
    const where = cluster ?? clusterOf(problem);
    if (problem.code === 'api-unreachable' && silent.has(where ?? '')) return [];
    return [
      where === undefined ? problem : { ...problem, about: { ...problem.about, cluster: where } },
    ];
  });
  return eachOnce([...found, ...narrowlySeen(observed)]).filter(
    (problem) => !keys.has(problemKey(problem)),
  );
}
