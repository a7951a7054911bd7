import { describeBindingHint } from '../model/hint.ts';
import { nameText } from '../model/kubernetes.ts';
import type { RepairGoal } from '../plan/goal.ts';
import { millisOf } from '../model/instant.ts';
import type { Binding } from '../model/kubernetes.ts';
import type { ClusterView } from '../model/cluster-view.ts';
import { eligibleKeys, isRegistered, memberOf } from '../observed/member.ts';
import type { Observed } from '../observed/observed.ts';
import { partsOf } from '../observed/port-case.ts';
import { type Answer, converging, done, type Memory, unknownBy } from './progress-answer.ts';
import { targetKey, trackedKeys } from '../model/target-key.ts';
import { count } from '../model/words.ts';

/** How long a full reconcile may have been over before what it left undone counts as left. */
const overForMs = 10_000;

/**
 * How far a goal of a repair is. A controller that has run a full reconcile (its checkpoint is written
 * again) and still lacks something used an outdated list of targets, which it keeps for five minutes
 * (`pkg/targetgroupbinding/targets_manager.go`): it counts itself as done, so waiting does not help.
 * Another reconcile has to be triggered.
 */
export function repairProgress(
  goal: Extract<RepairGoal, { kind: 'binding-mended' }>,
  observed: Observed,
  cluster: ClusterView,
  binding: Binding,
  memory: Memory,
): { readonly answer: Answer; readonly memory: Memory } {
  const now = millisOf(observed.at);
  const id = `binding-mended/${goal.cluster}/${nameText(binding)}`;
  const { [id]: since, ...rest } = memory;
  const { eligible, tracked, registered } = memberOf(observed, cluster, binding);
  for (const reading of [eligible, tracked, registered]) {
    if (!reading.ok) return { answer: unknownBy(reading.problem), memory };
  }
  if (!eligible.ok || !tracked.ok || !registered.ok) throw new Error('a reading changed');
  const parts = partsOf(observed, binding.targetGroupArn);
  const others = parts.filter(({ member }) => member.binding !== binding);
  const there = new Set(
    registered.value.filter(isRegistered).map(({ target }) => targetKey(target)),
  );
  const recorded = trackedKeys(tracked.value);
  // One that another binding tracks is deregistered there again: a reconcile of this binding does not repair it.
  const wanted = [...eligibleKeys(eligible.value)].filter(
    (key) => there.has(key) || !others.some((other) => other.tracked.has(key)),
  );
  const right = wanted.filter((key) => there.has(key) && recorded.has(key)).length;
  const eligibleHere = eligibleKeys(eligible.value);
  const left = [...there].filter(
    (key) =>
      recorded.has(key) &&
      !eligibleHere.has(key) &&
      !others.some((other) => other.eligible.has(key) || other.tracked.has(key)),
  ).length;
  const text = `${right} of ${count(wanted.length, 'endpoint')} of ${nameText(binding)} tracked and registered${left > 0 ? `; ${count(left, 'target')} without an endpoint still registered` : ''}`;
  // The repair is about registration; whether the targets serve is known after their first checks.
  const checking = registered.value.filter(
    ({ target, state }) => state === 'initial' && wanted.includes(targetKey(target)),
  ).length;
  if (right === wanted.length && left === 0 && checking > 0) {
    const answer = converging(
      `${text}; ${checking} ${checking === 1 ? 'has its' : 'have their'} first health checks`,
      right,
      wanted.length,
    );
    return { answer, memory: rest };
  }
  if (right === wanted.length && left === 0) {
    return { answer: done(text, right, wanted.length), memory: rest };
  }
  const looked = binding.checkpoint !== undefined && binding.checkpoint !== '';
  if (!looked) {
    const answer = converging(
      `${text}; the controller has not finished its reconcile`,
      right,
      wanted.length,
    );
    return { answer, memory: rest };
  }
  const first = since ?? now;
  const kept = { ...rest, [id]: first };
  if (now - first < overForMs)
    return { answer: converging(text, right, wanted.length), memory: kept };
  return {
    answer: {
      state: 'stuck',
      done: right,
      total: wanted.length,
      text,
      problem: {
        code: 'endpoint-unregistered',
        message: `The controller of ${goal.cluster} has reconciled ${nameText(binding)}, but some targets are still missing. It uses a list of targets that may be 5 minutes old, and treats targets that were healthy in that list as registered. nlbmc triggers another reconcile until AWS shows them.`,
        hints: [describeBindingHint(goal.cluster, binding)],
        about: { cluster: goal.cluster, binding: goal.binding },
      },
    },
    memory: kept,
  };
}
