import { repairHint } from '../model/nlbmc-hints.ts';
import { ownerDisputed } from '../checks/owner-disputed.ts';
import { absenceProblems } from '../checks/absence.ts';
import { bareOwner, bindingsOf } from '../observed/enrollment.ts';
import { enrollmentOf, primaryIn } from '../observed/owner.ts';
import { severalBalancers } from '../observed/several-balancers.ts';
import type { Goal } from '../plan/goal.ts';
import type { RepairIntent, VerifyIntent } from '../model/intent.ts';
import { nameText } from '../model/kubernetes.ts';
import { memberOf, unreadOf } from '../observed/member.ts';
import { mendBinding } from './mend-binding.ts';
import { mendService, nothingToMend, type ServiceMend } from './mend-service.ts';
import { mendTracking } from './mend-tracking.ts';
import { explained, staleRecords } from './not-repaired.ts';
import type { Observed } from '../observed/observed.ts';
import { overlooked } from '../observed/overlooked.ts';
import { withEvents } from '../observed/told-by-controllers.ts';
import { isClusterStep, type Plan, type Step } from '../plan/plan.ts';
import { isGroupGone, staleBindings } from '../observed/stale-bindings.ts';
import { portCase } from '../observed/port-case.ts';
import type { Problem } from '../model/problem.ts';
import { refused } from '../plan/refused.ts';
import { overListed } from '../verify/endpoint-findings.ts';
import { verdictOf } from '../verify/verify.ts';

/** Everything that proves which cluster a target belongs to: when it was not read, nothing is changed. */
function unreadFacts(observed: Observed, arns: readonly string[]): readonly Problem[] {
  return observed.clusters
    .flatMap((cluster) =>
      unreadOf(
        [
          cluster.bindings,
          cluster.service,
          ...Object.values(cluster.services),
          ...Object.values(cluster.endpoints),
          ...Object.values(cluster.tracked),
          ...(cluster.nodes ? [cluster.nodes] : []),
          // Nor may a set be empty because it was not read: another cluster's endpoints would be missing.
          ...arns
            .flatMap((arn) => bindingsOf(cluster, arn))
            .map((binding) => memberOf(observed, cluster, binding))
            .flatMap((member) => [member.service, member.eligible, member.tracked]),
        ],
        cluster.context,
      ),
    )
    .concat(
      unreadOf(
        arns.flatMap((arn) => {
          const group = observed.targetGroups[arn];
          // AWS does not have the target group: that is an answer, and no target can be lost.
          if (!group || isGroupGone(observed, arn)) return [];
          return group.ok ? [group.value.targets] : [group];
        }),
      ),
    );
}

/**
 * Decides which findings of `verify` are repaired: those that a controller repairs in a full
 * reconcile, and only where each target that it would deregister is proven to be its own. Everything
 * else is in `unmended`, with the reason and what to type. Needed, and refused as unknown
 * when unread: all that proves which cluster a target belongs to, of every listed cluster, and the target groups.
 */
