import { type Hint, kubectlHint, noted } from '../model/hint.ts';
import { type AppDeployment, nameText } from '../model/kubernetes.ts';
import type { ClusterView } from '../model/cluster-view.ts';
import { selects } from '../model/label-selector.ts';
import { valueOf } from '../model/problem.ts';

/**
 * The Deployments behind the Service of a cluster: those whose pods its selector selects, which is
 * what makes a pod an endpoint (kubernetes, pkg/controller/endpointslice). Going by the owners of
 * the pods would take two more round trips, and miss one that has no pod yet.
 */
export function deploymentsBehind(
  { service }: ClusterView,
  all: readonly AppDeployment[],
): readonly AppDeployment[] {
  const selector = valueOf(service)?.selector ?? {};
  // A Service without a selector has endpoints that somebody writes: it selects no pod.
  if (Object.keys(selector).length === 0) return [];
  return all.filter(({ podLabels }) => selects({ matchLabels: selector }, podLabels));
}

/** Why a Service without an endpoint has none, and what leads on, where its Deployment has 0 replicas. */
export function scaledToZero(
  cluster: ClusterView,
): { readonly why: string; readonly hints: readonly Hint[] } | undefined {
  const all = (cluster.deployments && valueOf(cluster.deployments)) ?? [];
  const behind = deploymentsBehind(cluster, all);
  const [first] = behind;
  if (!first || behind.some(({ replicas }) => replicas > 0)) return undefined;
  const { namespace, name } = first;
  return {
    why: `Deployment ${nameText(first)} has 0 replicas`,
    hints: [
      noted(
        kubectlHint(
          { context: cluster.context, namespace },
          'scale',
          `deployment/${name}`,
          '--replicas=1',
        ),
        'or as many as it needs',
      ),
    ],
  };
}
