import type { Observed } from './observed.ts';
import type { Problem, Reading } from './problem.ts';

/**
 * Everything that was asked for and could not be read, but for what `told` speaks of already. None
 * of it was needed, or it would be there; shown, it says what the answer was given without.
 */
export function overlooked(observed: Observed, told: readonly Problem[]): readonly Problem[] {
  const { clusters, loadBalancer, owners } = observed;
  const readings: readonly (readonly [Reading<unknown>, string?])[] = [
    ...clusters.flatMap((cluster) =>
      [
        cluster.identity,
        cluster.service,
        cluster.bindings,
        cluster.controller,
        cluster.crdMultiCluster,
        ...(cluster.nodes ? [cluster.nodes] : []),
        ...Object.values(cluster.services),
        ...Object.values(cluster.endpoints),
        ...Object.values(cluster.tracked),
      ].map((reading: Reading<unknown>) => [reading, cluster.context] as const),
    ),
    ...[
      loadBalancer,
      ...(loadBalancer.ok ? [loadBalancer.value.attributes] : []),
      ...Object.values(owners),
    ].map((reading: Reading<unknown>) => [reading] as const),
  ];
  const text = told.map(({ message }) => message).join('\n');
  const found = readings.flatMap(([reading, cluster]) =>
    reading.ok || text.includes(reading.problem.message)
      ? []
      : [{ ...(cluster === undefined ? {} : { cluster }), ...reading.problem }],
  );
  return [
    ...new Map(found.map((problem) => [`${problem.cluster} ${problem.message}`, problem])).values(),
  ];
}
