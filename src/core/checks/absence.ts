import { serviceMissing } from './service.ts';
import type { ClusterRef, Hint } from '../model/hint.ts';
import { nameText, type ObjectName } from '../model/kubernetes.ts';
import { bareOwner } from '../observed/enrollment.ts';
import { repairHint } from '../model/nlbmc-hints.ts';
import { unreadOf } from '../observed/member.ts';
import type { Observed } from '../observed/observed.ts';
import type { Problem } from '../model/problem.ts';
import { listed } from '../model/words.ts';

/**
 * Why no enrollment was found, when no listed cluster has bindings that a controller made for the
 * Service: what could not be read comes first, since the bindings may be there.
 */
export function absenceProblems(
  observed: Observed,
  retry: (named: { readonly service: ObjectName }, contexts: readonly ClusterRef[]) => Hint,
): readonly Problem[] {
  const { clusters, service } = observed;
  const unread = clusters.flatMap((cluster) =>
    unreadOf([cluster.bindings, cluster.service], cluster.context),
  );
  if (unread.length > 0) return unread;
  const contexts = clusters.map(({ context }) => context);
  const [first] = clusters;
  if (first && clusters.every(({ service }) => service.ok && service.value === undefined)) {
    return [
      serviceMissing(first, service, (name) => retry({ service: { ...service, name } }, contexts)),
    ];
  }
  const owner = bareOwner(clusters);
  if (owner) {
    return [
      {
        code: 'bindings-missing',
        message: `Service ${nameText(service)} in ${owner.context} belongs to its controller and has no TargetGroupBinding, so it serves nothing. When the Service changes, the controller creates a deleted binding again.`,
        about: { cluster: owner.context, service },
        hints: [repairHint({ service }, contexts)],
      },
    ];
  }
  return [
    {
      code: 'bindings-missing',
      message: `The controller has made no TargetGroupBinding for Service ${nameText(service)} in ${listed(contexts)}. Check that the context of the primary is one of them.`,
      about: { service },
      hints: [retry({ service }, [{ any: true }, ...contexts])],
    },
  ];
}
