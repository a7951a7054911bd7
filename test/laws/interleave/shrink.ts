import type { Entry, Schedule } from './schedule.ts';

/** A smaller schedule that still fails: no single entry, and no death of a run, can be left out. */
export async function shrink(
  schedule: Schedule,
  fails: (schedule: Schedule) => Promise<boolean>,
): Promise<Schedule> {
  let smallest = schedule;
  for (
    let size = Math.ceil(schedule.length / 2);
    size >= 1;
    size = size === 1 ? 0 : Math.ceil(size / 2)
  ) {
    for (let at = 0; at < smallest.length;) {
      const fewer = [...smallest.slice(0, at), ...smallest.slice(at + size)];
      if (fewer.length < smallest.length && (await fails(fewer))) smallest = fewer;
      else at += size;
    }
  }
  for (const [at, { dieAfter, ...alive }] of smallest.entries()) {
    if (dieAfter === undefined) continue;
    const simpler: readonly Entry[] = smallest.with(at, alive);
    if (await fails(simpler)) smallest = simpler;
  }
  return smallest;
}
