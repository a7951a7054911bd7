import { nlbmc } from './commands.ts';
import type { Echo } from './echo.ts';
import { clusterOf } from './enrollment.ts';
import { echoedFlag, whoStrips } from './judge-enable.ts';
import { isRegistered, registeredIn } from './member.ts';
import type { Observed } from './observed.ts';
import type { KubeDocument, Plan } from './plan.ts';
import type { Problem } from './problem.ts';
import { refused } from './refused.ts';
import { isRejection } from './rejections.ts';

/** Targets that an exclusive binding on the document's target group would deregister. */
function savedBy(document: KubeDocument, observed: Observed): number {
  const arn = (document['spec'] as { targetGroupARN?: string } | undefined)?.targetGroupARN ?? '';
  const registered = registeredIn(observed, arn);
  return registered.ok ? registered.value.filter(isRegistered).length : 0;
}

/**
 * Adds to a plan what its rehearsals showed. An echo without the flag is the worst of all: applied,
 * the binding would be exclusive, and its controller would deregister the whole primary. It is
 * never applied in another way instead.
 */
export function judgeJoin(plan: Plan, observed: Observed, echoes: readonly Echo[]): Plan {
  const blockers = echoes.flatMap(({ rehearsal, result }): readonly Problem[] => {
    if (rehearsal.kind === 'set-flag') return [];
    const { step } = rehearsal;
    const cluster = step.cluster;
    if (!result.ok) {
      const { problem } = result;
      const primary = plan.goals.find(({ kind }) => kind === 'still-multi-cluster');
      const hint =
        problem.code === 'field-conflict' && primary?.kind === 'still-multi-cluster'
          ? nlbmc(
              'join',
              observed.service,
              '--context',
              cluster,
              '--primary',
              primary.cluster,
              '--force-conflicts',
            )
          : problem.hint;
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
        hint: `kubectl --context ${cluster} explain targetgroupbinding.spec.multiClusterTargetGroup`,
        cluster,
        saves,
      },
    ];
  });
  return blockers.length > 0 ? refused(blockers, plan.skips) : plan;
}
