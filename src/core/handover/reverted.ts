import { advice } from '../model/hint.ts';
import type { HandoverIntent } from '../model/intent.ts';
import { nameText } from '../model/kubernetes.ts';
import type { Problem } from '../model/problem.ts';
import type { Plan } from '../plan/plan.ts';
import { direction } from './sides.ts';

/** How often a run releases a Service: once, and again where a pass was under way. */
const MOST = 6;

/** Whether a plan releases the Service: 1, or 0. A pass that was under way may have put the finalizer back. */
export const releasesIn = ({ steps }: Plan): number =>
  steps.some((step) => step.kind === 'patch-service' && step.phase === 'release') ? 1 : 0;

/** Why a run ends that has released the Service again and again: somebody else gives it back each time. */
export function reverted(releases: number, intent: HandoverIntent): Problem | undefined {
  const { from } = direction(intent);
  if (releases <= MOST || from === undefined) return undefined;
  const service = from === intent.old ? intent.service : intent.localService;
  return {
    code: 'release-reverted',
    message: `Somebody gives Service ${nameText(service)} of ${from} back to its controller each time that nlbmc releases it: a GitOps tool, or another person. The tags and NEW's Service were not touched.`,
    about: { cluster: from, service },
    hints: [
      advice(
        'Change the source of that Service first, or pause the tool that applies it. Then run the same command again.',
      ),
    ],
  };
}
