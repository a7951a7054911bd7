import type { Phase } from '../core/model/handover.ts';
import type { ToldStep } from '../core/plan/plan.ts';
import type { Style } from './style.ts';

const titles: Readonly<Record<Phase, string>> = {
  release: 'no controller manages the Service of the present owner any more',
  retag: 'the tags in AWS name the new owner',
  restart: 'controllers start again and forget the tags that they have read',
  adopt: 'the controller of the new owner takes the load balancer on',
  finish: 'what only the handover needed is removed',
};

const phaseOf = (step: ToldStep | undefined): Phase | undefined =>
  step && 'phase' in step ? step.phase : undefined;

/** A heading before the first step of each phase of a handover; none where the phase goes on. */
export function phaseLines(step: ToldStep, previous: ToldStep | undefined, style: Style): string[] {
  const phase = phaseOf(step);
  if (phase === undefined || phase === phaseOf(previous)) return [];
  return [style.paint('strong', `Phase ${phase}: ${titles[phase]}`)];
}
