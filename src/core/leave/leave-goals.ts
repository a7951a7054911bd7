import { drainSeconds } from '../plan/drain-timeout.ts';
import type { Goal } from '../plan/goal.ts';
import type { LeaveCase } from './leave-case.ts';
import type { LeavePort } from './leave-port.ts';
import type { Member } from '../observed/member.ts';
import { valueOf } from '../model/problem.ts';
import type { Target } from '../model/target.ts';
import { targetKey } from '../model/target-key.ts';

/** AWS, records and endpoints have no order of their own: the same plan made again is the same text. */
export const inOrder = (targets: readonly Target[]): readonly Target[] =>
  targets.toSorted((a, b) => (targetKey(a) < targetKey(b) ? -1 : 1));

/** The targets without those that are known to be another cluster's, or of a binding that stays. */
export const withoutForeign = (
  targets: readonly Target[],
  { contested, shared }: LeavePort,
): readonly Target[] => {
  const foreign = new Set(
    [...contested.filter(({ unsure }) => !unsure), ...shared].map(({ target }) =>
      targetKey(target),
    ),
  );
  return targets.filter((target) => !foreign.has(targetKey(target)));
};

/**
 * Targets that have to be gone from AWS. Without a binding that says whose they are, also whatever
 * drains: a run before this one may have been cut off.
 */
function awaited({ intent }: LeaveCase, port: LeavePort): readonly Target[] {
  if (!port.group) return [];
  const there = port.registered.filter(({ reason }) => reason !== 'Target.NotRegistered');
  const mine = new Set([...port.tracked, ...port.eligible].map(targetKey));
  if (port.members.length === 0) {
    const left = there
      .filter(({ target, state }) => state === 'draining' || mine.has(targetKey(target)))
      .map(({ target }) => target);
    return intent.withoutController ? withoutForeign(left, port) : left;
  }
  // The controller registers again what a binding that stays has: that need not be gone.
  const kept = new Set(port.shared.map(({ target }) => targetKey(target)));
  const all = [...port.tracked, ...port.eligible, ...port.others].filter(
    (target) => !kept.has(targetKey(target)),
  );
  const unique = [...new Map(all.map((target) => [targetKey(target), target])).values()];
  return intent.withoutController ? withoutForeign(unique, port) : unique;
}

/** The targets that this leave waits for until AWS has none of them. */
export function drained(subject: LeaveCase): readonly Goal[] {
  return subject.ports.flatMap((port): readonly Goal[] => {
    const targets = awaited(subject, port);
    if (targets.length === 0) return [];
    return [
      {
        kind: 'targets-gone',
        cluster: subject.leaving.context,
        targetGroupArn: port.arn,
        targets: inOrder(targets),
        delaySeconds: drainSeconds(port.group),
      },
    ];
  });
}

/** The bindings and ConfigMaps that this leave waits for until they are gone. */
export function removed({ ports, leaving, leftovers, intent }: LeaveCase): readonly Goal[] {
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

/** Whether the record of a binding is there: `set` or `missing`; undefined where it was not read. */
export const trackedKind = (tracked: Member['tracked']): string | undefined =>
  valueOf(tracked)?.kind;

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
