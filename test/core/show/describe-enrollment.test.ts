import {
  describeEnrollment,
  enrollmentProblems,
} from '../../../src/core/show/describe-enrollment.ts';
import { known } from '../../../src/core/model/problem.ts';
import { cluster, service } from '../cluster-builder.ts';
import {
  codesOf,
  enabledPrimary,
  joinedSecondary,
  observed,
  primaryTargets,
  secondary,
  unreadable,
} from '../world.ts';

const group = (over: object) => ({
  id: 'sg-back',
  name: 'k8s-traffic-pri',
  description: 'x',
  tags: {},
  ...over,
});
const world = (pri = enabledPrimary(), balancer: object = {}) =>
  observed({
    clusters: [pri, joinedSecondary(), secondary('third')],
    targets: { 80: primaryTargets },
    balancer,
  });

test('says all that a cluster needs to know to join, and who has', () => {
  const enrollment = describeEnrollment(
    world(enabledPrimary(), {
      listeners: known([
        {
          port: 8443,
          protocol: 'TCP',
          targetGroupArns: world().clusters[0]?.bindings.ok
            ? [Object.keys(world().targetGroups)[0]]
            : [],
        },
      ]),
    }),
  );
  expect(enrollment).toMatchObject({
    apiVersion: 'nlbmc/v1',
    kind: 'Enrollment',
    metadata: service,
    region: 'us-east-1',
    account: '123456789012',
    vpcId: 'vpc-1',
    primary: { context: 'pri', identity: 'uid-pri' },
    loadBalancer: {
      zones: ['us-east-1a', 'us-east-1b'],
      attributes: { 'deletion_protection.enabled': 'true' },
    },
    ports: [
      {
        port: 80,
        listenerPorts: [8443],
        targetGroup: {
          type: 'ip',
          protocol: 'TCP',
          ipFamily: 'ipv4',
          healthCheck: { port: 'traffic-port' },
        },
        networking: [{ from: [{ securityGroup: { groupID: 'sg-back' } }] }],
        binding: { name: 'k8s-default-nginx-1', multiCluster: true, tracked: primaryTargets },
      },
    ],
    members: [
      { context: 'pri', role: 'primary' },
      {
        context: 'sec',
        role: 'secondary',
        identity: 'uid-sec',
        bindings: [{ name: 'nginx', tracked: ['10.0.2.1:80', '10.0.2.2:80'] }],
      },
    ],
    unboundPorts: [],
    notEnrolled: ['third'],
    unknown: [],
  });
  expect(enrollmentProblems(world())).toEqual([]);
});

test('a port of the primary without a binding, and a cluster that is unread, are not passed over', () => {
  const ports = [80, 443].map((port) => ({ port, targetPort: port, protocol: 'TCP' }));
  expect(describeEnrollment(world(enabledPrimary().editService({ ports }))).unboundPorts).toEqual([
    443,
  ]);
  const unread = { ...world(), clusters: world().clusters.slice(0, 2) };
  const third = secondary('third').with({ bindings: unreadable() }).view;
  const { notEnrolled, unknown } = describeEnrollment({
    ...unread,
    clusters: [...unread.clusters, third],
  });
  expect(notEnrolled).toEqual([]);
  expect(unknown).toHaveLength(1);
});

test('is plain data: JSON carries it there and back', () => {
  const enrollment = describeEnrollment(world());
  expect(JSON.parse(JSON.stringify(enrollment))).toEqual(enrollment);
});

test.each([
  [
    'tag',
    { tags: { 'elbv2.k8s.aws/resource': 'backend-sg', 'elbv2.k8s.aws/cluster': 'pri' } },
    undefined,
  ],
  [
    'rules',
    { tags: { 'elbv2.k8s.aws/resource': 'backend-sg', 'elbv2.k8s.aws/cluster': 'else' } },
    undefined,
  ],
  ['controller flag', {}, 'sg-back'],
  [
    'description',
    { description: '[k8s] Shared Backend SecurityGroup for LoadBalancer' },
    undefined,
  ],
  ['rules', {}, undefined],
])('the backend group is found by %s', (foundBy, over, flag) => {
  const pri =
    flag === undefined
      ? enabledPrimary()
      : enabledPrimary().controller({ backendSecurityGroup: flag });
  const balancer = { securityGroups: known([group(over)]) };
  expect(describeEnrollment(world(pri, balancer)).backendGroups).toEqual([
    { id: 'sg-back', name: 'k8s-traffic-pri', foundBy, onLoadBalancer: true },
  ]);
});

test('what could not be read is null, said, and makes it incomplete', () => {
  const blind = {
    ...world(enabledPrimary().with({ tracked: {} })),
    loadBalancer: unreadable<never>(),
  };
  const enrollment = describeEnrollment(blind);
  expect(enrollment).toMatchObject({ loadBalancer: null, ports: [{ binding: { tracked: null } }] });
  expect(enrollment.unknown).toHaveLength(2);
  expect(enrollmentProblems(blind).every(({ unread }) => unread)).toBe(true);
});

test('no enrollment is a problem, not an empty answer', () => {
  const none = observed({ clusters: [cluster('pri')] });
  expect(describeEnrollment(none)).toMatchObject({ primary: null, ports: [], members: [] });
  expect(codesOf(enrollmentProblems(none))).toEqual(['service-missing']);
});
