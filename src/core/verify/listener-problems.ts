import type { Hint } from '../model/hint.ts';
import { repairHint } from '../model/nlbmc-hints.ts';
import { listenerAdvice } from '../model/owner-words.ts';
import type { Problem } from '../model/problem.ts';
import { listed } from '../model/words.ts';
import { type Unlistened, unlistened } from '../observed/listened.ts';
import { primaryIn } from '../observed/owner.ts';
import type { PortCase } from '../observed/port-case.ts';
import { overListed } from './endpoint-findings.ts';

/** What is wrong with the listeners of a port, as a sentence. */
function unlistenedText(found: Unlistened, port: number | string): string {
  const group = `the target group of port ${port}`;
  if (found.kind === 'none') {
    return `No listener of a load balancer forwards to ${group}: nothing can connect to it.`;
  }
  const many = found.at.length > 1 ? 'listeners' : 'listener';
  const at = `${many} on port ${listed(found.at.map(String))}`;
  return found.kind === 'idle'
    ? `The ${at} ${found.at.length > 1 ? 'forward' : 'forwards'} to ${group} with weight 0: it gets no connections.`
    : `No listener on port ${found.wanted} forwards to ${group}, only the ${at}: clients of port ${found.wanted} do not reach it.`;
}

/** Who makes a listener: the controller of the Service that owns the load balancer, or a person. */
export const listenerHint = (context: PortCase): Hint =>
  context.enrollment.owner.kind === 'service'
    ? overListed(context, repairHint)
    : listenerAdvice(context.enrollment.owner);

/** No listener forwards to a target group that AWS has: that is an answer, not an unknown. */
export function listenerProblems(context: PortCase, port: number | string): readonly Problem[] {
  const { enrollment, observed, arn } = context;
  const found = unlistened(observed, arn, primaryIn(enrollment));
  if (!found) return [];
  const { source, owner } = enrollment;
  const made = owner.kind === 'service';
  return [
    {
      code: 'listener-missing',
      message: `${unlistenedText(found, port)}${made ? ' The controller makes a deleted or changed listener again when the Service changes.' : ''}`,
      hints: [listenerHint(context)],
      about: { cluster: source.context, port, targetGroup: context.arn },
    },
  ];
}
