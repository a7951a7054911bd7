import { kubectlHint, type Hint } from '../model/hint.ts';
import type { Echo } from '../plan/echo.ts';
import { clusterOf } from '../observed/enrollment.ts';
import { cureOfStripping, echoedFlag, whoStrips } from '../enable/judge-enable.ts';
import { isRegistered, registeredIn } from '../observed/member.ts';
import type { JoinIntent } from '../model/intent.ts';
import { accepting, joinHint } from '../model/nlbmc-hints.ts';
import type { Observed } from '../observed/observed.ts';
import type { ClusterStep, KubeDocument, Plan } from '../plan/plan.ts';
import type { Problem } from '../model/problem.ts';
import { refused } from '../plan/refused.ts';
import { isRejection } from '../plan/rejections.ts';

/** Targets that an exclusive binding on the document's target group would deregister. */
function savedBy(document: KubeDocument, observed: Observed): number {
  const arn = (document['spec'] as { targetGroupARN?: string } | undefined)?.targetGroupARN ?? '';
  const registered = registeredIn(observed, arn);
  return registered.ok ? registered.value.filter(isRegistered).length : 0;
}

/**
 * What to type about a rejection where it is more than the rejection tells: a Service can be made
 * only where its namespace exists; nlbmc takes over fields of another manager only when a person says so.
 */
function curesOf(problem: Problem, step: ClusterStep, intent: JoinIntent): readonly Hint[] {
  if (problem.code === 'field-conflict') {
    const force = joinHint({ ...intent, forceConflicts: true });
    return [accepting(force, 'nlbmc takes these fields over from their manager')];
  }
  return problem.code === 'object-missing' && step.kind === 'create-service'
    ? [
        kubectlHint(
          { context: step.cluster },
          'create',
          'namespace',
          step.document.metadata.namespace,
        ),
      ]
    : [];
}

/**
 * Adds to a plan what its rehearsals showed. An echo without the flag is the worst of all: applied,
 * the binding would be exclusive, and its controller would deregister all targets of the primary.
 * It is never applied in another way instead.
 */
export function judgeJoin(
  plan: Plan,
  observed: Observed,
  echoes: readonly Echo[],
  intentFor: (context: string) => JoinIntent,
): Plan {
  const homeless = echoes.flatMap(({ rehearsal, result }) =>
    rehearsal.kind === 'step' &&
    rehearsal.step.kind === 'create-service' &&
    !result.ok &&
    result.problem.code === 'object-missing'
      ? [rehearsal.step.cluster]
      : [],
  );
  const blockers = echoes.flatMap(({ rehearsal, result }): readonly Problem[] => {
    if (rehearsal.kind === 'set-flag') return [];
    const { step } = rehearsal;
    const cluster = step.cluster;
    if (!result.ok) {
      const { problem } = result;
      // The rehearsal of its Service has reported the namespace already.
      if (
        homeless.includes(cluster) &&
        problem.code === 'object-missing' &&
        step.kind === 'apply-binding'
      ) {
        return [];
      }
      const cures = curesOf(problem, step, intentFor(cluster));
      return [
        {
          ...problem,
          about: { cluster, ...problem.about },
          ...(cures.length > 0 ? { hints: cures } : {}),
          ...(isRejection(problem.code) ? {} : { unread: true }),
        },
      ];
    }
    if (step.kind !== 'apply-binding' || echoedFlag(result.value)) return [];
    const saves = savedBy(step.document, observed);
    const { namespace, name } = step.document.metadata;
    return [
      {
        code: 'field-stripped',
        message: `${cluster} drops multiClusterTargetGroup (${whoStrips(clusterOf(observed, cluster))}): the binding would be exclusive, and its controller would deregister all ${saves} registered targets.`,
        about: { cluster, binding: { namespace, name } },
        hints: [cureOfStripping(clusterOf(observed, cluster), cluster)],
        saves,
      },
    ];
  });
  return blockers.length > 0 ? refused(blockers, plan.skips) : plan;
}
