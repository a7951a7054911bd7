import { parseArn } from '../model/arn.ts';
import type { ClusterView } from '../model/cluster-view.ts';

/** Accounts in which the controllers of a cluster made target groups: a hand-made binding is to anybody's group. */
export const accountsMade = ({ bindings }: ClusterView): readonly string[] => [
  ...new Set(
    (bindings.ok ? bindings.value : [])
      .filter(({ stack }) => stack !== undefined)
      .flatMap(({ targetGroupArn }) => parseArn(targetGroupArn)?.account ?? []),
  ),
];

/** The account in the ARN of an EKS cluster, which `aws eks update-kubeconfig` makes the context's name. */
const accountInName = (context: string): readonly string[] =>
  /^arn:[^:]+:eks:[^:]*:(\d{12}):cluster\//.exec(context)?.slice(1) ?? [];

/** The accounts that a cluster is in, as far as its target groups or its context tell; empty: unknown. */
export function accountsOf(cluster: ClusterView): readonly string[] {
  const made = accountsMade(cluster);
  return made.length > 0 ? made : accountInName(cluster.context);
}
