import { nameText } from '../model/kubernetes.ts';
import type { Progress } from '../plan/goal.ts';
import { isRegistered, type Member } from '../observed/member.ts';
import { targetKey, targetText, trackedKeys } from '../model/target-key.ts';
import { targetWords } from '../model/target-words.ts';
import { count } from '../model/words.ts';

/**
 * How many of a binding's eligible endpoints are tracked, registered and healthy, and what the
 * first of the others does. Without endpoints it is done when the controller has taken the binding
 * on: there is nothing to wait for, and the caller says `without capacity`. All readings are known.
 */
export function healthProgress(member: Member): Omit<Progress, 'goal'> {
  const { binding, eligible, tracked, registered } = member;
  const targets = eligible.ok ? eligible.value : [];
  const recorded = tracked.ok ? trackedKeys(tracked.value) : new Set<string>();
  const byKey = new Map(
    (registered.ok ? registered.value : []).map((target) => [targetKey(target.target), target]),
  );
  const open = targets.flatMap(({ target, gatePending }) => {
    const key = targetKey(target);
    const found = byKey.get(key);
    if (!found || !isRegistered(found)) {
      return `${targetText(target)} is not registered yet`;
    }
    if (!recorded.has(key)) return `${targetText(target)} is registered and not tracked`;
    if (found.state === 'healthy') return [];
    const gate = gatePending ? '; its pod waits for that in a readiness gate' : '';
    return `${targetText(target)} ${targetWords(found).text}${gate}`;
  });
  const done = targets.length - open.length;
  const counted = `${done} of ${count(targets.length, 'endpoint')} healthy`;
  if (!binding.multiCluster) {
    return {
      state: 'converging',
      done,
      total: targets.length,
      text: `${nameText(binding)} is not multi-cluster`,
    };
  }
  if (targets.length === 0) {
    const acted = (binding.observedGeneration ?? 0) >= binding.generation;
    return {
      state: acted ? 'done' : 'converging',
      done: 0,
      total: 0,
      text: acted
        ? `${nameText(binding)} has no eligible endpoint: nothing serves`
        : `${nameText(binding)} has no eligible endpoint, and the controller has not acted on it yet`,
    };
  }
  return {
    state: open.length === 0 ? 'done' : 'converging',
    done,
    total: targets.length,
    text: open[0] === undefined ? counted : `${counted}; ${open[0]}`,
  };
}
