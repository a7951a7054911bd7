import type { Observed } from '../core/observed/observed.ts';
import { advice } from '../core/model/hint.ts';
import type { Problem } from '../core/model/problem.ts';
import { eachOnce, problemKey } from '../core/model/problem-key.ts';
import type { Step } from '../core/plan/plan.ts';
import type { Report } from '../core/plan/report.ts';
import { goalsWithout } from '../core/plan/side-by-side.ts';
import type { Change } from './change.ts';
import { type ChangeEnd, changeReport } from './change-report.ts';
import { decide, type Decision, weigh } from './decide.ts';
import { echoesOf } from './echoes.ts';
import { makeSteps } from './make-steps.ts';
import { observe } from './observe.ts';
import { recheck } from './recheck.ts';
import { type Run, timeoutOf, waitFor } from './run.ts';
import { Interrupted, stopIfInterrupted, type World } from './world.ts';

/** How often a plan is made again because the world moved before the first write. */
const ATTEMPTS = 3;

/** Somebody else was faster: what they made of it may well do. */
const isRace = ({ code }: Problem): boolean => code === 'object-changed';

/** A changing command's end, with what it decided. */
export interface Outcome {
  readonly report: Report;
  /** Undefined when it was interrupted before it knew. */
  readonly decision?: Decision;
  /** What was seen last while waiting. */
  readonly seen?: Observed;
}

/**
 * Runs a changing command: decide, ask, write, wait, report. Nothing is written while a blocker or
 * a question is open. An interruption ends it with a report of what was done. Raises
 * ProblemError for a question that cannot be asked.
 */
export async function runChange(world: World, change: Change): Promise<Outcome> {
  const run: Run = { writes: [], sending: 0, failed: [], progress: [] };
  const end = await carryOut(world, change, run).catch((error: unknown): ChangeEnd => {
    if (!(error instanceof Interrupted) && !world.signal?.aborted) throw error;
    return { kind: 'interrupted', signal: String(world.signal?.reason) };
  });
  const report = changeReport({ ...run, change, end, at: new Date(world.now()).toISOString() });
  return {
    report,
    ...(run.decision ? { decision: run.decision } : {}),
    ...(run.seen ? { seen: run.seen } : {}),
  };
}

async function carryOut(world: World, change: Change, run: Run): Promise<ChangeEnd> {
  for (let attempt = 1; ; attempt += 1) {
    const decision = await decide(world, change);
    run.decision = decision;
    const { plan, observed } = decision;
    const [first] = plan.blockers;
    if (first && attempt < ATTEMPTS && plan.blockers.every(isRace)) {
      world.emit({ kind: 'retrying', text: first.message, delayMs: 0 });
      continue;
    }
    if (first) return { kind: 'refused', problems: plan.blockers };
    if (change.dryRun) return { kind: 'dry-run' };
    if (plan.steps.length > 0) {
      world.emit({ kind: 'targets-of-write', clusters: echoesOf(observed) });
      world.emit({ kind: 'planned', plan });
      const answer = await change.confirm(plan.cautions);
      // Ctrl-C at the question is no answer to it.
      stopIfInterrupted(world);
      if (!answer) return { kind: 'declined' };
      const command = change.rerun?.(observed, plan);
      if (command !== undefined) {
        run.rerun = command;
        world.emit({ kind: 'rerun', command });
      }
    }
    const stale = plan.steps.length > 0 ? await moved(world, change, decision) : undefined;
    if (stale?.unread) return { kind: 'refused', problems: [stale] };
    if (!stale && plan.steps.length > 0) {
      const unmet = await change.before?.(observed, plan);
      if (unmet) return { kind: 'refused', problems: [unmet] };
    }
    const problem = stale ?? (await makeAll(world, change, run, decision));
    if (problem === 'not-reached') return { kind: 'awaited' };
    if (!problem) break;
    const untouched = run.writes.length === 0;
    if (!untouched || !isRace(problem) || attempt === ATTEMPTS) {
      return { kind: 'write-failed', problem, done: run.writes.length };
    }
    // Somebody changed the object meanwhile, and nothing of ours is written: decide afresh.
    world.emit({ kind: 'retrying', text: problem.message, delayMs: 0 });
  }
  const { plan, observed } = run.decision;
  const failed = run.failed.map(({ cluster }) => cluster);
  if (failed.length > 0 && failed.length === plan.sideBySide?.length) return { kind: 'awaited' };
  await waitFor(world, change, run, {
    goals: goalsWithout(plan.goals, failed),
    observed,
    ...(plan.steps.length === 0 ? { first: observed } : {}),
    ...(plan.sideBySide ? { sideBySide: plan.sideBySide } : {}),
  });
  return change.repeats ? repeat(world, change, run, run.decision) : { kind: 'awaited' };
}

/** Makes the steps, and plans again where a plan says that the rest of it was planned ahead. */
async function makeAll(
  world: World,
  change: Change,
  run: Run,
  first: Decision,
): Promise<Problem | 'not-reached' | undefined> {
  const { steps, later, documents } = first.plan;
  let decision = first;
  let told = first.plan.cautions;
  for (;;) {
    const written = run.writes.length;
    const made = await makeSteps(world, change, run, decision);
    if (made !== 'replan') return made;
    // What was written has taken effect: what comes next has the whole time again.
    if (run.writes.length > written) delete run.waitsSince;
    const again = await planAgain(world, change, run, { ...decision, told });
    if ('code' in again) return again;
    decision = again;
    told = eachOnce([...told, ...again.plan.cautions]);
    const { later: _, ...plan } = again.plan;
    const asTold = { ...plan, steps, ...(later ? { later } : {}), documents, cautions: told };
    run.decision = { ...again, plan: asTold };
  }
}

