import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Code, codes } from '../../src/core/model/codes.ts';
import type { Problem } from '../../src/core/model/problem.ts';
import { raised, raisedIn } from './raised.ts';

/** What only a file, a terminal or a whole process raises, and the test that raises it. */
const elsewhere: Partial<Record<Code, string>> = {
  usage: 'test/cli/usage.test.ts',
  'not-a-terminal': 'test/output/ask.test.ts',
  'kubeconfig-unreadable': 'test/kube/kubeconfig.test.ts',
  'context-unknown': 'test/kube/kubeconfig.test.ts',
  'plugin-failed': 'test/kube/exec-plugin.test.ts',
  'rollout-unseen': 'test/core/verify/verify-rollout.test.ts',
  'traffic-excessive': 'test/traffic/verify-traffic.test.ts',
  'owner-strays': 'test/commands/handover/stopped.test.ts',
  'verify-not-green': 'test/commands/handover/stopped.test.ts',
  'release-reverted': 'test/commands/handover/stopped.test.ts',
  'handover-unproven': 'test/commands/handover/stopped.test.ts',
  'group-unknown': 'test/core/handover/finish-later.test.ts',
  defect: 'test/cli/usage.test.ts',
};

/** Codes that may come without a hint, and why. */
const withoutHint: Partial<Record<Code, string>> = {
  'flavour-unverified': 'a question: there is nothing to type before the answer',
  'rollout-in-progress': 'it is waited for, and becomes targets-would-leak where that is no use',
  'foreign-targets':
    'a question: a person knows whose they are, and the details say what EC2 knows',
  'binding-not-ours': 'a question: nothing is wrong with a binding that a person made',
  'deletion-allowed': 'a question: it says what was asked for, with numbers',
  'target-unclaimed': 'a question of purge; as a finding of verify it has a hint',
  'endpoint-unregistered': 'what a repair leaves: its refusal says what to type',
  'endpoint-gone': 'controller-missing is beside it, and says what to type',
  'object-missing': 'the answer to one request: whoever needs the object says what to type',
  'admission-denied': 'the words of the API server say what it wants',
  'aws-error': 'the words of AWS say what it wants',
  declined: 'the command itself, and the other answer',
  interrupted: 'the same command: the report says so',
  'timed-out': 'the same command: the report says so, and each open goal has its own problem',
  'partly-done': 'the same command: the report says so, and the failed write has its own problem',
};

const hasHint = ({ hints = [] }: Problem): boolean => hints.length > 0;

test.each(raisedIn.flatMap(({ found }) => found.map((one) => [one.where, one.problems] as const)))(
  'something is wrong, and it is said: %s',
  (_, problems) => expect(problems).not.toEqual([]),
);

test('every code is raised by a situation above, or by a test that is named', () => {
  const known = new Set(raised.map(({ problem }) => problem.code));
  const listed = new Set(Object.keys(elsewhere));
  const all = Object.keys(codes) as Code[];
  expect(all.filter((code) => !known.has(code) && !listed.has(code))).toEqual([]);
  expect(all.filter((code) => known.has(code) && listed.has(code))).toEqual([]);
});

test.each(Object.entries(elsewhere))('%s is raised in %s', (code, file) => {
  const text = readFileSync(join(import.meta.dirname, '../..', file), 'utf8');
  expect(text).toMatch(new RegExp(`'\\(?${code}\\)?'`));
});

test('every Problem says what to type next, or its code is listed with the reason', () => {
  const silent = raised.filter(({ problem }) => !hasHint(problem));
  expect(
    silent
      .filter(({ problem }) => withoutHint[problem.code] === undefined)
      .map(({ where, problem }) => `${problem.code} (${where})`),
  ).toEqual([]);
  const used = new Set(silent.map(({ problem }) => problem.code));
  expect(Object.keys(withoutHint).filter((code) => !used.has(code as Code))).toEqual([]);
});
