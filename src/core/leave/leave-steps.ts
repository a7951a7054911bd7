import type { NlbmcHint } from '../model/hint.ts';
import { joinHint } from '../model/nlbmc-hints.ts';
import { bindingFinalizer } from '../model/annotations.ts';
import type { Goal } from '../plan/goal.ts';
import type { Binding } from '../model/kubernetes.ts';
import type { LeaveCase } from './leave-case.ts';
import { isHeld, type LeavePort } from './leave-port.ts';
import type { Member } from '../observed/member.ts';
import type { BindingName, Step } from '../plan/plan.ts';
import { valueOf } from '../model/problem.ts';
import type { Target } from '../model/target.ts';
import { targetKey } from '../model/target-key.ts';

/** AWS's delay where the attribute is not set, in seconds. */
const usualDelay = 300;

/** How long AWS lets a deregistered target of this group drain, in seconds. */
export const delayOf = ({ group }: LeavePort): number => {
  const attributes = group?.attributes && valueOf(group.attributes);
  const text = attributes?.['deregistration_delay.timeout_seconds'];
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : usualDelay;
};

const nameOf = ({ namespace, name, flavour }: Binding): BindingName => ({
  namespace,
  name,
  flavour,
});

const trackedBy = ({ tracked }: Member): readonly Target[] =>
  tracked.ok && tracked.value.kind === 'set' ? tracked.value.targets : [];

/** The command that enrolls the cluster again. */
const joinAgain = ({ intent: { service, localService, context, primary } }: LeaveCase): NlbmcHint =>
  joinHint({ service, localService, context, primary: primary ?? { any: true } });

function deletion(subject: LeaveCase, { arn, others, own }: LeavePort, member: Member): Step {
  const { binding } = member;
  const all = others.length > 0 ? [...own, ...others] : trackedBy(member);
  return {
    kind: 'delete-binding',
    cluster: subject.leaving.context,
    binding: nameOf(binding),
    uid: binding.uid,
    targetGroupArn: arn,
    tracked: subject.intent.withoutController ? [] : inOrder(all),
    undo: joinAgain(subject),
  };
}

/** AWS, records and endpoints have no order of their own: the same plan made again is the same text. */
const inOrder = (targets: readonly Target[]): readonly Target[] =>
  targets.toSorted((a, b) => (targetKey(a) < targetKey(b) ? -1 : 1));

/**
 * Whether a binding may be deleted before its targets are out. A controller that comes back in the
 * meantime then goes on taking them out; but of an exclusive binding it would take everybody's, and
 * of one that lists another cluster's target that one, too.
 */
const goesFirst = ({ contested }: LeavePort, { multiCluster }: Binding): boolean =>
  multiCluster && contested.every(({ unsure }) => unsure);

const withoutForeign = (
  targets: readonly Target[],
  { contested }: LeavePort,
): readonly Target[] => {
  const foreign = new Set(
    contested.filter(({ unsure }) => !unsure).map(({ target }) => targetKey(target)),
  );
  return targets.filter((target) => !foreign.has(targetKey(target)));
};

function deregistration(subject: LeaveCase, port: LeavePort): readonly Step[] {
  const { withoutController } = subject.intent;
  const targets = withoutController ? withoutForeign(port.own, port) : port.leaking;
  if (targets.length === 0) return [];
  const { context: cluster } = subject.leaving;
  return [
    { kind: 'deregister-targets', cluster, targetGroupArn: port.arn, targets: inOrder(targets) },
  ];
}

/**
 * Targets that have to be gone from AWS. Without a binding that says whose they are, also whatever
 * drains: a run before this one may have been cut off.
 */
export function awaited({ intent }: LeaveCase, port: LeavePort): readonly Target[] {
  if (!port.group) return [];
  const there = port.registered.filter(({ reason }) => reason !== 'Target.NotRegistered');
  const mine = new Set([...port.tracked, ...port.eligible].map(targetKey));
  if (port.members.length === 0) {
    const left = there
      .filter(({ target, state }) => state === 'draining' || mine.has(targetKey(target)))
      .map(({ target }) => target);
    return intent.withoutController ? withoutForeign(left, port) : left;
  }
  const all = [...port.tracked, ...port.eligible, ...port.others];
  const unique = [...new Map(all.map((target) => [targetKey(target), target])).values()];
  return intent.withoutController ? withoutForeign(unique, port) : unique;
}

function drained(subject: LeaveCase): readonly Goal[] {
  return subject.ports.flatMap((port): readonly Goal[] => {
    const targets = awaited(subject, port);
    if (targets.length === 0) return [];
    return [
      {
        kind: 'targets-gone',
        cluster: subject.leaving.context,
        targetGroupArn: port.arn,
        targets: inOrder(targets),
        delaySeconds: delayOf(port),
      },
    ];
  });
}

function removed({ ports, leaving, leftovers, intent }: LeaveCase): readonly Goal[] {
  const cluster = leaving.context;
  const bindings = ports.flatMap(({ members }) =>
    members.flatMap(({ binding, tracked }): readonly Goal[] => {
      const { namespace, name, multiCluster } = binding;
      const own = { namespace, name };
      // The ConfigMap of an exclusive binding is a leftover: its controller does not delete it.
      const recorded = multiCluster || (intent.withoutController && trackedKind(tracked) === 'set');
      return [
        { kind: 'binding-gone', cluster, binding: own },
        ...(recorded ? [{ kind: 'tracking-gone' as const, cluster, binding: own }] : []),
      ];
    }),
  );
  const records = intent.withoutController
    ? leftovers.map(({ namespace, name }): Goal => {
        return { kind: 'tracking-gone', cluster, binding: { namespace, name } };
      })
    : [];
  return [...bindings, ...records];
}

const trackedKind = (tracked: Member['tracked']): string | undefined => valueOf(tracked)?.kind;

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

/** What is waited for in the end, whether there are steps or not. */
export function leaveGoals(subject: LeaveCase): readonly Goal[] {
  const { intent, leaving, localService } = subject;
  const { namespace, name } = intent.localService;
  return [
    ...drained(subject),
    ...removed(subject),
    ...(intent.deleteService && localService
      ? [
          {
            kind: 'service-gone' as const,
            cluster: leaving.context,
            service: { namespace, name },
          },
        ]
      : []),
  ];
}