/**
 * The rest of a plan, from what the wait before it has seen. Steps that are as they were planned
 * have been rehearsed; others are rehearsed now, and a caution that was not `told` before is asked about.
 */
async function planAgain(
  world: World,
  change: Change,
  run: Run,
  {
    plan: before,
    observed,
    told,
  }: Decision & {
    readonly told: readonly Problem[];
  },
): Promise<Decision | Problem> {
  const seen = run.seen ?? observed;
  const waits = before.steps.findIndex((step) => step.kind === 'wait' && step.replans);
  const rest = stepsText(before.steps.slice(waits + 1));
  const plan = change.plan(seen, true);
  const same = plan.blockers.length === 0 && stepsText(plan.steps) === rest;
  const again = same ? { observed: seen, plan } : await weigh(world, change, seen, true);
  const [blocker] = again.plan.blockers;
  if (blocker) return blocker;
  if (again.plan.steps.length === 0) return again;
  const asked = new Set(told.map(problemKey));
  const fresh = again.plan.cautions.filter((caution) => !asked.has(problemKey(caution)));
  // What was told before is not told again.
  const { later, ...steps } = again.plan;
  const ahead = later && !before.later ? { later } : {};
  if (!same) world.emit({ kind: 'planned', plan: { ...steps, ...ahead, cautions: fresh } });
  const answer = fresh.length === 0 || (await change.confirm(fresh));
  stopIfInterrupted(world);
  if (!answer) return { code: 'declined', message: 'The question was not answered with yes.' };
  const unmet = await change.before?.(again.observed, again.plan);
  stopIfInterrupted(world);
  return unmet ?? again;
}

/** Steps as a person reads them: the version of an object, and when a plan was made, are no part of it. */
const stepsText = (steps: readonly Step[]): string =>
  JSON.stringify(steps, (key, value: unknown) =>
    key === 'resourceVersion' || key === 'at' ? undefined : value,
  );

/** How long to let a controller be before steps that it made nothing of are made once more. */
const pauseBeforeAgain = (n: number): number => Math.min(10_000 * 2 ** (n - 1), 60_000);

/**
 * Makes steps again whose goals are stuck, as long as the time lasts: each time decided afresh, from
 * what is there then. The person has said yes to what is done, not to how often.
 */
async function repeat(world: World, change: Change, run: Run, first: Decision): Promise<ChangeEnd> {
  for (let n = 1; ; n += 1) {
    const stuck = run.progress.find(({ state }) => state === 'stuck');
    const leftMs = timeoutOf(change, run) - (world.now() - (run.waitsSince ?? world.now()));
    const delayMs = pauseBeforeAgain(n);
    if (!stuck || leftMs <= delayMs) return { kind: 'awaited' };
    world.emit({ kind: 'retrying', text: stuck.problem?.message ?? stuck.text, delayMs });
    await world.sleep(delayMs, world.signal);
    stopIfInterrupted(world);
    const again = await decide(world, change);
    const [blocker] = again.plan.blockers;
    if (blocker) return { kind: 'write-failed', problem: blocker, done: run.writes.length };
    const { unmended, skips } = again.plan;
    const told = { ...first.plan, skips, ...(unmended ? { unmended } : {}) };
    run.decision = { observed: again.observed, plan: told };
    const problem = await makeAll(world, change, run, again);
    if (problem === 'not-reached') return { kind: 'awaited' };
    if (problem && !isRace(problem)) {
      return { kind: 'write-failed', problem, done: run.writes.length };
    }
    await waitFor(world, change, run, { goals: first.plan.goals, observed: again.observed });
    // Nothing more is to be done about it: what stays is told.
    if (again.plan.steps.length === 0) return { kind: 'awaited' };
  }
}

/**
 * Why the plan no longer fits: the Service it depends on was replaced since then, or
 * cannot be read any more; where the command plans again, the steps are other ones. It is read again
 * where a person was asked: they may have taken their time to answer.
 */
async function moved(
  world: World,
  change: Change,
  { observed, plan, rechecked }: Decision,
): Promise<Problem | undefined> {
  if (change.replans) {
    const now = await observe(world, change.wants, observed);
    const again = change.plan(now, true);
    const unread = again.blockers.find((problem) => problem.unread);
    if (unread) return unread;
    if (JSON.stringify(again.steps) === JSON.stringify(plan.steps)) return undefined;
    return {
      code: 'object-changed',
      message:
        'Something has changed since the plan was made: planning again gives a different result.',
      hints: [advice('Run the same command again.')],
    };
  }
  // A question and what is done before the first write take time.
  const asked = change.asksAlways === true || plan.cautions.length > 0;
  const now = asked || change.before ? undefined : rechecked;
  const found = now ?? (await recheck(world, change, observed, plan));
  return found === 'same' ? undefined : found;
}
