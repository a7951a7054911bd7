import type { ClusterView } from './kubernetes.ts';

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
