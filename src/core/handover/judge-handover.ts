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

/** What the API server had against it, in which cluster. */
function problemOf({ rehearsal, result }: Echo): Problem | undefined {
  if (result.ok) return undefined;
  const { cluster } = rehearsal.kind === 'set-flag' ? rehearsal : rehearsal.step;
  return { ...result.problem, about: { cluster, ...result.problem.about } };
}

/** A probe that was refused: whether the binding may be written is asked again by the step that writes it. */
const isRefusedProbe = ({ rehearsal, result }: Echo): boolean =>
  rehearsal.kind === 'set-flag' && !result.ok && isRejection(result.problem.code);

/**
 * Adds to a plan what its rehearsals showed: a patch that the API server would refuse stops all of it, and
 * so does a binding that would lose its flag, also one that is written only at the end, or one of which
 * that is not known because the probe got no answer. A probe that was refused is only said.
 */
export function judgeHandover(plan: Plan, observed: Observed, echoes: readonly Echo[]): Plan {
  const blockers = echoes.flatMap((echo): readonly Problem[] => {
    const problem = problemOf(echo);
    if (!problem) return stripped(echo, observed);
    if (isRefusedProbe(echo)) return [];
    return [isRejection(problem.code) ? problem : { ...problem, unread: true }];
  });
  const told = echoes.filter(isRefusedProbe).flatMap((echo) => problemOf(echo) ?? []);
  const skips = eachOnce([...plan.skips, ...told]);
  return blockers.length > 0 ? refused(eachOnce(blockers), skips) : { ...plan, skips };
}
