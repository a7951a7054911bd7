import type { KubeEvent } from '../../../src/core/model/kubernetes.ts';
import { known } from '../../../src/core/model/problem.ts';
import { eventLines, lastWarnings } from '../../../src/core/observed/events.ts';
import { linesAbout, withEvents } from '../../../src/core/observed/told-by-controllers.ts';
import { eventWith, service } from '../cluster-builder.ts';
import { enabledPrimary, joinedSecondary, observed, unreadable } from '../world.ts';

const nginx = { kind: 'Service', ...service, uid: 'u1' };
const success = { type: 'Normal', reason: 'SuccessfullyReconciled', message: 'ok' };
const at = (time: string): string => `2026-11-23T11:${time}Z`;
const said = (...events: readonly Partial<KubeEvent>[]): readonly string[] =>
  lastWarnings(events.map(eventWith), nginx).map(({ reason }) => reason);

describe('which Warnings of an object are its last', () => {
  test.each<[string, readonly Partial<KubeEvent>[], readonly string[]]>([
    ['one', [{}], ['FailedDeployModel']],
    ['a success after it ends it', [{ at: at('50:00') }, { ...success, at: at('51:00') }], []],
    [
      'a success in the same second ends it',
      [{ at: at('50:00') }, { ...success, at: at('50:00') }],
      [],
    ],
    [
      'a success before it does not',
      [{ at: at('50:00') }, { ...success, at: at('49:00') }],
      ['FailedDeployModel'],
    ],
    [
      'another Normal event ends nothing',
      [{ at: at('50:00') }, { type: 'Normal', reason: 'EnsuringLoadBalancer', at: at('51:00') }],
      ['FailedDeployModel'],
    ],
    [
      'a success of another object ends nothing',
      [{}, { ...success, about: { kind: 'Service', namespace: 'default', name: 'other' } }],
      ['FailedDeployModel'],
    ],
    ['another object of that name', [{ about: { kind: 'TargetGroupBinding', ...service } }], []],
    ['another namespace', [{ about: { ...nginx, namespace: 'web' } }], []],
    ['an earlier object of that name', [{ about: { ...nginx, uid: 'u0' } }], []],
    [
      'each reason once, newest first, at most three',
      [
        { reason: 'A', at: at('40:00') },
        { reason: 'B', at: at('44:00') },
        { reason: 'C', at: at('42:00') },
        { reason: 'A', at: at('43:00') },
        { reason: 'D', at: at('41:00') },
      ],
      ['B', 'A', 'C'],
    ],
  ])('%s', (_, events, reasons) => expect(said(...events)).toEqual(reasons));
});

test('a line has type, reason, age and words; what no reader needs of them is left out', () => {
  const now = '2026-11-23T12:00:00.000Z';
  const lines = (message: string, time: string): readonly string[] =>
    eventLines([eventWith({ message, at: time })], now);
  expect(lines('no  such\nsubnet', at('59:15'))).toEqual([
    'Warning FailedDeployModel 45s ago: no such subnet',
  ]);
  expect(
    lines(
      'operation error EC2: X, https response error StatusCode: 403, RequestID: a-1-b, api error Denied: no',
      at('58:00'),
    ),
  ).toEqual(['Warning FailedDeployModel 2m ago: operation error EC2: X, api error Denied: no']);
  const [long = ''] = lines('x'.repeat(2_000), '2026-11-23T09:00:00Z');
  expect(long).toMatch(/^Warning FailedDeployModel 3h ago: x+…$/);
  expect(long.length).toBeLessThan(400);
});

const binding = { kind: 'TargetGroupBinding', namespace: 'default', name: 'nginx' };
const broken = observed({
  clusters: [
    enabledPrimary(),
    joinedSecondary()
      .says({ reason: 'FailedReconcile', about: binding })
      .with({
        podWords: known({
          names: ['nginx-1'],
          events: [eventWith({ reason: 'FailedScheduling', about: { ...binding, kind: 'Pod' } })],
        }),
      }),
  ],
});

test('each line stands once, under the first problem of its cluster, and none under an unread one', () => {
  const problem = { code: 'endpoint-unregistered', message: 'm' } as const;
  const told = withEvents(broken, [
    { ...problem, about: { cluster: 'pri' } },
    { ...problem, about: { cluster: 'sec' }, unread: true },
    { ...problem, about: { cluster: 'sec' }, details: ['d'] },
    { ...problem, about: { cluster: 'sec', port: 80 } },
  ]);
  expect(told.map(({ details }) => details)).toEqual([
    undefined,
    undefined,
    [
      'd',
      'Warning FailedReconcile 1m ago: Failed deploy model due to AccessDenied',
      'Warning FailedScheduling 1m ago: Failed deploy model due to AccessDenied',
    ],
    undefined,
  ]);
});

test('events of a binding are not told of another one', () => {
  const place = { cluster: 'sec', binding: { namespace: 'default', name: 'other' } };
  expect(linesAbout(broken, place).join()).not.toContain('FailedReconcile');
});

test('where events cannot be read, nothing is told', () => {
  const clusters = [enabledPrimary().with({ events: { default: unreadable() } })];
  expect(linesAbout(observed({ clusters }), {})).toEqual([]);
});
