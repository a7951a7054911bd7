import { purgeHint } from '../model/nlbmc-hints.ts';
import { nameText } from '../model/kubernetes.ts';
import { eligibleKeys, isRegistered, type Member } from '../observed/member.ts';
import { type Answer, converging, done, staleAfterMs, unknownBy } from './progress-answer.ts';
import type { Target } from '../model/target.ts';
import { targetKey, targetText, trackedKeys } from '../model/target-key.ts';
import { count } from '../model/words.ts';

/**
 * Whether one of `targets`, own endpoints when the flag was set, has gone since and is still
 * registered without being tracked: the first pass with the flag records the endpoints of that
 * moment and deregisters nothing (`pkg/targetgroupbinding/multicluster_manager.go`), so that no controller
 * ever deregisters it. `waits`: it looks like that, and counts if it lasts.
 */
export function leakedAnswer(
  { cluster, binding, eligible, tracked, registered }: Member,
  targets: readonly Target[],
  waitedMs: number,
): { readonly answer: Answer; readonly waits: boolean } {
  if (!eligible.ok) return { answer: unknownBy(eligible.problem), waits: waitedMs > 0 };
  if (!tracked.ok) return { answer: unknownBy(tracked.problem), waits: waitedMs > 0 };
  if (!registered.ok) return { answer: unknownBy(registered.problem), waits: waitedMs > 0 };
  const own = new Set(targets.map(targetKey));
  const kept = new Set([...eligibleKeys(eligible.value), ...trackedKeys(tracked.value)]);
  const leaked = registered.value
    .filter(isRegistered)
    .map(({ target }) => target)
    .filter((target) => own.has(targetKey(target)) && !kept.has(targetKey(target)));
  const total = targets.length;
  if (leaked.length === 0) {
    return {
      answer: done(`${nameText(binding)} has no leaked target`, total, total),
      waits: false,
    };
  }
  const one = leaked.length === 1;
  const text = `${count(leaked.length, 'endpoint')} of ${nameText(binding)} no longer ${one ? 'exists' : 'exist'}, but ${one ? 'is' : 'are'} still registered and not tracked: ${leaked.map(targetText).join(', ')}`;
  const open = converging(text, total - leaked.length, total);
  if (waitedMs < staleAfterMs) return { answer: open, waits: true };
  const owner = { namespace: binding.namespace, name: binding.serviceName };
  const problem = {
    code: 'targets-would-leak',
    message: `${text}. The controller never deregisters ${one ? 'it' : 'them'}.`,
    hints: [purgeHint({ service: owner }, [cluster.context])],
    about: {
      cluster: cluster.context,
      binding: { namespace: binding.namespace, name: binding.name },
    },
  } as const;
  return { answer: { ...open, state: 'stuck', problem }, waits: true };
}
