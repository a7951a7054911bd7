import type { Flavour } from '../../../src/core/model/kubernetes.ts';
import { enrolledArns, primaryOf } from '../../../src/core/observed/enrollment.ts';
import { factsToRead } from '../../../src/core/observed/facts.ts';
import { unclaimedIds } from '../../../src/core/observed/ids-in-doubt.ts';
import { arnOf, cluster, service } from '../cluster-builder.ts';
import { enabledPrimary, joinedSecondary, observed, primaryTargets, secondary } from '../world.ts';

const views = (...builders: readonly ReturnType<typeof cluster>[]) =>
  builders.map(({ view }) => view);

test('bindings that are there are read wherever they are; a cluster that joins adds its names to be', () => {
  const elsewhere = cluster('sec').binding({
    namespace: 'web',
    name: 'x',
    serviceName: 'app',
    multiCluster: true,
  });
  expect(factsToRead({ clusters: views(enabledPrimary(), elsewhere), service })[1]).toEqual({
    context: 'sec',
    tracked: [{ namespace: 'web', name: 'x', flavour: 'lbc' }],
    siblings: [],
    services: [{ namespace: 'web', name: 'app' }],
    endpoints: [{ namespace: 'web', name: 'app' }],
    events: ['default', 'web'],
    nodes: false,
    leftTracked: false,
  });
  const joining = factsToRead(
    { clusters: views(enabledPrimary(), secondary()), service },
    { joining: ['sec'] },
  )[1];
  expect(joining?.tracked.map(({ name }) => name)).toEqual(['nginx', 'nginx-ab0080']);
  expect(joining?.endpoints).toEqual([service]);
  // A target group that the Service was bound to once is looked at, too, and changes no name.
  const beside = factsToRead(
    { clusters: views(enabledPrimary(), secondary()), service },
    { joining: ['sec'], arns: [arnOf(80), arnOf(81)] },
  )[1];
  expect(beside?.tracked.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['nginx', 'nginx-ab0080']),
  );
});

test('a cluster that leaves has its local Service looked at, with a binding or without', () => {
  const arns = [arnOf(80)];
  const without = factsToRead(
    { clusters: views(secondary()), service },
    { leaving: ['sec'], arns },
  )[0];
  expect(without?.endpoints).toEqual([service]);
  expect(without?.tracked.map(({ name }) => name)).toEqual(['nginx', 'nginx-ab0080']);
  const bound = factsToRead(
    { clusters: views(joinedSecondary()), service },
    { leaving: ['sec'], arns },
  )[0];
  expect(bound?.tracked.map(({ name }) => name)).toEqual(['nginx']);
});

test('nodes are read only where targets are instances', () => {
  const pri = enabledPrimary().editBindings({ targetType: 'instance' });
  expect(
    factsToRead({ clusters: views(pri, secondary()), service }, { joining: ['sec'] }).map(
      ({ nodes }) => nodes,
    ),
  ).toEqual([true, true]);
});

test('where both clusters have a load balancer of that name, the primary is the one that is shared', () => {
  const own = secondary()
    .binding({ name: 'k8s-own', stack: { kind: 'service', ...service }, targetGroupArn: arnOf(81) })
    .binding({ name: 'nginx', multiCluster: true });
  const clusters = views(own, enabledPrimary());
  expect(primaryOf(clusters, service)?.context).toBe('pri');
  expect(enrolledArns({ clusters, service })).toEqual([arnOf(80)]);
});

test('the owner is asked only of those that no cluster knows and that stay', () => {
  const o = observed({
    clusters: [enabledPrimary(), joinedSecondary()],
    targets: {
      80: [...primaryTargets, '10.0.2.1:80', '10.0.3.1:80', '10.0.3.1:81', '10.0.3.2:80 draining'],
    },
  });
  expect(unclaimedIds(o)).toEqual(['10.0.3.1']);
});

test('the record of a binding to be made has the name that its controller gives it', () => {
  const tracked = (servedFlavours: readonly Flavour[]) =>
    factsToRead(
      { clusters: views(enabledPrimary(), secondary().with({ servedFlavours })), service },
      {
        joining: ['sec'],
      },
    )[1]?.tracked.map(({ flavour }) => flavour);
  expect(new Set(tracked(['auto-mode']))).toEqual(new Set(['auto-mode']));
  expect(new Set(tracked(['auto-mode', 'lbc']))).toEqual(new Set(['lbc']));
});

test('verify asks the controller about bindings out of sight by each shared binding that is in sight', () => {
  const siblingsOf = (
    over: Parameters<ReturnType<typeof joinedSecondary>['with']>[0],
    bound = true,
  ) =>
    factsToRead(
      { clusters: views(enabledPrimary(), joinedSecondary().with(over)), service },
      { bound },
    )[1]?.siblings;
  const own = [{ namespace: 'default', name: 'nginx' }];
  expect(siblingsOf({ narrowFlavours: ['lbc'] })).toEqual(own);
  expect(siblingsOf({ narrowFlavours: ['lbc'] }, false)).toEqual([]);
  expect(siblingsOf({ narrowFlavours: [] })).toEqual([]);
  // The controller of EKS Auto Mode has bindings of its own, and nobody knows what it checks.
  expect(siblingsOf({ narrowFlavours: ['lbc', 'auto-mode'] })).toEqual([]);
  const exclusive = joinedSecondary().editBindings({ multiCluster: false }).view.bindings;
  expect(siblingsOf({ narrowFlavours: ['lbc'], bindings: exclusive })).toEqual([]);
});
