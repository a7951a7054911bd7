import { isServed } from '../checks/service.ts';
import type { ClusterView } from '../model/cluster-view.ts';
import type { JoinIntent } from '../model/intent.ts';
import { nameText, sameName, type Service } from '../model/kubernetes.ts';
import { joinHint, verifyHint } from '../model/nlbmc-hints.ts';
import type { Problem } from '../model/problem.ts';
import { clusterOf, ownBindings } from '../observed/enrollment.ts';
import type { Observed } from '../observed/observed.ts';
import { type Check, check } from '../plan/check.ts';
import type { JoinCase } from './join-port.ts';

/** The owner of the load balancer serves behind it already, as after a handover: nothing joins there. */
const notOwner = check<JoinCase>('owner-elsewhere', 'blocker', ({ intent, enrolled, joining }) => {
  const owner = enrolled?.enrollment.owner;
  const { context, localService } = intent;
  if (!enrolled || enrolled.cluster === joining || owner?.kind !== 'service') return undefined;
  if (owner.cluster !== joining || !sameName(owner.name, localService)) return undefined;
  const member = enrolled.cluster.context;
  return {
    message: `Service ${nameText(localService)} of ${context} owns the load balancer, so it has nothing to join. ${member} is a secondary.`,
    about: { cluster: context, service: localService },
    hints: [verifyHint({ service: localService, localService: intent.service }, [context, member])],
  };
});

/** Whether the cluster that joins may be a secondary. */
export const ownerChecks: readonly Check<JoinCase>[] = [notOwner];

/**
 * Why nothing joins a cluster that has left itself: the Service that is to join owns the load balancer, and
 * only the other one can join. Undefined: the cluster that was named is enrolled, or the other one owns nothing.
 */
export function ownerJoins(
  observed: Observed,
  intent: JoinIntent,
  { cluster, service }: { readonly cluster: ClusterView; readonly service: Service },
): Problem | undefined {
  const { context, localService } = intent;
  const joining = clusterOf(observed, context);
  if (!joining || joining === cluster || isServed(cluster, service)) return undefined;
  if (ownBindings(joining, localService).length === 0) return undefined;
  return {
    code: 'owner-elsewhere',
    message: `Service ${nameText(localService)} of ${context} owns a load balancer, so it has nothing to join. Service ${nameText(service)} of ${cluster.context} is behind none: that one can join.`,
    about: { cluster: context, service: localService },
    hints: [
      joinHint({
        service: localService,
        localService: intent.service,
        context: cluster.context,
        primary: context,
      }),
    ],
  };
}
