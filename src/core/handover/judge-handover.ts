import { cureOfStripping, echoedFlag, whoStrips } from '../enable/judge-enable.ts';
import { nameText } from '../model/kubernetes.ts';
import { eachOnce } from '../model/problem-key.ts';
import type { Problem } from '../model/problem.ts';
import { clusterOf } from '../observed/enrollment.ts';
import type { Observed } from '../observed/observed.ts';
import type { Echo } from '../plan/echo.ts';
import type { Plan } from '../plan/plan.ts';
import { refused } from '../plan/refused.ts';
import { isRejection } from '../plan/rejections.ts';

/** A binding that loses its flag when it is written: its controller deregisters the targets of all others. */
function stripped({ rehearsal, result }: Echo, observed: Observed): readonly Problem[] {
  if (rehearsal.kind !== 'set-flag' || !result.ok || echoedFlag(result.value)) return [];
  const { cluster: context, binding } = rehearsal;
  const cluster = clusterOf(observed, context);
  const { namespace, name } = binding;
  return [
    {
      code: 'field-stripped',
      message: `${context} drops multiClusterTargetGroup from ${nameText(binding)} (${whoStrips(cluster)}): written, the binding would be exclusive, and its controller would deregister the targets of all other clusters.`,
      about: { cluster: context, binding: { namespace, name } },
      hints: [cureOfStripping(cluster, context)],
    },
  ];
}

/**
 * Adds to a plan what its rehearsals showed: a patch that the API server would refuse stops all of it, and
 * so does a binding that would lose its flag, also one that is written only at the end.
 */
export function judgeHandover(plan: Plan, observed: Observed, echoes: readonly Echo[]): Plan {
  const blockers = echoes.flatMap((echo): readonly Problem[] => {
    const { rehearsal, result } = echo;
    if (result.ok) return stripped(echo, observed);
    // Only a probe: whether it may be written is asked by its step.
    if (rehearsal.kind === 'set-flag') return [];
    const { cluster } = rehearsal.step;
    const problem = { ...result.problem, about: { cluster, ...result.problem.about } };
    return [{ ...problem, ...(isRejection(problem.code) ? {} : { unread: true }) }];
  });
  return blockers.length > 0 ? refused(eachOnce(blockers), plan.skips) : plan;
}
