import type { ClusterView } from './cluster-view.ts';

/** What the controllers of a cluster call it (`--cluster-name`); none where that is unknown. */
export const clusterNames = (cluster: ClusterView): readonly string[] =>
  cluster.controller.ok
    ? [
        ...new Set(
          cluster.controller.value.deployments
            .map(({ clusterName }) => clusterName)
            .filter((name) => name !== undefined),
        ),
      ]
    : [];

/** The VPC that the controllers of a cluster name (`--aws-vpc-id`); undefined: none, or several. */
export function clusterVpc({ controller }: ClusterView): string | undefined {
  const deployments = controller.ok ? controller.value.deployments : [];
  const ids = new Set(deployments.flatMap(({ vpcId }) => vpcId ?? []));
  const [id] = ids;
  return ids.size === 1 ? id : undefined;
}
