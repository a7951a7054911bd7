import type { Goal, Progress } from '../core/plan/goal.ts';
import type { Observed } from '../core/observed/observed.ts';
import type { Memory } from '../core/progress/progress-answer.ts';
import { progressOf } from '../core/progress/progress.ts';
import { toldByKubernetes } from '../core/progress/told-by-kubernetes.ts';
import { watchesOf } from './watches.ts';
import { stopIfInterrupted, type World } from './world.ts';

/** How far each goal is, folded over what was seen before. */
export function look(
  goals: readonly Goal[],
  observed: Observed,
  memory: Memory,
): { readonly progress: readonly Progress[]; readonly memory: Memory } {
  const progress: Progress[] = [];
  let remembered = memory;
  for (const goal of goals) {
    const one = progressOf(goal, observed, remembered);
    progress.push(one.progress);
    remembered = one.memory;
  }
  return { progress, memory: remembered };
}

/**
 * Whether waiting longer does not help: a goal is stuck, of all clusters that do not depend on one
 * another one in each that is not done, or one that they share.
 */
function isOver(progress: readonly Progress[], sideBySide: readonly string[]): boolean {
  const groupOf = ({ goal }: Progress): string =>
    'cluster' in goal && sideBySide.includes(goal.cluster ?? '') ? (goal.cluster ?? '') : '';
  const open = new Set(progress.filter(({ state }) => state !== 'done').map(groupOf));
  const stuck = new Set(progress.filter(({ state }) => state === 'stuck').map(groupOf));
  return stuck.has('') || [...open].every((group) => stuck.has(group));
}

/**
 * Looks again and again until every goal is reached, one is stuck, or the time is up. Clusters that are
 * `sideBySide` do not end the wait of the others. `seen` is
 * told the progress after each look, so that an interruption can still report the last one. With
 * `first`, that observation is the first look. Raises Interrupted.
 */
export async function awaitGoals(
  world: World,
  o: {
    readonly goals: readonly Goal[];
    readonly timeoutMs: number;
    readonly first?: Observed;
    readonly sideBySide?: readonly string[];
    readonly observe: (before?: Observed) => Promise<Observed>;
    readonly seen: (progress: readonly Progress[], observed: Observed) => void;
  },
): Promise<void> {
  const started = world.now();
  const watches = watchesOf(world);
  try {
    let observed = o.first ?? (await o.observe());
    let memory: Memory = {};
    for (;;) {
      const looked = look(o.goals, observed, memory);
      memory = looked.memory;
      o.seen(looked.progress, observed);
      const elapsedMs = world.now() - started;
      if (isOver(looked.progress, o.sideBySide ?? [])) return;
      world.emit({ kind: 'waiting', progress: looked.progress, elapsedMs });
      if (elapsedMs >= o.timeoutMs) return;
      const open = looked.progress.filter(({ state }) => state !== 'done');
      const telling = open.flatMap(({ goal }) => toldByKubernetes(goal) ?? []);
      await watches.pause(o.timeoutMs - elapsedMs, { observed, telling });
      stopIfInterrupted(world);
      observed = await o.observe(observed);
    }
  } finally {
    watches.close();
  }
}
