import { kubectl, nlbmc } from '../model/commands.ts';
import type { Echo } from '../plan/echo.ts';
import { clusterOf } from '../observed/enrollment.ts';
import { cureOfStripping, echoedFlag, whoStrips } from '../enable/judge-enable.ts';
import { isRegistered, registeredIn } from '../observed/member.ts';
import type { JoinIntent } from '../model/intent.ts';
import { joinWords } from './join-case.ts';
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

/** What to type about a rejection; a Service can only be made where there is its namespace. */
function cureOf(problem: Problem, step: ClusterStep, intent: JoinIntent): string | undefined {
  if (problem.code === 'field-conflict') {
    return nlbmc('join', intent.service, ...joinWords({ ...intent, forceConflicts: true }));
  }
  return problem.code === 'object-missing' && step.kind === 'create-service'
    ? kubectl({ context: step.cluster }, 'create', 'namespace', step.document.metadata.namespace)
    : problem.hint;
}

/**
 * Adds to a plan what its rehearsals showed. An echo without the flag is the worst of all: applied,
 * the binding would be exclusive, and its controller would deregister the whole primary. It is
 * never applied in another way instead.
 */
export function judgeJoin(
  plan: Plan,
  observed: Observed,
  echoes: readonly Echo[],
  intent: JoinIntent,
): Plan {
  const isHomeless = echoes.some(
    ({ rehearsal, result }) =>
      rehearsal.kind === 'step' &&
      rehearsal.step.kind === 'create-service' &&
      !result.ok &&
      result.problem.code === 'object-missing',
  );
  const blockers = echoes.flatMap(({ rehearsal, result }): readonly Problem[] => {
    if (rehearsal.kind === 'set-flag') return [];
    const { step } = rehearsal;
    const cluster = step.cluster;
    if (!result.ok) {
      const { problem } = result;
      // Its Service's rehearsal has told of the namespace already.
      if (isHomeless && problem.code === 'object-missing' && step.kind === 'apply-binding') {
        return [];
      }
      const hint = cureOf(problem, step, intent);
      return [
        {
          cluster,
          ...problem,
          ...(hint === undefined ? {} : { hint }),
          ...(isRejection(problem.code) ? {} : { unread: true }),
        },
      ];
    }
    if (step.kind !== 'apply-binding' || echoedFlag(result.value)) return [];
    const saves = savedBy(step.document, observed);
    return [
      {
        code: 'field-stripped',
        message: `${cluster} drops multiClusterTargetGroup (${whoStrips(clusterOf(observed, cluster))}): its binding would own the target group and deregister all ${saves} registered targets.`,
        hint: cureOfStripping(clusterOf(observed, cluster), cluster),
        cluster,
        saves,
      },
    ];
  });
  return blockers.length > 0 ? refused(blockers, plan.skips) : plan;
}