export function planRepair(observed: Observed, intent: RepairIntent): Plan {
  const { clusters } = observed;
  const enrollment = enrollmentOf(observed);
  const primary = enrollment ? primaryIn(enrollment) : bareOwner(clusters);
  if (!enrollment && !primary) return refused(absenceProblems(observed, repairHint));
  const arns = enrollment?.arns ?? [];
  const several = severalBalancers(observed, arns, repairHint);
  if (several.length > 0) return refused(several);
  const disputed = enrollment ? ownerDisputed(observed, enrollment) : [];
  if (disputed.length > 0) return refused(disputed);
  const unread = unreadFacts(observed, Object.keys(observed.targetGroups));
  if (unread.length > 0) return refused(unread);

  const asked: VerifyIntent = { ...intent, minHealthy: 0 };
  const twins = verdictOf(observed, asked).problems.filter(({ code }) => code === 'same-cluster');
  if (twins.length > 0) return refused(twins);

  const cases = enrollment ? arns.map((arn) => portCase(observed, asked, enrollment, arn)) : [];
  // No reconcile registers anything in a target group that does not exist.
  const bindings = cases
    .filter(({ arn }) => !isGroupGone(observed, arn))
    .flatMap((context) => context.parts.map((part) => mendBinding(part, context)));
  const owner = primary ? mendService(observed, primary, cases) : nothingToMend;
  const records = clusters.map((cluster) => mendTracking(observed, cluster, cases));

  const resets = bindings.flatMap(({ step }) => step ?? []);
  const steps: readonly Step[] = [
    ...owner.steps,
    ...records.flatMap((record) => record.steps),
    ...resets,
  ];
  const goals: readonly Goal[] = [
    ...owner.goals,
    ...records.flatMap((record) => record.goals),
    ...resets.map(({ cluster, binding: { namespace, name } }): Goal => ({
      kind: 'binding-mended',
      cluster,
      binding: { namespace, name },
    })),
  ];
  const mended = new Set(bindings.flatMap(({ mends }) => mends));
  const written = new Set(bindings.flatMap((one) => (one.step ? one.binding : [])));
  const refusals = [
    ...owner.refusals,
    ...bindings.flatMap((one) => one.refusals),
    ...records.flatMap((record) => record.refusals),
  ];
  // Without any binding the verdict has nothing to judge: what the repair of the owner's Service says is all there is.
  const verdict = verdictOf(observed, asked, mended);
  const rest = remaining(arns.length > 0 ? verdict.problems : [], owner).filter(
    ({ code, about }) =>
      owner.refusals.length === 0 ||
      about?.cluster !== primary?.context ||
      !toldByRefusal.has(code),
  );
  const unmended = withEvents(
    observed,
    explained(
      [...refusals, ...rest.filter(({ unread }) => !unread)],
      owner.bindings.length > 0 ? overListed({ observed }, repairHint) : undefined,
    ),
  );
  const skips = [
    ...rest.filter(({ unread }) => unread),
    ...cases.flatMap((context) => staleRecords(context, written)),
    ...staleBindings(observed),
  ];
  if (steps.length === 0 && unmended.length > 0) {
    return { ...refused(unmended, skips), unmended };
  }
  return {
    steps,
    documents: [],
    rehearsals: steps.flatMap((step) =>
      isClusterStep(step) ? { kind: 'step' as const, step } : [],
    ),
    goals,
    blockers: [],
    cautions: [],
    settling: [],
    // What is repaired is told by its goal.
    skips: [...skips, ...overlooked(observed, [...skips, ...unmended, ...verdict.problems])],
    unmended,
    ...apart(steps),
  };
}

/** Clusters are repaired side by side: what fails in one keeps no other from its repair. */
function apart(steps: readonly Step[]): Pick<Plan, 'sideBySide'> {
  const clusters = [...new Set(steps.flatMap(({ cluster }) => cluster ?? []))];
  return clusters.length > 1 ? { sideBySide: clusters } : {};
}

/** Findings about the owner's Service that the reason for not changing it explains. */
const toldByRefusal: ReadonlySet<Problem['code']> = new Set([
  'bindings-missing',
  'listener-missing',
  'primary-not-enabled',
]);

/** What `verify` finds and no step repairs, except for what passes by itself. */
const remaining = (
  problems: readonly Problem[],
  { steps, bindings }: ServiceMend,
): readonly Problem[] =>
  problems.filter(({ code, about = {} }) => {
    if (code === 'target-converging') return false;
    if (steps.length === 0 || about.cluster !== steps[0]?.cluster) return true;
    const back = code === 'bindings-missing' || code === 'listener-missing';
    const shared =
      code === 'binding-exclusive' &&
      about.binding !== undefined &&
      bindings.includes(nameText(about.binding));
    return !back && !shared;
  });
