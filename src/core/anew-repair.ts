import type { RepairIntent } from './intent.ts';
import type { Observed } from './observed.ts';
import { isWrite, type WriteStep } from './plan.ts';
import { planRepair } from './plan-repair.ts';
import type { Problem } from './problem.ts';

const subjectOf = (step: WriteStep): string => {
  const cluster = step.cluster ?? '';
  if ('binding' in step) {
    return `${step.kind} ${cluster} ${step.binding.namespace}/${step.binding.name}`;
  }
  return 'service' in step
    ? `${step.kind} ${cluster} ${step.service.namespace}/${step.service.name}`
    : `${step.kind} ${cluster}`;
};

/**
 * What a step of a repair has become while something was waited for: minutes have gone, and an
 * address may have been used again. The same step as it is now; undefined where it is put right
 * already; or why it must not be made any more: what proved it then does not prove it now.
 */
export function anewRepair(
  observed: Observed,
  intent: RepairIntent,
  step: WriteStep,
): WriteStep | Problem | undefined {
  const plan = planRepair(observed, intent);
  const same = plan.steps.find((one) => isWrite(one) && subjectOf(one) === subjectOf(step));
  if (same && isWrite(same)) return same;
  const against = [...plan.blockers, ...(plan.unmended ?? [])];
  return (
    against.find(({ unread }) => unread) ??
    against.find(
      ({ code, cluster }) =>
        (code === 'repair-harmful' || code === 'repair-unproven') && cluster === step.cluster,
    )
  );
}
