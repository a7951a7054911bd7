import { known } from '../../../src/core/model/problem.ts';
import type { Enrollment } from '../../../src/core/observed/enrollment-document.ts';
import type { Observed } from '../../../src/core/observed/observed.ts';
import { withGroupsGone } from '../../../src/core/observed/stale-bindings.ts';
import { arnOf, endpointsAt, type ClusterBuilder } from '../cluster-builder.ts';
import { plan, spec } from '../joining.ts';
import { listeners } from '../peers.ts';
import { planByRecord, recordedOf, withRecord } from '../recording.ts';
import {
  codesOf,
  enabledPrimary,
  joinedSecondary,
  primaryTargets,
  secondary,
  secondaryTargets,
  unreadable,
} from '../world.ts';

const specOf = (steps: readonly object[]): unknown =>
  steps.map((step) => ('document' in step ? (step.document as { spec: unknown }).spec : step));

test('writes the binding that a join with --primary would write, and says what it could not check', () => {
  const made = planByRecord(withRecord());
  expect(codesOf(made.blockers)).toEqual([]);
  expect(specOf(made.steps)).toEqual(specOf(plan(secondary()).steps));
  expect(specOf(made.steps)).toEqual([
    expect.objectContaining({ targetGroupARN: spec.targetGroupARN }),
  ]);
  expect(made.cautions).toMatchObject([
    {
      code: 'sharing-recorded',
      message: 'Sharing in pri as of 2026-11-23T11:50:00.000Z, not checked since.',
    },
  ]);
  // The other cluster cannot be seen while waiting: only the own binding and endpoints are goals.
  expect(made.goals.map(({ kind }) => kind)).toEqual([
    'binding-multi-cluster',
    'endpoints-healthy',
  ]);
});

test('a load balancer of a type that nlbmc does not know is refused, as with a connection', () => {
  const made = planByRecord(withRecord(recordedOf(), { balancer: { type: 'quantum' } }));
  expect(codesOf(made.blockers)).toEqual(['type-unsupported']);
});

test('a cluster that has joined has no steps, and what was not checked is a note', () => {
  const again = withRecord(recordedOf([enabledPrimary(), joinedSecondary()]), {
    clusters: [joinedSecondary()],
    targets: { 80: [...primaryTargets, ...secondaryTargets] },
  });
  const made = planByRecord(again);
  expect(made).toMatchObject({ steps: [], blockers: [], cautions: [] });
  expect(codesOf(made.notes ?? [])).toEqual(['sharing-recorded']);
});

const edited = (edit: (document: Enrollment) => Enrollment): Observed =>
  withRecord(recordedOf(undefined, edit));
const written = (pri: ClusterBuilder): Observed => withRecord(recordedOf([pri]));

