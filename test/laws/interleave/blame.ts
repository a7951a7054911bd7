import { acts } from './acts.ts';
import type { Breach } from './breaches.ts';
import { commands } from './commands.ts';
import { type History, play, type Ran } from './play.ts';
import type { Program } from './program.ts';
import type { Fall, Loss } from './records.ts';
import type { Entry, Schedule } from './schedule.ts';
import type { Upset } from './upsets.ts';

/** Something that nlbmc is to blame for, and by which of its runs. */
export type Fault = (
  | { readonly kind: 'loss' | 'fall'; readonly harm: Loss | Fall }
  | { readonly kind: 'breach'; readonly harm: Breach }
  | { readonly kind: 'upset'; readonly harm: Upset }
) & { readonly ran: Ran };

/** All that a history shows and that is ours; see `oursOfLoss` and `oursOfFall`. */
export async function faultsOf(
  program: Program,
  schedule: Schedule,
  history: History,
): Promise<readonly Fault[]> {
  const faults: Fault[] = [];
  const seen = new Set<string>();
  for (const loss of history.losses) {
    // One deregistration often takes out several targets: one of them is enough to know.
    const one = `${loss.order} ${loss.since}`;
    const ran = seen.has(one) ? undefined : await oursOfLoss(program, schedule, history, loss);
    seen.add(one);
    if (ran) faults.push({ kind: 'loss', harm: loss, ran });
  }
  for (const fall of history.falls) {
    const ran = await oursOfFall(program, schedule, history, fall);
    if (ran) faults.push({ kind: 'fall', harm: fall, ran });
  }
  for (const upset of onePerKind(history.upsets)) {
    const ran = await oursOfUpset(program, schedule, history, upset);
    if (ran) faults.push({ kind: 'upset', harm: upset, ran });
  }
  for (const breach of history.breaches) {
    const ran = history.ran.find(({ entry }) => entry === breach.entry);
    if (ran) faults.push({ kind: 'breach', harm: breach, ran });
  }
  return faults;
}

/**
 * The run that a loss is to be blamed on, if it is ours: if it vanishes when what nlbmc wrote after
 * the target's last registration is taken out of the same schedule. Not so where it also takes what
 * a person did by hand once that run had begun: then the person is nearer to it.
 */
async function oursOfLoss(
  program: Program,
  schedule: Schedule,
  { ran }: History,
  loss: Loss,
): Promise<Ran | undefined> {
  const later = ran.filter(({ writes }) =>
    writes.some((order) => order > loss.since && order < loss.order),
  );
  const last = later.at(-1);
  if (!last) return undefined;
  const undone = await play(program, schedule, { writesFrom: loss.since });
  if (losesAgain(undone, loss)) return undefined;
  const nearest = later.length === 1 ? last : await nearestOf(program, schedule, loss, later);
  const byHand = schedule.filter(
    ({ at, what }) => acts[what]?.kind === 'hand' && at >= nearest.entry.at,
  );
  if (byHand.length === 0) return nearest;
  const untouched = await play(program, schedule, { entries: byHand });
  return losesAgain(untouched, loss) ? nearest : undefined;
}

/** Whoever's the target is by then: what counts is that it is taken out of the target group. */
const losesAgain = ({ removals }: History, { arn, target, owner, since }: Loss): boolean =>
  removals.some(
    (one) => one.arn === arn && one.target === target && one.by !== owner && one.order >= since,
  );

/** The last run without which the loss does not happen; the last of all where only their sum counts. */
async function nearestOf(
  program: Program,
  schedule: Schedule,
  loss: Loss,
  later: readonly Ran[],
): Promise<Ran> {
  for (const ran of later.toReversed()) {
    const history = await play(program, schedule, { entries: [ran.entry] });
    if (!losesAgain(history, loss)) return ran;
  }
  return later.at(-1) as Ran;
}

/** How long after its end a run may still be why a controller does something. */
const ECHO_MS = 60_000;

/**
 * The run that took the last healthy target, if it was ours: if the fall vanishes without the run
 * that had written and was not over for long, and took it out itself or had its cluster do so. Not
 * so where it also takes what else happened while the run was under way: nlbmc decides on what it saw.
 */
async function oursOfFall(
  program: Program,
  schedule: Schedule,
  { ran }: History,
  fall: Fall,
): Promise<Ran | undefined> {
  const near = ran.findLast(
    ({ entry, writes, until }) =>
      [entry.cluster, 'nlbmc'].includes(fall.by) &&
      writes.some((order) => order < fall.order) &&
      fall.at <= until + ECHO_MS,
  );
  if (!near) return undefined;
  if (fallsAgain(await play(program, schedule, { entries: [near.entry] }), fall)) return undefined;
  const meanwhile = schedule.filter(
    ({ at, what }) => !commands[what] && at >= near.from && at <= fall.at,
  );
  if (meanwhile.length === 0) return near;
  const untouched = await play(program, schedule, { entries: meanwhile });
  return fallsAgain(untouched, fall) ? near : undefined;
}

const fallsAgain = ({ falls }: History, { arn, at }: Fall): boolean =>
  falls.some((one) => one.arn === arn && Math.abs(one.at - at) <= ECHO_MS);

const isAlike = (one: Upset, other: Upset): boolean =>
  one.kind === other.kind &&
  one.by === other.by &&
  (one.kind !== 'made another' || plain(one) === plain(other));

/** The name without the hash at its end, in which the UID of the Service is: it differs from play to play. */
const plain = ({ of }: Upset): string => of.replace(/-[0-9a-f]{10}$/, '');

/** One of each kind is enough to know. */
const onePerKind = (upsets: readonly Upset[]): readonly Upset[] =>
  upsets.filter((one, n) => upsets.findIndex((other) => isAlike(one, other)) === n);

/**
 * The handover that upset the load balancer, if it was ours: if nothing of the kind happens without the
 * last one that had written. Not so where it takes what a person did by hand once that run had begun.
 */
async function oursOfUpset(
  program: Program,
  schedule: Schedule,
  { ran }: History,
  upset: Upset,
): Promise<Ran | undefined> {
  const near = ran.findLast(
    ({ entry, writes }) => entry.what === 'handover' && writes.some((order) => order < upset.order),
  );
  if (!near) return undefined;
  // Targets leave for many reasons, and come back in other ways than without a handover.
  if (upset.kind === 'left it' && upset.at > near.until + ECHO_MS) return undefined;
  const happens = async (entries: readonly Entry[]): Promise<boolean> =>
    (await play(program, schedule, { entries })).upsets.some((one) => isAlike(one, upset));
  if (await happens([near.entry])) return undefined;
  const byHand = schedule.filter(
    ({ at, what }) => acts[what]?.kind === 'hand' && at >= near.entry.at,
  );
  return byHand.length === 0 || (await happens(byHand)) ? near : undefined;
}
