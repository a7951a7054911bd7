import { enrollmentsIn, groupsToRead } from '../../../src/core/list/enrollments.ts';
import type { TargetGroup } from '../../../src/core/model/aws.ts';
import type { Binding } from '../../../src/core/model/kubernetes.ts';
import type { ClusterView } from '../../../src/core/model/cluster-view.ts';
import { known, type Reading, unknown } from '../../../src/core/model/problem.ts';
import { arnOf, cluster } from '../cluster-builder.ts';
import { forbidden, observed } from '../world.ts';

const AT = '2026-11-29T00:00:00.000Z';
const lb = (name: string): string =>
  `arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/net/${name}/0123456789abcdef`;

/** A cluster with bindings: Service, port of the target group, and what else is not usual. */
const having = (
  context: string,
  ...bindings: readonly (readonly [string, number, Partial<Binding>?])[]
): ClusterView =>
  bindings.reduce(
    (made, [serviceName, port, over = {}]) =>
      made.binding({
        name: `${serviceName}-${port}`,
        serviceName,
        servicePort: port,
        targetGroupArn: arnOf(port),
        multiCluster: true,
        ...over,
      }),
    cluster(context),
  ).view;

/** Target groups by port, each with the name of its load balancer; null: it has none. */
const groupsOn = (
  balancers: Readonly<Record<number, string | null>>,
): Readonly<Record<string, Reading<TargetGroup>>> => {
  const ports = Object.keys(balancers).map(Number);
  const { targetGroups } = observed({
    clusters: [],
    targets: Object.fromEntries(ports.map((port) => [port, []])),
    group: { tags: known({}) },
  });
  return Object.fromEntries(
    ports.map((port) => {
      const group = targetGroups[arnOf(port)]!;
      if (!group.ok) return [arnOf(port), group];
      const name = balancers[port] ?? null;
      const loadBalancerArns = name === null ? [] : [lb(name)];
      return [arnOf(port), known({ ...group.value, loadBalancerArns })];
    }),
  );
};

const found = (
  clusters: readonly ClusterView[],
  groups: ReturnType<typeof groupsOn>,
  filter: Parameters<typeof enrollmentsIn>[3] = {},
) =>
  enrollmentsIn(AT, clusters, groups, filter).map((one) => ({
    on: one.balancer?.split('/')[2] ?? null,
    ports: one.arns.map((arn) => Number(/nginx-(\d+)/.exec(arn)?.[1])),
    service: one.service.name,
    in: one.contexts.join(),
    owner: one.owner.kind,
    named: one.named !== undefined,
    exclusive: one.exclusive,
  }));

const usual = { owner: 'none', named: false, exclusive: false };
const made = (name: string): Partial<Binding> => ({
  stack: { kind: 'service', namespace: 'default', name },
});

describe('enrollments', () => {
  test('ports of a Service are one, applications of one load balancer are several', () => {
    const clusters = [
      having('a', ['web', 80], ['web', 443], ['api', 81]),
      having('b', ['web', 80]),
    ];
    expect(found(clusters, groupsOn({ 80: 'x', 443: 'x', 81: 'x' }))).toEqual([
      { ...usual, on: 'x', ports: [81], service: 'api', in: 'a' },
      { ...usual, on: 'x', ports: [80, 443], service: 'web', in: 'a,b' },
    ]);
  });

  test('a Service behind two load balancers is two, and its target groups are named', () => {
    const clusters = [having('a', ['web', 80], ['web', 443])];
    expect(found(clusters, groupsOn({ 80: 'x', 443: 'y' }))).toEqual([
      { ...usual, on: 'x', ports: [80], service: 'web', in: 'a', named: true },
      { ...usual, on: 'y', ports: [443], service: 'web', in: 'a', named: true },
    ]);
  });

  test('Services that have only another load balancer in common are apart', () => {
    const clusters = [having('a', ['web', 80], ['web', 81], ['api', 81], ['api', 82])];
    const lines = found(clusters, groupsOn({ 80: 'x', 81: 'y', 82: 'x' }));
    expect(lines.map(({ on, ports }) => [on, ports])).toEqual([
      ['x', [82]],
      ['x', [80]],
      ['y', [81]],
    ]);
  });

  test('the Service of the owner names it, wherever it is listed', () => {
    const clusters = [having('a', ['other', 80]), having('b', ['web', 80, made('web')])];
    expect(found(clusters, groupsOn({ 80: 'x' }))).toEqual([
      { ...usual, on: 'x', ports: [80], service: 'web', in: 'a,b', owner: 'service' },
    ]);
    const [one] = enrollmentsIn(AT, clusters, groupsOn({ 80: 'x' }), {});
    expect(one?.localService.name).toBe('other');
  });

  test.each([['gateway'], ['ingress']] as const)(
    'of kind %s: it is named for what it is',
    (kind) => {
      const stack = { kind, namespace: 'default', name: 'edge' };
      const [one] = found([having('a', ['web', 80, { stack }])], groupsOn({ 80: 'x' }));
      expect(one).toMatchObject({ owner: kind, service: 'web' });
    },
  );

  const alone = having('a', ['web', 80, { ...made('web'), multiCluster: false }]);
  const dark = cluster('c').with({ bindings: unknown(forbidden) }).view;

  test.each<[string, readonly ClusterView[], ReturnType<typeof groupsOn>, boolean]>([
    ['of one cluster', [alone], groupsOn({ 80: 'x' }), true],
    ['that another cluster binds', [alone, having('b', ['web', 80])], groupsOn({ 80: 'x' }), false],
    ['beside a cluster that is unread', [alone, dark], groupsOn({ 80: 'x' }), false],
    ['without a load balancer', [alone], groupsOn({ 80: null }), false],
    ['that is unread', [alone], { [arnOf(80)]: unknown(forbidden) }, false],
  ])('an exclusive target group %s', (_, clusters, groups, exclusive) => {
    expect(found(clusters, groups).map((one) => one.exclusive)).toEqual([exclusive]);
  });

  test('a cluster that cannot be read may be a member of each', () => {
    const clusters = [having('a', ['web', 80]), dark];
    expect(found(clusters, groupsOn({ 80: 'x' }))[0]?.in).toBe('a,c');
  });

  test('a target group that cannot be read goes with the load balancer of its Service', () => {
    const groups = { ...groupsOn({ 80: 'x' }), [arnOf(443)]: unknown<TargetGroup>(forbidden) };
    const lines = found([having('a', ['web', 80], ['web', 443])], groups);
    expect(lines.map(({ on, ports }) => [on, ports])).toEqual([['x', [80, 443]]]);
  });
});

describe('what is read', () => {
  const clusters = [
    having('a', ['web', 80, made('web')], ['api', 81, { namespace: 'team' }], ['api', 82]),
    having('b', ['web', 80], ['api', 82]),
  ];
  const ports = (arns: readonly string[]) =>
    arns.map((arn) => Number(/nginx-(\d+)/.exec(arn)?.[1]));
  test.each([
    ['all', {}, [80], [81, 82]],
    ['one namespace', { namespace: 'team' }, [], [81]],
    ['another region', { region: 'eu-west-1' }, [], []],
  ])('of %s', (_, filter, owned, unowned) => {
    const read = groupsToRead(clusters, filter);
    expect([ports(read.owned), ports(read.unowned)]).toEqual([owned, unowned]);
  });

  test('tags tell only of what no binding in sight has a controller for', () => {
    expect(ports(groupsToRead(clusters, {}).unowned)).toEqual([81, 82]);
  });
});
