import type { Cost, Paired, Timed } from './document.ts';
import { median, medianCost } from './process.ts';

/** One work, made anew for each run. */
export type Work = () => Promise<Cost>;

/** Measures two works in turn, so that a machine whose speed changes is as fast for both. */
export async function paired(
  words: { readonly what: string; readonly against: string },
  runs: number,
  a: Work,
  b: Work,
): Promise<Paired> {
  const costs: { readonly a: Cost; readonly b: Cost }[] = [];
  await a();
  await b();
  for (let n = 0; n < runs; n += 1) costs.push({ a: await a(), b: await b() });
  const ratio = (of: (cost: Cost) => number): number =>
    Math.round(median(costs.map((one) => of(one.a) / of(one.b))) * 100) / 100;
  return {
    ...words,
    runs,
    a: medianCost(costs.map((one) => one.a)),
    b: medianCost(costs.map((one) => one.b)),
    cpuRatio: ratio(({ cpuMs }) => cpuMs),
    wallRatio: ratio(({ wallMs }) => wallMs),
  };
}

/** Measures one work several times, after a run that does not count. */
export async function timed(what: string, runs: number, work: Work): Promise<Timed> {
  await work();
  const costs: Cost[] = [];
  for (let n = 0; n < runs; n += 1) costs.push(await work());
  return { what, runs, ...medianCost(costs) };
}