test.each<[string, Observed, string, string]>([
  [
    'a document that is older than --max-age',
    withRecord(recordedOf(), {}, 300_000),
    'evidence-outdated',
    'is 10m old (2026-11-23T11:50:00.000Z), and --max-age is 5m',
  ],
  [
    'a document from the future',
    edited((document) => ({ ...document, at: '2026-11-23T12:06:00.000Z' })),
    'evidence-outdated',
    'from the future',
  ],
  [
    'another protocol',
    withRecord(recordedOf(), { group: { protocol: 'TLS' } }),
    'evidence-differs',
    'protocol was TCP and is TLS',
  ],
  [
    'another listener',
    withRecord(recordedOf(), {
      balancer: { listeners: known([{ ...listeners(80)[0]!, port: 8080 }]) },
    }),
    'evidence-differs',
    'listeners were 80 and are 8080',
  ],
  [
    'another load balancer',
    withRecord(recordedOf(), { balancer: { arn: 'arn:other', name: 'other' } }),
    'evidence-differs',
    'belong to load balancer other now',
  ],
  [
    'an owner of another name',
    withRecord(recordedOf(), {
      group: { tags: known({ 'service.k8s.aws/stack': 'default/web' }) },
    }),
    'evidence-differs',
    'owner was Service default/nginx and is Service default/web',
  ],
  [
    'an owner where there was none',
    edited((document) => ({ ...document, owner: { kind: 'none' }, primary: null })),
    'evidence-differs',
    'owner was no cluster and is Service default/nginx',
  ],
  [
    'no owner any more',
    withRecord(recordedOf(), { group: { tags: known({}) } }),
    'evidence-differs',
    'is no cluster',
  ],
  [
    'live targets that are gone, by their number',
    withRecord(recordedOf(), { targets: { 80: primaryTargets.slice(1) } }),
    'evidence-differs',
    '1 of 3 targets that pri had on port 80',
  ],
  [
    'a target group that does not exist any more',
    withGroupsGone({
      ...withRecord(),
      account: known('123456789012'),
      targetGroups: {
        [arnOf(80)]: unreadable<never>({ code: 'aws-not-found', message: 'AWS has none.' }),
      },
    }),
    'evidence-differs',
    'does not exist any more',
  ],
  [
    'a binding that was not multi-cluster',
    written(enabledPrimary().editBindings({ multiCluster: false })),
    'primary-not-enabled',
    'is exclusive',
  ],
  [
    'a record that did not list all that was registered',
    written(enabledPrimary().tracks('k8s-default-nginx-1', primaryTargets.slice(1).join(','))),
    'primary-not-enabled',
    '1 registered target of its own is not tracked',
  ],
  [
    'no record at all',
    written(enabledPrimary().tracks('k8s-default-nginx-1', undefined)),
    'primary-not-enabled',
    'has not recorded yet',
  ],
  [
    'a Service that no longer asked for sharing',
    written(enabledPrimary().editService({ annotations: {} })),
    'primary-not-enabled',
    'no longer has the multi-cluster annotation',
  ],
  [
    'another member whose binding was exclusive',
    withRecord(
      recordedOf([
        enabledPrimary(),
        joinedSecondary('third')
          .endpoints(endpointsAt(['10.0.3.1']))
          .tracks('nginx', '10.0.3.1:80')
          .editBindings({ multiCluster: false }),
      ]),
    ),
    'binding-exclusive',
    'in third is exclusive',
  ],
  [
    'the address of a target that another cluster has recorded',
    withRecord(recordedOf([enabledPrimary(), joinedSecondary('third')])),
    'overlapping-addresses',
    'of third',
  ],
  [
    'the cluster itself',
    edited((document) => ({
      ...document,
      primary: { ...document.primary!, identity: 'uid-sec' },
      members: document.members.map((member) => ({ ...member, identity: 'uid-sec' })),
    })),
    'same-cluster',
    'are the same cluster',
  ],
])('refuses %s', (_, seen, code, said) => {
  const { blockers, steps } = planByRecord(seen);
  expect(steps).toEqual([]);
  expect(codesOf(blockers)).toEqual([code]);
  expect(blockers[0]?.message).toContain(said);
  expect(blockers[0]?.hints).not.toEqual([]);
});

test.each<[string, Observed]>([
  ['the load balancer', { ...withRecord(), loadBalancer: unreadable() }],
  ['the listeners', withRecord(recordedOf(), { balancer: { listeners: unreadable() } })],
  ['the tags', withRecord(recordedOf(), { group: { tags: unreadable() } })],
  ['the targets', withRecord(recordedOf(), { group: { targets: unreadable() } })],
  ['the target group', { ...withRecord(), targetGroups: { [arnOf(80)]: unreadable() } }],
  [
    'whether it is another cluster',
    edited((document) => ({
      ...document,
      primary: { ...document.primary!, identity: null },
      members: document.members.map((member) => ({
        ...member,
        identity: null,
        serviceUid: null,
      })),
    })),
  ],
])('what is unread is unknown, and writes nothing: %s', (_, seen) => {
  const { blockers, steps } = planByRecord(seen);
  expect(steps).toEqual([]);
  expect(blockers.length).toBeGreaterThan(0);
  expect(blockers.every(({ unread }) => unread)).toBe(true);
});

test('where kube-system is hidden, the UID of the Service tells two clusters apart', () => {
  const hidden = edited((document) => ({
    ...document,
    primary: { ...document.primary!, identity: null },
    members: document.members.map((member) => ({ ...member, identity: null, serviceUid: 'other' })),
  }));
  expect(planByRecord(hidden).blockers).toEqual([]);
});
