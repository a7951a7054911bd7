import { kubectl } from '../model/commands.ts';
import type { ClusterView } from '../model/kubernetes.ts';
import type { Observed } from './observed.ts';
import type { Problem, Reading } from '../model/problem.ts';

/** Bindings that may be listed in one namespace only: one elsewhere would not be seen. */
export const narrowSight = ({ bindings, bindingsScope, context, localService }: ClusterView) =>
  bindings.ok && bindingsScope === 'namespace'
    ? [
        {
          code: 'api-forbidden' as const,
          message: `Bindings of ${context} may be listed in namespace ${localService.namespace} only: one elsewhere on the same target group would not be seen.`,
          hint: kubectl({ context }, 'auth', 'can-i', 'list', 'targetgroupbindings', '-A'),
          cluster: context,
        },
      ]
    : [];

/**
 * Everything that was asked for and could not be read, but for what `told` speaks of already. None
 * of it was needed, or it would be there; shown, it says what the answer was given without.
 */
export function overlooked(observed: Observed, told: readonly Problem[]): readonly Problem[] {
  const { clusters, loadBalancer, owners, targetGroups } = observed;
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
      // Without target groups there is no load balancer to read, and that is told already.
      ...(Object.keys(targetGroups).length > 0 ? [loadBalancer] : []),
      ...(loadBalancer.ok ? [loadBalancer.value.attributes] : []),
      ...Object.values(owners),
    ].map((reading: Reading<unknown>) => [reading] as const),
  ];
  // A cluster that did not answer did not answer anything: that is told once.
  const silent = new Set(
    told.flatMap(({ code, cluster }) => (code === 'api-unreachable' && cluster ? cluster : [])),
  );
  const text = told.map(({ message }) => message).join('\n');
  const found = readings.flatMap(([reading, cluster]) =>
    reading.ok ||
    text.includes(reading.problem.message) ||
    (reading.problem.code === 'api-unreachable' && silent.has(cluster ?? ''))
      ? []
      : [{ ...(cluster === undefined ? {} : { cluster }), ...reading.problem }],
  );
  return [
    ...new Map(
      [...found, ...clusters.flatMap(narrowSight)].map((problem) => [
        `${problem.cluster} ${problem.message}`,
        problem,
      ]),
    ).values(),
  ];
}
