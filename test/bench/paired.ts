import type { Cost, Paired, Timed } from './document.ts';
import { median, medianCost } from './process.ts';

/** One work, made anew for each run. */
export type Work = () => Promise<Cost>;

/** How often a work is measured: `runs` times, but fewer where that takes longer than `ms`; once in any case. */
export interface Often {
  readonly runs: number;
  readonly ms: number;
}

/** Measures two works in turn, so that a machine whose speed changes is as fast for both. */
export async function paired(
  words: Pick<Paired, 'what' | 'against' | 'goal'>,
  often: Often,
  a: Work,
  b: Work,
): Promise<Paired> {
  const costs = await repeated(often, async () => ({ a: await a(), b: await b() }));
  const ratio = (of: (cost: Cost) => number): number =>
    Math.round(median(costs.map((one) => of(one.a) / of(one.b))) * 100) / 100;
  return {
    ...words,
    runs: costs.length,
    a: medianCost(costs.map((one) => one.a)),
    b: medianCost(costs.map((one) => one.b)),
    cpuRatio: ratio(({ cpuMs }) => cpuMs),
    wallRatio: ratio(({ wallMs }) => wallMs),
  };
}

/** Measures one work several times. */
export async function timed(what: string, often: Often, work: Work): Promise<Timed> {
  const costs = await repeated(often, work);
  return { what, runs: costs.length, ...medianCost(costs) };
}

/** The first run does not count, unless there is no time for a second one. */
async function repeated<T>({ runs, ms }: Often, measure: () => Promise<T>): Promise<readonly T[]> {
  const end = performance.now() + ms;
  const first = await measure();
  const found: T[] = [];
  while (found.length < runs && performance.now() < end) found.push(await measure());
  return found.length > 0 ? found : [first];
}
