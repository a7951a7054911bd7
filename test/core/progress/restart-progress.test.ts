import type { ControllerProcess } from '../../../src/core/model/handover.ts';
import { hasRestarted, isRestarting } from '../../../src/core/progress/restart-progress.ts';
import { processWith } from '../handing.ts';

const BEFORE = '2026-11-23T11:59:59Z';
/** The second in which the note was written; of its parts nothing is known. */
const NOTE = '2026-11-23T12:00:00.000Z';
const AFTER = '2026-11-23T12:00:01Z';

const pods = (...starts: readonly (string | undefined)[]): ControllerProcess['pods'] =>
  starts.map((startedAt, n) =>
    startedAt ? { name: `pod-${n}`, ready: true, startedAt } : { name: `pod-${n}`, ready: false },
  );

/** Of a controller with two pods: whether it has restarted since the note, and whether it is about to. */
test.each<[string, Partial<ControllerProcess>, 'done' | 'begun' | 'not begun']>([
  ['was not restarted', { pods: pods(BEFORE, BEFORE) }, 'not begun'],
  [
    'replaces its pods, by an earlier restart',
    { pods: pods(BEFORE, AFTER), rolledOut: false, restartedAt: BEFORE },
    'not begun',
  ],
  ['replaces its pods, for another reason', { pods: pods(BEFORE), rolledOut: false }, 'not begun'],
  [
    'was restarted in the second of the note, and no pod is new yet',
    { pods: pods(BEFORE, BEFORE), rolledOut: false, restartedAt: NOTE },
    'begun',
  ],
  [
    'was restarted later, and one pod is new',
    { pods: pods(BEFORE, AFTER, undefined), rolledOut: false, restartedAt: AFTER },
    'begun',
  ],
  [
    'was restarted, and a pod started in the second of the note',
    { pods: pods(NOTE, AFTER), restartedAt: NOTE, leader: 'pod-0_1' },
    'not begun',
  ],
  ['was restarted by hand, and no pod leads', { pods: pods(AFTER, AFTER) }, 'begun'],
  [
    'was restarted, and a pod that is gone leads',
    { pods: pods(AFTER, AFTER), restartedAt: AFTER, leader: 'pod-9_1' },
    'begun',
  ],
  [
    'was restarted, and a new pod leads',
    { pods: pods(AFTER, AFTER), restartedAt: AFTER, leader: 'pod-1_1' },
    'done',
  ],
  ['is stopped', { pods: [], replicas: 0, restartedAt: AFTER }, 'not begun'],
])('a controller that %s', (_, over, expected) => {
  const { leader: _leader, ...usual } = processWith();
  const controller = { ...usual, ...over };
  const done = hasRestarted(controller, NOTE);
  expect(done ? 'done' : isRestarting(controller, NOTE) ? 'begun' : 'not begun').toBe(expected);
});
