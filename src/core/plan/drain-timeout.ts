import type { TargetGroup } from '../model/aws.ts';
import type { Plan } from './plan.ts';
import { valueOf } from '../model/problem.ts';

/** What a controller may need besides, ms. */
const fiveMinutesMs = 300_000;

/** AWS's default of `deregistration_delay.timeout_seconds` (ELBv2 API, TargetGroupAttribute). */
const usualDelaySeconds = 300;

/** How long AWS lets a deregistered target of this group drain, in seconds; unread: AWS's default. */
export function drainSeconds(group: TargetGroup | undefined): number {
  const attributes = group?.attributes && valueOf(group.attributes);
  const text = attributes?.['deregistration_delay.timeout_seconds'];
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : usualDelaySeconds;
}

/** How long to wait for a plan's effect, ms: the longest drain that it waits for, and five minutes. */
export function drainTimeout({ goals, steps }: Pick<Plan, 'goals' | 'steps'>): number {
  const all = [...goals, ...steps.flatMap((step) => (step.kind === 'wait' ? step.goals : []))];
  const delays = all.map((goal) => (goal.kind === 'targets-gone' ? goal.delaySeconds : 0));
  return fiveMinutesMs + 1000 * Math.max(0, ...delays);
}
