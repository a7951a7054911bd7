import { parseArn } from '../model/arn.ts';
import type { ClusterView } from '../model/cluster-view.ts';
import type { Binding } from '../model/kubernetes.ts';

/** Bindings that controllers of the cluster made: a hand-made one is to anybody's target group. */
export const madeBindings = ({ bindings }: ClusterView): readonly Binding[] =>
  (bindings.ok ? bindings.value : []).filter(({ stack }) => stack !== undefined);

/** VPCs in which the controllers of a cluster make load balancers, as far as the cluster tells; empty: unknown. */
export const toldVpcs = (cluster: ClusterView): readonly string[] => {
  const deployments = cluster.controller.ok ? cluster.controller.value.deployments : [];
  return [
    ...new Set([...deployments, ...madeBindings(cluster)].flatMap(({ vpcId }) => vpcId ?? [])),
  ];
};

/** Accounts in which the controllers of a cluster made target groups. */
export const accountsMade = (cluster: ClusterView): readonly string[] => [
  ...new Set(
    madeBindings(cluster).flatMap(({ targetGroupArn }) => parseArn(targetGroupArn)?.account ?? []),
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
