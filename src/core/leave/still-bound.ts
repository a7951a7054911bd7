import { check } from '../plan/check.ts';
import { accepting, leaveHint } from '../model/nlbmc-hints.ts';
import type { LeaveIntent } from '../model/intent.ts';
import { type Binding, nameText, sameName, serviceOf } from '../model/kubernetes.ts';
import type { ClusterView } from '../model/cluster-view.ts';
import type { LeaveCase } from './leave-case.ts';
import { listed } from '../model/words.ts';

/**
 * Bindings that joined the local Service to target groups other than those that the person or a
 * record named. Those that a controller made are of its own load balancer, which no cluster leaves. None
 * where the primary named the groups: it knows which are its own.
 */
export function boundElsewhere(
  leaving: ClusterView,
  { localService, targetGroups }: LeaveIntent,
): readonly Binding[] {
  if (targetGroups.length === 0) return [];
  return (leaving.bindings.ok ? leaving.bindings.value : []).filter(
    (binding) =>
      binding.stack === undefined &&
      !binding.terminating &&
      !targetGroups.includes(binding.targetGroupArn) &&
      sameName(serviceOf(binding), localService),
  );
}

/** One line a binding: the target group that it keeps the Service in. */
export const boundText = ({ targetGroupArn, ...name }: Binding): string =>
  `${nameText(name)}: ${targetGroupArn}`;

/**
 * An ARN with a slip in it, or a record from before a target group was replaced, would end a leave
 * with `already left` while the cluster goes on serving.
 */
export const notBoundElsewhere = check<LeaveCase>('still-bound', 'blocker', (subject) => {
  const { intent, leaving, ports } = subject;
  if (intent.acceptStillBound) return undefined;
  const bindings = boundElsewhere(leaving, intent);
  if (bindings.length === 0) return undefined;
  const arns = [...new Set(bindings.map(({ targetGroupArn }) => targetGroupArn))];
  const missing = ports.filter(({ group }) => group === undefined).map(({ arn }) => arn);
  const one = arns.length === 1;
  return {
    message: `${
      missing.length === 0 ? '' : `AWS has no target group ${listed(missing)}. `
    }Service ${nameText(intent.localService)} in ${leaving.context} is still bound to ${one ? 'a target group' : `${arns.length} target groups`} that you did not name, and continues to serve there.`,
    details: bindings.map(boundText),
    about: { cluster: leaving.context, service: intent.localService },
    hints: [
      leaveHint({ ...intent, targetGroups: arns }),
      accepting(
        leaveHint({ ...intent, acceptStillBound: true }),
        `the Service stays in ${one ? 'this target group' : 'these target groups'}`,
      ),
    ],
  };
});
