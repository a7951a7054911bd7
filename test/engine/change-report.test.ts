import type { Change } from '../../src/engine/change.ts';
import { type ChangeEnd, changeReport } from '../../src/engine/change-report.ts';
import type { Progress } from '../../src/core/plan/goal.ts';
import type { Code } from '../../src/core/model/codes.ts';
import type { Plan } from '../../src/core/plan/plan.ts';
import { enableHint, leaveHint } from '../../src/core/model/nlbmc-hints.ts';
import { planEnable } from '../../src/core/enable/plan-enable.ts';
import { service } from '../core/cluster-builder.ts';
import { observed, primary } from '../core/world.ts';

const found = observed({ clusters: [primary()] });
const plan = planEnable(found, { service, context: 'pri', settled: true });
const change: Change = {
  command: 'enable',
  wants: { service, clusters: [] } as unknown as Change['wants'],
  plan: () => plan,
  judge: (same) => same,
  undo: () => enableHint(service, 'pri'),
  words: () => ({
    done: '',
    already: '',
    empty: '',
    message: '',
    next: enableHint(service, 'pri'),
  }),
  confirm: () => Promise.resolve(true),
  dryRun: false,
  detailedExitcode: false,
  timeoutMs: 1_000,
  settleMs: 0,
};

const open = (state: Progress['state'], code?: Code): Progress => ({
  goal: { kind: 'deletion-protection' },
  state,
  done: 0,
  total: 1,
  text: 'not on yet',
  ...(code === undefined ? {} : { problem: { code, message: 'It is not.' } }),
});
const done: Progress = { ...open('done'), done: 1 };

const reported = (
  end: ChangeEnd,
  o: { readonly progress?: readonly Progress[]; readonly unmended?: Plan['unmended'] } = {},
) => {
  const decided = { ...plan, ...(o.unmended ? { unmended: o.unmended } : {}) };
  const decision = { observed: found, plan: decided };
  const { progress = [] } = o;
  return changeReport({ change, end, at: found.at, decision, writes: [], progress });
};

const failed = (code: Code): ChangeEnd => ({
  kind: 'write-failed',
  problem: { code, message: 'No.' },
  done: 1,
});
const again = 'You can safely run the same command again: it continues from here.';
const cured = 'Once the cause is removed, the same command continues from here.';

test.each<[string, ReturnType<typeof reported>, string]>([
  ['a signal', reported({ kind: 'interrupted', signal: 'SIGINT' }), again],
  ['a write that was not answered', reported(failed('api-unreachable')), again],
  ['an object that somebody changed', reported(failed('object-changed')), again],
  ['a write that is forbidden', reported(failed('api-forbidden')), cured],
  ['a write that a webhook denies', reported(failed('admission-denied')), cured],
  [
    'what only takes its time',
    reported({ kind: 'awaited' }, { progress: [open('converging')] }),
    again,
  ],
  [
    'what waiting does not help',
    reported({ kind: 'awaited' }, { progress: [open('stuck')] }),
    cured,
  ],
  [
    'what has a cause',
    reported({ kind: 'awaited' }, { progress: [open('converging', 'controller-missing')] }),
    cured,
  ],
  [
    'what is left of a repair',
    reported(
      { kind: 'awaited' },
      { progress: [done], unmended: [{ code: 'controller-missing', message: 'It is not.' }] },
    ),
    cured,
  ],
])('a run that ended with %s says whether the same command gets further', (_, report, words) => {
  expect(report.message).toContain(words);
  expect(report.message).not.toContain(words === again ? cured : again);
});

test.each<[string, ReturnType<typeof reported>]>([
  ['refused', reported({ kind: 'refused', problems: [{ code: 'same-cluster', message: 'No.' }] })],
  ['not answered with yes', reported({ kind: 'declined' })],
  ['there', reported({ kind: 'awaited' }, { progress: [done] })],
])('a run that is %s promises nothing', (_, { message }) => {
  expect(message).not.toContain('continues from here');
});

test('where another command goes on, that one is meant, and only once something was written', () => {
  const rerun = leaveHint({ service, context: 'sec', targetGroups: ['arn'] });
  const end = failed('api-forbidden');
  const base = { change, end, at: found.at, progress: [], rerun };
  const sent = changeReport({ ...base, writes: [], sending: 1 });
  expect(sent.message).toContain(
    'Once the cause is removed, the next command continues from here.',
  );
  expect(sent.next).toEqual(rerun);
  const unsent = changeReport({ ...base, writes: [] });
  expect(unsent.message).toContain(cured);
  expect(unsent).not.toHaveProperty('next');
});
