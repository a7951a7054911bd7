import type { Later, Step } from '../plan/plan.ts';
import { assumingDone } from './assumed-steps.ts';
import { finishOf } from './finish.ts';
import type { HandoverCase } from './handover-case.ts';

/** Rules let the new group in, the old groups go, rules lose them, and then nothing is left: none takes more. */
const MOST_ROUNDS = 6;

/** A step without what is sent, and without the ids of what does not exist yet. */
function toldOnly(step: Step): readonly Later[] {
  switch (step.kind) {
    case 'wait':
      return [step];
    case 'patch-service': {
      const { patch: _, uid: _uid, resourceVersion: _version, ...told } = step;
      return [told];
    }
    case 'patch-binding': {
      const { patch: _, uid: _uid, ...told } = step;
      return [told];
    }
    case 'write-tags': {
      const { region: _, resources: _resources, ...told } = step;
      return [told];
    }
    case 'delete-target-group': {
      const { arn: _, ...told } = step;
      return [told];
    }
    default:
      throw new Error(`The end of a handover has no step ${step.kind}`);
  }
}

/**
 * What `finish` does once these steps have taken effect, as far as it is not among them: it depends on what
 * does not exist yet, such as the security group of the taker's controller. To be told, never to be sent: the
 * run plans it again when it gets there.
 */
export function finishLater(subject: HandoverCase, planned: readonly Step[]): readonly Later[] {
  let ahead = planned.reduce(assumingDone, subject);
  const later: Later[] = [];
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const { steps } = finishOf(ahead, false);
    if (steps.length === 0) break;
    later.push(...steps.flatMap(toldOnly));
    ahead = steps.reduce(assumingDone, ahead);
  }
  return later;
}
