import type { Change } from '../../src/engine/change.ts';
import { type ChangeEnd, changeReport } from '../../src/engine/change-report.ts';
import { planEnable } from '../../src/core/enable/plan-enable.ts';
import { advice } from '../../src/core/model/hint.ts';
import { enableHint } from '../../src/core/model/nlbmc-hints.ts';
import type { Progress } from '../../src/core/plan/goal.ts';
import { service } from '../core/cluster-builder.ts';
import { observed, primary } from '../core/world.ts';
import type { Situations } from './situations.ts';

const found = observed({ clusters: [primary()] });
const decision = {
  observed: found,
  plan: planEnable(found, { service, context: 'pri', settled: true }),
};
const again = enableHint(service, 'pri');
const change: Change = {
  command: 'enable',
  wants: { service, clusters: [] } as unknown as Change['wants'],
  plan: () => decision.plan,
  judge: (plan) => plan,
  undo: () => again,
  words: () => ({ done: '', already: '', empty: '', message: '', next: again }),
  confirm: () => Promise.resolve(true),
  dryRun: false,
  detailedExitcode: false,
  timeoutMs: 1_000,
  settleMs: 0,
};
const waiting: Progress = {
  goal: { kind: 'deletion-protection' },
  state: 'converging',
  done: 0,
  total: 1,
  text: 'not on yet',
};

const ending =
  (end: ChangeEnd, progress: readonly Progress[] = []) =>
  () =>
    changeReport({ change, end, at: found.at, decision, writes: [], progress }).problems;

/** How a command that changes something can end. */
export const whileRunning: Situations = {
  'a question that was not answered with yes': ending({ kind: 'declined' }),
  'a signal': ending({ kind: 'interrupted', signal: 'SIGINT' }),
  'the time is up': ending({ kind: 'awaited' }, [waiting]),
  'a write that failed after another': ending({
    kind: 'write-failed',
    problem: {
      code: 'object-changed',
      message: 'Somebody changed it.',
      hints: [advice('Look at it.')],
    },
    done: 1,
  }),
};
