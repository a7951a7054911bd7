import type { LeaveIntent } from '../../../src/core/model/intent.ts';
import type { Plan } from '../../../src/core/plan/plan.ts';
import { planReplace } from '../../../src/core/replace/plan-replace.ts';
import { endpointsAt, service, type ClusterBuilder } from '../cluster-builder.ts';
import { intent as joinIntent } from '../joining.ts';
import { crossZone, intent as leaveIntent, member } from '../leaving.ts';
import {
  codesOf,
  enabledPrimary,
  joinedSecondary,
  observed,
  primaryTargets,
  secondary,
  secondaryTargets,
  templates,
} from '../world.ts';

const fresh = ['10.0.3.1:80', '10.0.3.2:80'];
const addresses = endpointsAt(['10.0.3.1', '10.0.3.2']);

/** The new cluster, before and after it has joined. */
const bare = (): ClusterBuilder => secondary('new').endpoints(addresses);
const joined = (): ClusterBuilder =>
  joinedSecondary('new').endpoints(addresses).tracks('nginx', fresh.join());

const plan = (
  old: ClusterBuilder,
  young: ClusterBuilder,
  o: {
    readonly targets?: readonly string[];
    readonly leaves?: Partial<LeaveIntent>;
    readonly pri?: ClusterBuilder;
  } = {},
): Plan =>
  planReplace(
    observed({
      clusters: [o.pri ?? enabledPrimary(), old, young],
      targets: { 80: o.targets ?? [...primaryTargets, ...secondaryTargets] },
      group: { attributes: crossZone(true) },
    }),
    {
      others: [],
      replacements: [
        {
          leaves: { ...leaveIntent, primary: 'pri', ...o.leaves },
          joins: { ...joinIntent, context: 'new' },
        },
      ],
    },
    templates,
  );

const kinds = ({ steps }: Plan) =>
  steps.map(({ kind, cluster }) => `${kind} ${cluster ?? ''}`.trim());
const all = [...primaryTargets, ...secondaryTargets, ...fresh];

test('the new cluster joins first, and what comes after it is planned again', () => {
  const made = plan(member(), bare());
  expect(made.blockers).toEqual([]);
  expect(kinds(made)).toEqual(['apply-binding new', 'wait', 'delete-binding sec']);
  expect(made.steps[1]).toMatchObject({ kind: 'wait', replans: true });
});

test('the old cluster is judged as if the new one served', () => {
  // Without the primary's targets the old cluster would be the last one.
  const alone = { targets: secondaryTargets, pri: enabledPrimary().endpoints([]) };
  expect(kinds(plan(member(), bare(), alone))).toContain('delete-binding sec');
  const made = plan(member(), bare(), { leaves: { minHealthy: 20 } });
  expect(codesOf(made.blockers)).toEqual(['below-floor']);
  expect(made.steps).toEqual([]);
});

test('a new cluster that has joined and is not healthy yet is waited for', () => {
  const targets = [...primaryTargets, ...secondaryTargets, '10.0.3.1:80', '10.0.3.2:80 initial'];
  expect(kinds(plan(member(), joined(), { targets }))).toEqual(['wait', 'delete-binding sec']);
});

test('a new cluster that serves leaves only the leave', () => {
  expect(kinds(plan(member(), joined(), { targets: all }))).toEqual(['delete-binding sec']);
});

test('what verify does not call ready keeps the old cluster', () => {
  const doubtful = joined().tracks('nginx', [...fresh, '10.0.3.9:80'].join());
  const made = plan(member(), doubtful, { targets: [...all, '10.0.3.9:80 unhealthy'] });
  expect(codesOf(made.blockers)).toEqual(['replacement-unproven']);
});

test('a new cluster without endpoints takes no place', () => {
  expect(codesOf(plan(member(), bare().endpoints([])).blockers)).toEqual(['no-endpoints']);
});

test('what a person may accept is an option of the replace: a leave by hand would come before the join', () => {
  const { blockers } = plan(member(), bare(), { leaves: { minHealthy: 20 } });
  const hints = blockers.flatMap((blocker) => blocker.hints ?? []);
  expect(hints).toEqual([
    {
      kind: 'advice',
      text: 'If you accept that these 2 targets are deregistered, run the same command again with --accept removing=2.',
    },
  ]);
});

test('the owner of the load balancer has nothing to join, and takes a place as it is', () => {
  const made = planReplace(
    observed({
      clusters: [member(), enabledPrimary()],
      targets: { 80: [...primaryTargets, ...secondaryTargets] },
      group: { attributes: crossZone(true) },
    }),
    {
      others: [],
      replacements: [{ leaves: leaveIntent, joins: { ...joinIntent, context: 'pri' } }],
    },
    templates,
  );
  expect([codesOf(made.blockers), kinds(made)]).toEqual([[], ['delete-binding sec']]);
});

test('what keeps the old cluster is told before a Service is made for the new one', () => {
  const none = bare().service(undefined);
  const creating = { ...joinIntent, context: 'new', createService: true };
  const of = (old: ClusterBuilder) =>
    planReplace(
      observed({
        clusters: [enabledPrimary(), old, none],
        targets: { 80: [...primaryTargets, ...secondaryTargets] },
        group: { attributes: crossZone(true) },
      }),
      {
        others: [],
        replacements: [{ leaves: { ...leaveIntent, primary: 'pri' }, joins: creating }],
      },
      templates,
    );
  const made = of(member());
  expect(kinds(made)).toEqual(['create-service new', 'apply-binding new', 'wait']);
  expect(codesOf(made.skips)).toContain('below-floor');
  const stopped = of(member().controller({ readyReplicas: 0 }));
  expect([codesOf(stopped.blockers).length > 0, stopped.steps]).toEqual([true, []]);
});

test('a replacement that is done has no steps', () => {
  const gone = secondary().with({
    services: { [`${service.namespace}/${service.name}`]: secondary().view.service },
  });
  const targets = [...primaryTargets, ...fresh];
  const made = plan(gone, joined(), { targets });
  expect([made.blockers, made.steps]).toEqual([[], []]);
});
