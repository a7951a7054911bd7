import type { KubeEvent } from '../../../src/core/model/kubernetes.ts';
import { known } from '../../../src/core/model/problem.ts';
import type { Goal, Progress } from '../../../src/core/plan/goal.ts';
import type { Memory } from '../../../src/core/progress/progress-answer.ts';
import { progressOf } from '../../../src/core/progress/progress.ts';
import { arnOf, type ClusterBuilder, service } from '../cluster-builder.ts';
import { handing, owner, processWith } from '../handing.ts';
import { hostname, joinedSecondary, unreadable } from '../world.ts';

const NOTE = 'tagged sec';
const seen = handing();
const goal: Goal = {
  kind: 'service-adopted',
  cluster: 'sec',
  service,
  note: NOTE,
  loadBalancerArn: seen.loadBalancer.arn,
  targetGroupArns: [arnOf(80)],
};

/** NEW's Service as its controller manages it, with the note that was written at noon. */
const managed = (): ClusterBuilder =>
  joinedSecondary().editService({
    hostname,
    finalizers: ['service.k8s.aws/resources'],
    handoverNote: { value: NOTE, at: '2026-11-23T12:00:00Z' },
  });
const unmanaged = (): ClusterBuilder => managed().editService({ finalizers: [] });

const success = (createdAt: string): Partial<KubeEvent> => ({
  type: 'Normal',
  reason: 'SuccessfullyReconciled',
  message: 'Successfully reconciled',
  at: '2026-11-23T13:59:00Z',
  createdAt: `2026-11-23T${createdAt}Z`,
});

/** NEW's controller, which started again after the note was written. */
const pods = [{ name: 'a', ready: true, startedAt: '2026-11-23T12:00:10Z' }];
const controllers = { pri: known(processWith()), sec: known(processWith({ pods })) };
/** nlbmc has written something else on the Service: the time of what it wrote before has moved. */
const later = (): ClusterBuilder =>
  managed().editService({ handoverNote: { value: NOTE, at: '2026-11-23T12:05:00Z' } });

/** How far it is when it is looked at in these minutes after noon, with what was remembered. */
function watch(...looks: readonly (readonly [minute: number, fresh: ClusterBuilder])[]): Progress {
  let memory: Memory = {};
  let last: Progress | undefined;
  for (const [minute, fresh] of looks) {
    const { observed } = handing({ old: owner(), fresh, facts: { controllers } });
    const at = new Date(Date.UTC(2026, 10, 23, 12, minute)).toISOString();
    const look = progressOf(goal, { ...observed, at }, memory);
    memory = look.memory;
    last = look.progress;
  }
  return last!;
}

const twice = (first: number, fresh: ClusterBuilder): Progress =>
  watch([first, fresh], [first + 1, fresh]);

describe('what the controller says of a Service that it has taken on, a minute after it has', () => {
  test.each<[string, ClusterBuilder, Progress['state']]>([
    ['nothing yet', managed().says(), 'converging'],
    ['success', managed().says(success('12:00:01')), 'done'],
    ['success, before the tags settled', managed().says(success('11:59:59')), 'converging'],
    ['success, in the second of the note', managed().says(success('12:00:00')), 'done'],
    [
      'success, of another Service',
      managed().says({
        ...success('12:00:01'),
        about: { kind: 'Service', namespace: 'default', name: 'other' },
      }),
      'converging',
    ],
    [
      'success, of the binding',
      managed().says({
        ...success('12:00:01'),
        about: { ...service, kind: 'TargetGroupBinding' },
      }),
      'converging',
    ],
    ['success, before something else was written', later().says(success('12:00:20')), 'done'],
    ['success, of the process before', later().says(success('12:00:09')), 'converging'],
    ['it cannot be read', managed().with({ events: { default: unreadable() } }), 'done'],
    ['it was not read', managed().with({ events: {} }), 'done'],
    [
      'success by an earlier note',
      managed()
        .editService({ handoverNote: { value: 'released', at: '2026-11-23T11:00:00Z' } })
        .says(success('12:00:01')),
      'done',
    ],
    ['a failure', managed().says({ at: '2026-11-23T12:00:30Z' }), 'converging'],
    [
      'a failure of the time before',
      managed().says({ at: '2026-11-23T11:59:30Z' }, success('12:00:01')),
      'done',
    ],
  ])('%s', (_, fresh, state) => expect(twice(1, fresh).state).toBe(state));
});

test('an event that has not come two minutes later was lost, and that is said', () => {
  const silent = managed().says();
  const { state, text } = watch([1, silent], [2, silent], [3, silent]);
  expect(state).toBe('done');
  expect(text).toMatch(/without the event SuccessfullyReconciled/);
});

test('what the controller says of a failure is told, however long it takes', () => {
  const failing = managed().says({ at: '2026-11-23T12:00:30Z' });
  const { state, text } = watch([1, failing], [9, failing]);
  expect(state).toBe('converging');
  expect(text).toMatch(/has not reconciled Service .* It says: Warning FailedDeployModel/);
});

test('an hour after the note an event that is not there may be gone', () => {
  expect(twice(61, managed().says()).state).toBe('done');
});

test('but not that of an adoption that this run has seen begin', () => {
  const silent = watch([70, unmanaged().says()], [71, managed().says()], [72, managed().says()]);
  expect(silent.state).toBe('converging');
  const said = managed().says(success('13:10:30'));
  expect(watch([70, unmanaged().says()], [71, said], [72, said]).state).toBe('done');
});

test('without events, all else has to hold', () => {
  const events = { default: unreadable<readonly KubeEvent[]>() };
  expect(twice(1, unmanaged().with({ events })).state).toBe('converging');
  const elsewhere = managed().editService({ hostname: 'other.example.com' }).with({ events });
  expect(twice(1, elsewhere).state).toBe('converging');
  const late = managed().editBindings({ generation: 9 }).with({ events });
  expect(twice(1, late).state).toBe('converging');
  expect(twice(1, managed().with({ events })).state).toBe('done');
});
