import { advice, type AdviceHint, type NlbmcHint } from '../model/hint.ts';
import { joinHint } from '../model/nlbmc-hints.ts';
import { bindingFinalizer } from '../model/annotations.ts';
import type { Goal } from '../plan/goal.ts';
import { drained, inOrder, removed, trackedKind, withoutForeign } from './leave-goals.ts';
import { type Binding, nameText } from '../model/kubernetes.ts';
import type { LeaveCase } from './leave-case.ts';
import type { LeavePort } from './leave-port.ts';
import { isHeld } from './port-goes.ts';
import { recordOf } from './port-sets.ts';
import type { Member } from '../observed/member.ts';
import type { Step } from '../plan/plan.ts';
import type { BindingName } from '../model/kubernetes.ts';

const nameOf = ({ namespace, name, flavour }: Binding): BindingName => ({
  namespace,
  name,
  flavour,
});

/** The command that enrolls the cluster again. */
const joinAgain = ({ intent: { service, localService, context, primary } }: LeaveCase): NlbmcHint =>
  joinHint({ service, localService, context, primary: primary ?? { any: true } });

/** A second binding beside the primary's own: no cluster joins itself, so no command makes it again. */
const applyAgain = (binding: Binding): AdviceHint =>
  advice(
    `Apply the manifest of TargetGroupBinding ${nameText(binding)} again, if you still need it.`,
  );

function deletion(subject: LeaveCase, port: LeavePort, member: Member): Step {
  const { binding } = member;
  const { arn, others, own, group, staying } = port;
  const all = others.length > 0 ? [...own, ...others] : recordOf(subject.leaving, member);
  return {
    kind: 'delete-binding',
    cluster: subject.leaving.context,
    binding: nameOf(binding),
    uid: binding.uid,
    targetGroupArn: arn,
    // Of a target group that is gone there is nothing to deregister, whatever the record lists.
    tracked: subject.intent.withoutController || !group ? [] : inOrder(all),
    undo: staying.length > 0 ? applyAgain(binding) : joinAgain(subject),
  };
}

/**
 * Whether a binding may be deleted before its targets are out. A controller that comes back in the
 * meantime then goes on taking them out; but of an exclusive binding it would take everybody's, and
 * of one that lists another cluster's target that one, too.
 */
const goesFirst = ({ contested, shared }: LeavePort, { multiCluster }: Binding): boolean =>
  multiCluster && shared.length === 0 && contested.every(({ unsure }) => unsure);

function deregistration(subject: LeaveCase, port: LeavePort): readonly Step[] {
  const { withoutController } = subject.intent;
  const targets = withoutController
    ? withoutForeign(port.own, port)
    : [...port.leaking, ...port.unrecorded];
  if (targets.length === 0) return [];
  const { context: cluster } = subject.leaving;
  return [
    { kind: 'deregister-targets', cluster, targetGroupArn: port.arn, targets: inOrder(targets) },
  ];
}

/** What the controller's part is, where there is none: after the drain, finalizer, then ConfigMap. */
function cleanUp(subject: LeaveCase): readonly Step[] {
  const cluster = subject.leaving.context;
  return subject.ports.flatMap((port) =>
    port.members.flatMap((member): readonly Step[] => {
      const { binding } = member;
      const held: Step = {
        kind: 'remove-finalizer',
        cluster,
        binding: nameOf(binding),
        uid: binding.uid,
        before: binding.finalizers,
        finalizers: binding.finalizers.filter((name) => name !== bindingFinalizer),
      };
      return [
        ...(isHeld(binding) ? [held] : []),
        ...(binding.terminating || (isHeld(binding) && goesFirst(port, binding))
          ? []
          : [deletion(subject, port, member)]),
        ...(trackedKind(member.tracked) === 'set'
          ? [{ kind: 'delete-tracked' as const, cluster, binding: nameOf(binding) }]
          : []),
      ];
    }),
  );
}

const waitFor = (goals: readonly Goal[]): readonly Step[] =>
  goals.length > 0 ? [{ kind: 'wait', goals }] : [];

function removals(subject: LeaveCase): readonly Step[] {
  const { ports, intent, leaving, leftovers } = subject;
  const standing = ports.flatMap((port) =>
    port.members.filter(({ binding }) => !binding.terminating).map((member) => ({ port, member })),
  );
  const deregister = ports.flatMap((port) => deregistration(subject, port));
  if (!intent.withoutController) {
    // First out of AWS, then the binding: cut off in between, a second run finds nothing that leaks.
    return [...deregister, ...standing.map(({ port, member }) => deletion(subject, port, member))];
  }
  const after = [
    ...cleanUp(subject),
    ...leftovers.map(({ namespace, name }): Step => {
      // Only the open-source controller can be gone: that of EKS Auto Mode is refused before.
      const binding = { namespace, name, flavour: 'lbc' as const };
      return { kind: 'delete-tracked', cluster: leaving.context, binding };
    }),
  ];
  return [
    // AWS first: it has no rehearsal, and a right that is missing there shows before anything is done.
    ...deregister,
    // Deleted before the drain, so that a controller that comes back meanwhile does not start over.
    ...standing
      .filter(({ port, member: { binding } }) => isHeld(binding) && goesFirst(port, binding))
      .map(({ port, member }) => deletion(subject, port, member)),
    ...(after.length > 0 ? waitFor(drained(subject)) : []),
    ...after,
  ];
}

/** The steps of a leave, in their order; none when there is nothing left to change. */
export function leaveSteps(subject: LeaveCase): readonly Step[] {
  const { intent, leaving, localService } = subject;
  const first = removals(subject);
  if (!intent.deleteService || !localService || localService.terminating) return first;
  const { namespace, name, uid } = localService;
  return [
    ...first,
    // Without its Service the controller would clean up a binding on its own, at its own pace.
    ...waitFor([...drained(subject), ...removed(subject)]),
    { kind: 'delete-service', cluster: leaving.context, service: { namespace, name }, uid },
  ];
}
