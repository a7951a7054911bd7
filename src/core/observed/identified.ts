import { type Backend, endpointsOf, membersOf } from './backends.ts';
import { clusterNames } from '../model/cluster-name.ts';
import type { ClusterView } from '../model/cluster-view.ts';
import type { Observed } from './observed.ts';
import { canonicalId } from '../model/target-key.ts';

/** Who gave an answer. */
export interface Server {
  readonly cluster: string;
  /** Name of the pod, else the target; absent: only the cluster is known. */
  readonly name?: string;
}

/** A context of `aws eks update-kubeconfig` is the cluster's ARN, which ends with its name. */
export const namesOfContext = (context: string): readonly string[] => [
  context,
  ...(/^arn:[^:]+:eks:.*:cluster\/(.+)$/.exec(context)?.slice(1) ?? []),
];

/** What people and tags call a cluster. */
export const namesOf = (cluster: ClusterView): readonly string[] => [
  ...namesOfContext(cluster.context),
  ...clusterNames(cluster),
];

/**
 * Tells from what an answer says of itself who gave it. Understood are a cluster's context or
 * name, a pod, a node, an address and a target; several of them narrow it down. Undefined: none of
 * them is known, or they fit more than one cluster (pods of a StatefulSet have the same names
 * everywhere).
 */
export function serverOf(
  observed: Observed,
  arn: string,
  backends: readonly Backend[],
): (marks: readonly string[]) => Server | undefined {
  const known = new Map<string, Server[]>();
  const add = (mark: string | undefined, server: Server): void => {
    if (mark !== undefined) known.set(mark, [...(known.get(mark) ?? []), server]);
  };
  for (const cluster of observed.clusters)
    for (const name of new Set(namesOf(cluster))) add(name, { cluster: cluster.context });
  for (const member of membersOf(observed, arn)) {
    const { context } = member.cluster;
    for (const { pod, node, address } of endpointsOf(member)) {
      const name = pod ?? canonicalId(address);
      if (pod !== undefined) add(pod, { cluster: context, name });
      add(canonicalId(address), { cluster: context, name });
      add(node, { cluster: context });
    }
  }
  for (const { cluster, target, address, pod } of backends) {
    if (cluster === undefined) continue;
    add(target, { cluster, name: pod ?? target });
    add(address, { cluster, name: pod ?? target });
  }
  return (marks) => {
    const groups = marks.flatMap((mark) => {
      const servers = known.get(mark) ?? known.get(canonicalId(mark));
      return servers ? [servers] : [];
    });
    const [first = [], ...rest] = groups;
    const clusters = new Set(
      first
        .map(({ cluster }) => cluster)
        .filter((cluster) => rest.every((group) => group.some((one) => one.cluster === cluster))),
    );
    const [cluster] = clusters;
    if (cluster === undefined || clusters.size > 1) return undefined;
    const names = new Set(
      groups.flat().flatMap((server) => (server.cluster === cluster ? (server.name ?? []) : [])),
    );
    const [name] = names;
    return name === undefined || names.size > 1 ? { cluster } : { cluster, name };
  };
}
