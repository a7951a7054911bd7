import type { ClusterRef, NlbmcHint } from '../model/hint.ts';
import { serviceOf } from '../model/kubernetes.ts';
import { joinHint } from '../model/nlbmc-hints.ts';
import type { Member } from '../observed/member.ts';
import { type Enrollment, isOwned } from '../observed/owner.ts';
import type { PortCase } from '../observed/port-case.ts';

/**
 * The cluster to name with --primary for a join of that one: the owner's, also where it was not
 * listed, or else another cluster whose bindings name the target groups.
 */
export function enrolledBeside({ owner, source }: Enrollment, context: string): ClusterRef {
  if (isOwned(owner)) {
    if (owner.cluster) return owner.cluster.context;
    if (owner.clusterName !== undefined) return { clusterName: owner.clusterName };
  }
  return source.context === context ? { any: true } : source.context;
}

/** The join of a member that is there, to have its binding written again. */
export function joinAgain(
  { cluster, binding }: Pick<Member, 'cluster' | 'binding'>,
  { observed, enrollment }: Pick<PortCase, 'observed' | 'enrollment'>,
  o: { readonly adopt: true } | { readonly createService: true },
): NlbmcHint {
  const primary = enrolledBeside(enrollment, cluster.context);
  const hint = joinHint({
    service: observed.service,
    localService: serviceOf(binding),
    context: cluster.context,
    primary,
    ...o,
  });
  return typeof primary === 'object' && 'any' in primary
    ? { ...hint, where: 'with the context of another cluster that is enrolled for …' }
    : hint;
}
