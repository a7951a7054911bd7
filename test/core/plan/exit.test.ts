import type { Code } from '../../../src/core/model/codes.ts';
import { exitOf, type Outcome } from '../../../src/core/plan/exit.ts';
import type { Progress } from '../../../src/core/plan/goal.ts';
import type { Problem } from '../../../src/core/model/problem.ts';
import { isBefore } from '../../../src/core/model/version.ts';

const problem = (code: Code, unread = false): Problem => ({
  code,
  message: '',
  ...(unread ? { unread } : {}),
});
const progress = (...states: Progress['state'][]): readonly Progress[] =>
  states.map((state) => ({
    goal: { kind: 'deletion-protection' },
    state,
    done: 0,
    total: 1,
    text: '',
  }));

test.each<[Outcome, number]>([
  [{ kind: 'refused', problems: [problem('binding-exclusive')] }, 5],
  [{ kind: 'refused', problems: [problem('binding-exclusive'), problem('api-error', true)] }, 8],
  [{ kind: 'refused', problems: [problem('declined')] }, 5],
  [{ kind: 'dry-run', changes: true, detailedExitcode: true }, 4],
  [{ kind: 'dry-run', changes: false, detailedExitcode: true }, 0],
  [{ kind: 'dry-run', changes: true, detailedExitcode: false }, 0],
  [{ kind: 'write-failed', problem: problem('api-forbidden'), done: 0 }, 5],
  [{ kind: 'write-failed', problem: problem('api-forbidden'), done: 1 }, 7],
  [{ kind: 'write-failed', problem: problem('api-unreachable'), done: 0 }, 7],
  [{ kind: 'awaited', progress: progress('done', 'done'), written: 1 }, 0],
  [{ kind: 'awaited', progress: progress('done', 'converging'), written: 1 }, 6],
  [{ kind: 'awaited', progress: progress('stuck'), written: 0 }, 6],
  [{ kind: 'awaited', progress: progress('done', 'unknown'), written: 0 }, 8],
  [{ kind: 'awaited', progress: progress('unknown'), written: 1 }, 6],
  [
    {
      kind: 'verdict',
      verdict: { state: 'degraded', exit: 3, ports: [], problems: [], skips: [], cautions: [] },
    },
    3,
  ],
  [{ kind: 'shown', problems: [] }, 0],
  [{ kind: 'shown', problems: [problem('service-missing')] }, 3],
  [{ kind: 'shown', problems: [problem('api-error', true)] }, 8],
])('%j ends with %d', (outcome, exit) => expect(exitOf(outcome)).toBe(exit));

test.each([
  ['2.9.2', '2.10.0', true],
  ['v2.10.0', '2.10.0', false],
  ['2.10', '2.10.0', false],
  ['v3.0.0-rc1', '2.10.0', false],
  ['latest', '2.10.0', undefined],
])('%s before %s: %s', (a, b, before) => expect(isBefore(a, b)).toBe(before));
