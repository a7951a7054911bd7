import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { openShell } from '../walkthrough/shell.ts';
import { existingWorkload } from '../walkthrough/walkthrough-commands.ts';
import type { Cost } from './document.ts';
import { inPlace, type Place, type PlaceOptions } from './place.ts';
import type { Work } from './paired.ts';
import { cost, sumOf } from './process.ts';

/** The controllers' time between two steps of a person: minutes of the practice world. */
const BETWEEN_MS = 250;

/** A command line of nlbmc in a place. */
export const nlbmc = (bin: string, line: string, { env }: Place): Promise<Cost> =>
  cost([process.execPath, bin, ...line.split(' ')], env);

const others = ({ contexts }: Place): string => contexts.slice(1).join(',');

/** More targets than AWS's usual limit are no question here: `place.ts` has raised it. */
const SURE = '--yes --accept target-limit-near';

export const enroll = (bin: string, place: Place): Promise<Cost> =>
  nlbmc(
    bin,
    `enroll nginx --primary ${place.contexts[0]} --context ${others(place)} ${SURE}`,
    place,
  );

export const verifyLine = ({ contexts }: Place): string =>
  `verify nginx --context ${contexts.join(',')}`;

export const verify = (bin: string, place: Place): Promise<Cost> =>
  nlbmc(bin, verifyLine(place), place);

/** enable, join and verify, as three processes. */
export async function threeProcesses(bin: string, place: Place): Promise<Cost> {
  const [primary] = place.contexts;
  const enabled = await nlbmc(bin, `enable nginx --context ${primary} --yes`, place);
  const join = `join nginx --context ${others(place)} --primary ${primary} --yes`;
  const joined = await nlbmc(bin, join, place);
  return sumOf([enabled, joined, await verify(bin, place)]);
}

/** The walkthrough's commands at a shell: those of these steps, or all. */
async function byHand(place: Place, steps: readonly string[] | undefined): Promise<Cost> {
  const shell = openShell(place.env as Readonly<Record<string, string>>);
  const costs: Cost[] = [];
  try {
    for (const { step, command } of existingWorkload) {
      if (steps && !steps.includes(step)) continue;
      costs.push(await cost(['bash', '-euo', 'pipefail', '-c', command], shell.env, shell.cwd));
      await sleep(BETWEEN_MS);
    }
    return sumOf(costs);
  } finally {
    rmSync(shell.cwd, { recursive: true });
  }
}

/** A work in a fresh world for each run. */
export const fresh =
  (o: PlaceOptions, work: (place: Place) => Promise<Cost>): Work =>
  () =>
    inPlace(o, work);

/** What changes something: steps 2, 6 and 8, the look at the target group included. */
export const shortHand = (o: PlaceOptions): Work =>
  fresh(o, (place) => byHand(place, ['2', '6', '8']));

/** Steps 1 to 8, the application of the second cluster and every look included. */
export const longHand = (o: PlaceOptions): Work =>
  fresh({ ...o, pods: 0 }, (place) => byHand(place, undefined));
