import { type ClusterRef, type Hint, type NlbmcHint, noted } from '../model/hint.ts';
import { type Binding, type ObjectName, serviceOf } from '../model/kubernetes.ts';
import { enableHint, type verifyHint } from '../model/nlbmc-hints.ts';
import type { ClusterView } from '../model/cluster-view.ts';
import type { Problem } from '../model/problem.ts';
import type { Observed } from '../observed/observed.ts';
import { type Enrollment, isOwned, ownedBy, type Owner, type Owning } from '../observed/owner.ts';
import { recordedOwner } from '../observed/recorded.ts';
import { ownerAdvice } from '../model/owner-words.ts';

/**
 * A command that names the cluster of an owner: by its context where it was listed, else by the name
 * that the tags give it. Where they give none, the hint says which context is meant.
 */
export function namingOwner(owner: Owning, make: (cluster: ClusterRef) => NlbmcHint): NlbmcHint {
  const { cluster, clusterName } = owner;
  if (cluster) return make(cluster.context);
  if (clusterName !== undefined) return make({ clusterName });
  const where = 'with the context of the cluster that owns the load balancer for …';
  return { ...make({ any: true }), where };
}

/** The owner may end sharing at any time, and its targets look unclaimed: it has to be looked at. */
export function unlistedOwner(
  observed: Observed,
  owner: Owner,
  retry: typeof verifyHint,
): readonly Problem[] {
  if (!isOwned(owner) || owner.cluster) return [];
  // A document tells of that cluster: what it says is judged in its place.
  if (recordedOwner(observed)) return [];
  const contexts = observed.clusters.map(({ context }) => context);
  const { clusterName } = owner;
  const service = owner.kind === 'service' ? owner.name : observed.service;
  return [
    {
      code: 'owner-unlisted',
      message: `The load balancer is owned by ${ownedBy(owner)}, according to the tags of the target groups. That cluster was not listed, so nlbmc cannot see whether it still shares them.`,
      about: { ...(clusterName === undefined ? {} : { clusterName }), service: owner.name },
      hints: [namingOwner(owner, (cluster) => retry({ service }, [cluster, ...contexts]))],
    },
  ];
}

/**
 * Why sharing is not decided in this cluster: another cluster's Service owns the load balancer.
 * `there` is the command to type in that cluster. Undefined: this one decides, or it is not known.
 */
export function ownedElsewhere(
  cluster: ClusterView,
  { owner }: Enrollment,
  there: (service: ObjectName, context: ClusterRef) => NlbmcHint,
): Problem | undefined {
  if (!isOwned(owner) || owner.cluster === cluster) return undefined;
  return {
    code: 'owner-elsewhere',
    message: `${cluster.context} is a secondary: the load balancer is owned by ${ownedBy(owner)}.`,
    about: { cluster: cluster.context, service: owner.name },
    hints: [
      owner.kind === 'service'
        ? namingOwner(owner, (where) => there(owner.name, where))
        : ownerAdvice(owner.kind),
    ],
  };
}

/** A Gateway or Ingress of this very cluster: its own objects say whether it shares, and nlbmc does not write them. */
export function ownedByOther(cluster: ClusterView, { owner }: Enrollment): Problem | undefined {
  if (owner.kind !== 'gateway' && owner.kind !== 'ingress') return undefined;
  if (owner.cluster !== cluster) return undefined;
  return {
    code: 'owner-not-service',
    message: `The load balancer is owned by ${ownedBy(owner)}. Its controller writes the bindings from objects that nlbmc does not change.`,
    about: { cluster: cluster.context, service: owner.name },
    hints: [ownerAdvice(owner.kind)],
  };
}

/**
 * What makes the controller share a binding that it made: `enable` in its cluster; of a Gateway or
 * Ingress, what has to be written there, which `enable` prints for a Gateway.
 */
export function sharingHints(context: string, binding: Binding): readonly Hint[] {
  const service = serviceOf(binding);
  const { stack } = binding;
  if (!stack || stack.kind === 'service') return [enableHint(service, context)];
  const advice = ownerAdvice(stack.kind);
  if (stack.kind === 'ingress') return [advice];
  const manifest = enableHint(service, context, { output: 'manifest' });
  return [noted(manifest, 'prints the TargetGroupConfiguration to apply'), advice];
}
