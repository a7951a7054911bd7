import { parseArn } from '../model/arn.ts';
import { nameText } from '../model/kubernetes.ts';
import type { Hint } from '../model/hint.ts';
import type { showHint } from '../model/nlbmc-hints.ts';
import type { Problem } from '../model/problem.ts';
import { listed } from '../model/words.ts';
import { bindingsOf } from './enrollment.ts';
import type { Observed } from './observed.ts';

/** Names of the load balancers that forward to these target groups, as their ARNs have them. */
export const balancerNames = (
  { targetGroups }: Observed,
  arns: readonly string[],
): readonly string[] => [
  ...new Set(
    arns
      .flatMap((arn) => {
        const group = targetGroups[arn];
        return group?.ok ? group.value.loadBalancerArns : [];
      })
      .map((arn) => parseArn(arn)?.name ?? arn),
  ),
];

/**
 * An enrollment is on one load balancer. A Service that is bound behind several, an internal and an
 * internet-facing one, say, has as many enrollments, and which one is meant only a person knows.
 */
export function severalBalancers(
  observed: Observed,
  arns: readonly string[],
  retry: typeof showHint,
): readonly Problem[] {
  const names = balancerNames(observed, arns);
  if (names.length < 2) return [];
  const { service, clusters } = observed;
  const contexts = clusters
    .filter((cluster) => arns.some((arn) => bindingsOf(cluster, arn).length > 0))
    .map(({ context }) => context);
  return [
    {
      code: 'several-load-balancers',
      message: `Service ${nameText(service)} is bound to target groups of ${names.length} load balancers: ${listed(names)}. Name one of them with --load-balancer.`,
      about: { service },
      hints: names.map((name): Hint => retry({ service }, contexts, { 'load-balancer': name })),
    },
  ];
}
