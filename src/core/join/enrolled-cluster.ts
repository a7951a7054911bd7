import { absenceProblems } from '../checks/absence.ts';
import { isServed, serviceChecks, serviceMissing } from '../checks/service.ts';
import { groupChecks } from '../checks/groups.ts';
import { getContextsHint, type Hint } from '../model/hint.ts';
import type { ClusterView } from '../model/cluster-view.ts';
import type { JoinIntent } from '../model/intent.ts';
import { joinHint, showHint } from '../model/nlbmc-hints.ts';
import { type Problem, unknown, valueOf } from '../model/problem.ts';
import { bindingsOf, clusterOf } from '../observed/enrollment.ts';
import { serviceRead, unreadOf } from '../observed/member.ts';
import type { Observed } from '../observed/observed.ts';
import { outdated, differences, unreadEvidence } from '../checks/evidence.ts';
import type { Recorded } from '../observed/evidence.ts';
import { owningIn } from '../observed/enrollment-document.ts';
import { enrollmentOf, type Owner } from '../observed/owner.ts';
import { recordedSource } from '../observed/recorded.ts';
import { sameCluster, unprovenOf } from '../observed/same-cluster.ts';
import { severalBalancers } from '../observed/several-balancers.ts';
import { runChecks } from '../plan/check.ts';
import type { Plan } from '../plan/plan.ts';
import { refused } from '../plan/refused.ts';
import type { EnrolledCluster } from './join-port.ts';
import { ownerJoins } from './owner-joins.ts';

/** The Service of the cluster that was named as enrolled, or why it is none. */
export function enrolledCluster(
  observed: Observed,
  intent: JoinIntent,
): EnrolledCluster | Plan | undefined {
  if (observed.recorded) return recordedCluster(observed, observed.recorded);
  if (intent.primary === undefined) return undefined;
  const cluster = clusterOf(observed, intent.primary);
  if (!cluster) throw new Error(`${intent.primary} has not been observed`);
  // A second Service of the same cluster has that cluster's view to itself.
  const read =
    cluster.context === intent.context ? serviceRead(cluster, intent.service) : cluster.service;
  if (!read.ok) return refused(unreadOf([read], cluster.context));
  if (!read.value) {
    const retry = (name: string): Hint =>
      joinHint({
        ...intent,
        service: { ...intent.service, name },
        localService:
          intent.localService.name === intent.service.name
            ? { ...intent.localService, name }
            : intent.localService,
      });
    return refused([serviceMissing(cluster, intent.service, retry)]);
  }
  const subject = { observed, cluster, service: read.value };
  const enrollment = enrollmentOf(observed);
  if (!enrollment && observed.named) return refused(absenceProblems(observed, showHint));
  const owning = enrollment ? undefined : ownerJoins(observed, intent, subject);
  if (owning) return refused([owning]);
  const peer = !isServed(cluster, read.value) && enrollment;
  const structure = runChecks(peer ? groupChecks : serviceChecks, subject);
  if (structure.blockers.length > 0) return refused(structure.blockers, structure.skips);
  if (!enrollment) return refused(absenceProblems(observed, showHint));
  const several = severalBalancers(observed, enrollment.arns, () => joinHint(intent));
  if (several.length > 0) return refused(several);
  const { owner } = enrollment;
  if (owner.kind === 'unread') return refused(unreadOf([unknown(owner.problem)]));
  return { cluster, service: read.value, enrollment };
}

/** Who owns the load balancer according to a document, whose cluster may be among its members. */
function recordedOwner({ document }: Recorded, source: ClusterView): Owner {
  const owner = owningIn(document);
  // A document of a disputed owner is no evidence, and is refused when it is read.
  if (!owner) return { kind: 'none' };
  const { kind, namespace, name, context, clusterName } = owner;
  return {
    kind,
    name: { namespace, name },
    ...(context === source.context ? { cluster: source } : {}),
    ...(clusterName === null ? {} : { clusterName }),
  };
}

/**
 * The enrolled cluster of a document: evidence as long as it is recent and AWS, read now, agrees
 * with it. Its target groups are those of the document.
 */
function recordedCluster(observed: Observed, recorded: Recorded): EnrolledCluster | Plan {
  const old = outdated(observed);
  if (old.length > 0) return refused(old);
  const unread = unreadEvidence(observed);
  if (unread.length > 0) return refused(unread);
  const changed = differences(observed);
  if (changed.length > 0) return refused(changed);
  const cluster = recordedSource(observed);
  const service = cluster && valueOf(cluster.service);
  if (!cluster || !service) return refused([nobodyElse(recorded)]);
  const arns = recorded.document.ports
    .map(({ targetGroup }) => targetGroup.arn)
    .filter((arn) => bindingsOf(cluster, arn).length > 0);
  const enrollment = { source: cluster, arns, owner: recordedOwner(recorded, cluster) };
  return { cluster, service, enrollment };
}

/** The document tells of no other cluster than the one that joins. */
const nobodyElse = ({ document, file }: Recorded): Problem => ({
  code: 'same-cluster',
  message: `The document of --from ${file} tells of no other cluster than the one that joins.`,
  about: { service: document.metadata },
  hints: [getContextsHint],
});

/** Both contexts lead to one cluster, or it is not proven that they do not: only a second Service of one context may. */
export function confusedClusters(observed: Observed, intent: JoinIntent): readonly Problem[] {
  const joining = clusterOf(observed, intent.context);
  const recorded = intent.from ? recordedSource(observed) : undefined;
  const named = intent.primary === undefined ? recorded : clusterOf(observed, intent.primary);
  if (!joining || !named || joining === named) return [];
  const same = sameCluster(named, joining);
  return same ? [same] : unprovenOf(named, joining);
}
