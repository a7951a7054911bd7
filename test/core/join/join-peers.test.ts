import { group, pathTo } from '../paths.ts';
import { planJoin } from '../../../src/core/join/plan-join.ts';
import type { JoinIntent } from '../../../src/core/model/intent.ts';
import { known } from '../../../src/core/model/problem.ts';
import type { Plan } from '../../../src/core/plan/plan.ts';
import { applied } from '../apply.ts';
import { arnOf, endpointsAt, service, serviceWith } from '../cluster-builder.ts';
import { a, listeners, shared, targets, toBalancer, unbound } from '../peers.ts';
import { typed } from '../typed.ts';
import { codesOf, primaryTags, templates, unreadable, vpc, type WorldParts } from '../world.ts';

const alone = () => unbound('a', ['10.0.1.1']);

/** The first member: the load balancer is named, and nobody else is in sight. */
const first = (
  over: Partial<JoinIntent> = {},
  parts: Partial<WorldParts> = {},
  cluster = alone(),
): Plan => {
  const seen = shared({ clusters: [cluster], targets: { 80: [] }, ...parts });
  const named = Object.keys(seen.targetGroups);
  return planJoin({ ...seen, named }, toBalancer('a', over), templates);
};

const specOf = ({ steps: [step] }: Plan): Record<string, unknown> =>
  step?.kind === 'apply-binding' ? (step.document['spec'] as Record<string, unknown>) : {};
const ingressOf = (plan: Plan): unknown =>
  (specOf(plan)['networking'] as { ingress?: unknown } | undefined)?.ingress;

describe('the first member joins by the load balancer', () => {
  test('each port goes to the listener of its number, and the rules name the groups of the load balancer', () => {
    const plan = first();
    expect(plan.blockers).toEqual([]);
    expect(specOf(plan)).toMatchObject({
      targetGroupARN: arnOf(80),
      targetType: 'ip',
      multiClusterTargetGroup: true,
      serviceRef: { name: 'nginx', port: 80 },
    });
    expect(ingressOf(plan)).toEqual(
      ['sg-front', 'sg-back'].map((groupID) => ({
        from: [{ securityGroup: { groupID } }],
        ports: [{ protocol: 'TCP', port: 80 }],
      })),
    );
  });

  test('done once, it has nothing more to do', () => {
    const seen = shared({ clusters: [alone()], targets: { 80: [] } });
    const named = Object.keys(seen.targetGroups);
    const plan = planJoin({ ...seen, named }, toBalancer('a'), templates);
    const after = planJoin(applied({ ...seen, named }, plan), toBalancer('a'), templates);
    expect(after.steps).toEqual([]);
    expect(after.blockers).toEqual([]);
  });

  test('other listeners of the load balancer are left alone', () => {
    const plan = first(
      {},
      { targets: { 80: [], 8443: [] }, balancer: { listeners: known(listeners(80, 8443)) } },
    );
    expect(plan.steps).toHaveLength(1);
  });

  test('a listener of another number is mapped', () => {
    const parts = { targets: { 443: [] }, balancer: { listeners: known(listeners(443)) } };
    const missing = first({}, parts);
    expect(codesOf(missing.blockers)).toEqual(['port-unserved']);
    expect(missing.blockers[0]?.message).toContain('listeners on 443 (TCP)');
    expect(typed(missing.blockers[0])).toContain(
      'nlbmc join nginx -n default --context a --load-balancer shared --map-port 443=80',
    );
    const mapped = first({ mapPorts: [{ listener: 443, port: 'http' }] }, parts);
    expect(mapped.blockers).toEqual([]);
    expect(specOf(mapped)).toMatchObject({ targetGroupARN: arnOf(443), serviceRef: { port: 80 } });
  });

  const twoPorts = () =>
    alone().service({
      ports: [
        { name: 'http', port: 80, targetPort: 80, protocol: 'TCP' },
        { name: 'admin', port: 9000, targetPort: 9000, protocol: 'TCP' },
      ],
    });

  test('a port without a listener refuses, and the hint names the others', () => {
    const { blockers } = first({}, {}, twoPorts());
    expect(codesOf(blockers)).toEqual(['port-unserved']);
    expect(typed(blockers[0])).toContain('--load-balancer shared --ports 80');
    expect(first({ ports: ['http'] }, {}, twoPorts()).blockers).toEqual([]);
  });

  test('a listener with several target groups leaves the choice to a person', () => {
    const weighted = [{ port: 80, protocol: 'TCP', targetGroupArns: [arnOf(80), arnOf(81)] }];
    const parts = { targets: { 80: [], 81: [] }, balancer: { listeners: known(weighted) } };
    const { blockers } = first({}, parts);
    expect(codesOf(blockers)).toEqual(['listener-weighted']);
    const chosen = first({ targetGroups: [{ port: '80', arn: arnOf(81) }] }, parts);
    expect(specOf(chosen)).toMatchObject({ targetGroupARN: arnOf(81) });
  });

  test('a TLS listener over a TCP target group takes a TCP port', () => {
    const tls = [{ port: 80, protocol: 'TLS', targetGroupArns: [arnOf(80)] }];
    expect(first({}, { balancer: { listeners: known(tls) } }).blockers).toEqual([]);
  });
});

describe('the rules, where the load balancer has no security group', () => {
  const bare = (over: object = {}) => ({
    balancer: {
      securityGroupIds: [],
      scheme: 'internal',
      subnetRanges: known(['10.0.0.0/20', '10.0.16.0/20', '2001:db8::/64']),
      ...over,
    },
  });
  const peers = (plan: Plan): unknown =>
    (ingressOf(plan) as { from: { ipBlock?: { cidr: string } }[] }[]).map(({ from }) =>
      from.map(({ ipBlock }) => ipBlock?.cidr),
    );
  const keeps = { attributes: known({ 'preserve_client_ip.enabled': 'true' }) };

  test('only its subnets, where targets do not see the client', () =>
    expect(peers(first({}, bare()))).toEqual([['10.0.0.0/20', '10.0.16.0/20']]));

  test('the VPC for clients of an internal one, and its subnets for health checks', () =>
    expect(peers(first({}, { ...bare(), group: keeps }))).toEqual([
      vpc.ranges,
      ['10.0.0.0/20', '10.0.16.0/20'],
    ]));

  test('of dual-stack subnets and VPCs only the ranges of the group’s family', () => {
    const dual = bare({ subnetRanges: known(['10.0.0.0/20', '2001:db8:0:1::/64']) });
    expect(peers(first({}, dual))).toEqual([['10.0.0.0/20']]);
  });

  test('a client range of the other family names no client', () => {
    const open = { ...bare({ scheme: 'internet-facing' }), group: keeps };
    const { blockers } = first({ fromCidrs: ['2001:db8::/32'] }, open);
    expect(codesOf(blockers)).toEqual(['source-ranges-unnamed']);
    expect(blockers[0]?.message).toContain('address family');
    expect(typed(blockers[0])).not.toContain('--from-cidr 2001');
  });

  test('of an internet-facing one a person says whom to let in', () => {
    const open = { ...bare({ scheme: 'internet-facing' }), group: keeps };
    expect(codesOf(first({}, open).blockers)).toEqual(['source-ranges-unnamed']);
    expect(peers(first({ fromCidrs: ['203.0.113.0/24'] }, open))).toEqual([
      ['203.0.113.0/24'],
      ['10.0.0.0/20', '10.0.16.0/20'],
    ]);
    expect(specOf(first({ networking: false }, open))).not.toHaveProperty('networking');
  });

  test('subnets that cannot be read are not guessed', () => {
    const { blockers } = first({}, bare({ subnetRanges: unreadable() }));
    expect(blockers).toMatchObject([{ code: 'api-forbidden', unread: true }]);
  });
});

describe('the security group that gets the rules', () => {
  const interfaces = (...groups: readonly { id: string; tags: Record<string, string> }[]) => {
    const seen = shared({ clusters: [alone()], targets: { 80: [] } });
    const path = pathTo({ '10.0.1.1': groups.map(({ id, tags }) => group(id, { tags })) });
    return { ...seen, named: Object.keys(seen.targetGroups), path };
  };
  const joining = (seen: ReturnType<typeof interfaces>, over: Partial<JoinIntent> = {}) =>
    planJoin(seen, toBalancer('a', over), templates);
  const tagged = { 'kubernetes.io/cluster/a': 'owned' };

  test('its only one, or the one with the cluster’s tag', () => {
    expect(joining(interfaces({ id: 'sg-1', tags: {} })).blockers).toEqual([]);
    const two = interfaces({ id: 'sg-1', tags: {} }, { id: 'sg-2', tags: tagged });
    expect(joining(two).blockers).toEqual([]);
  });

  test('none or several: the controller would open no port', () => {
    const none = joining(interfaces({ id: 'sg-1', tags: {} }, { id: 'sg-2', tags: {} }));
    expect(codesOf(none.blockers)).toEqual(['interface-groups-unclear']);
    expect(typed(none.blockers[0])).toContain('create-tags --resources sg-1');
    const both = interfaces({ id: 'sg-1', tags: tagged }, { id: 'sg-2', tags: tagged });
    expect(codesOf(joining(both).blockers)).toEqual(['interface-groups-unclear']);
    expect(joining(both, { networking: false }).blockers).toEqual([]);
  });
});

describe('a second cluster joins by the first', () => {
  const joining = (over: Partial<JoinIntent> = {}, parts: Partial<WorldParts> = {}): Plan => {
    const c = unbound('c', ['10.0.3.1']);
    const { loadBalancer: _, ...intent } = toBalancer('c', { primary: 'a', localNamed: false });
    return planJoin(
      { ...shared({ clusters: [a(), c], targets, ...parts }), primary: 'a' },
      { ...intent, ...over },
      templates,
    );
  };

  test('its bindings are the pattern, whoever owns the load balancer', () => {
    const plan = joining();
    expect(plan.blockers).toEqual([]);
    expect(specOf(plan)).toMatchObject({ targetGroupARN: arnOf(80), serviceRef: { port: 80 } });
    expect(plan.goals.map(({ kind }) => kind)).toEqual([
      'still-multi-cluster',
      'binding-multi-cluster',
      'endpoints-healthy',
    ]);
  });

  test('an exclusive one would take the targets out: it is shared first, in place', () => {
    const { blockers } = joining(
      {},
      { clusters: [a().editBindings({ multiCluster: false }), unbound('c', ['10.0.3.1'])] },
    );
    expect(codesOf(blockers)).toEqual(['primary-not-enabled']);
    expect(blockers[0]?.saves).toBe(1);
    expect(typed(blockers[0])).toBe('nlbmc enable nginx -n default --context a');
  });

  test('behind a Gateway that does not share, the hint is what enable prints for it', () => {
    const stack = { kind: 'gateway', namespace: 'edge', name: 'shared' } as const;
    const made = a().editBindings({ stack, multiCluster: false });
    const { blockers } = joining({}, { clusters: [made, unbound('c', ['10.0.3.1'])] });
    expect(codesOf(blockers)).toEqual(['primary-not-enabled']);
    expect(typed(blockers[0])).toMatch(/^nlbmc enable nginx .* --output manifest/);
    expect(typed(blockers[0])).toContain('enableMultiCluster: true');
  });

  test('where a third cluster owns it that was not listed, a person is asked', () => {
    const { cautions } = joining({}, { group: { tags: primaryTags } });
    expect(cautions).toMatchObject([{ code: 'owner-unlisted', grave: true }]);
  });

  test('a load balancer that is named besides is a claim', () => {
    const c = unbound('c', ['10.0.3.1']);
    const seen = shared({ clusters: [a(), c], targets: { ...targets, 81: [] } });
    const intent = toBalancer('c', { primary: 'a' });
    const other = { ...seen, primary: 'a', named: [arnOf(81)] };
    expect(codesOf(planJoin(other, intent, templates).blockers)).not.toEqual([]);
  });
});

describe('a second Service of one cluster', () => {
  const next = { namespace: 'default', name: 'next' };
  const both = (address: string) =>
    a()
      .with({ localService: next, service: known(serviceWith({ ...next, uid: 'uid-next' })) })
      .with({
        services: {
          'default/nginx': known(serviceWith({ type: 'ClusterIP' })),
          'default/next': known(serviceWith({ ...next, uid: 'uid-next' })),
        },
      })
      .tracks('next', undefined)
      .tracks('next-80', undefined)
      .tracks('next-ab0080', undefined)
      .endpoints(endpointsAt([address]), 'default/next');
  const joining = (address: string, over: Partial<JoinIntent> = {}): Plan => {
    const { loadBalancer: _, ...intent } = toBalancer('a', {
      primary: 'a',
      service,
      localService: next,
    });
    const seen = { ...shared({ clusters: [both(address)], targets }), primary: 'a' };
    return planJoin(seen, { ...intent, ...over }, templates);
  };

  test('joins beside the first', () => {
    const plan = joining('10.0.1.9');
    expect(plan.blockers).toEqual([]);
    expect(specOf(plan)).toMatchObject({ serviceRef: { name: 'next', port: 80 } });
  });

  test('not with the same endpoints: two records would take each other’s targets out', () => {
    const { blockers } = joining('10.0.1.1');
    expect(codesOf(blockers)).toEqual(['overlapping-addresses']);
    expect(blockers[0]?.message).toContain('Service default/nginx in the same cluster');
  });

  test('only where it was named: else the one that is bound may be meant', () =>
    expect(codesOf(joining('10.0.1.9', { localNamed: false }).blockers)).toEqual([
      'binding-conflict',
    ]));
});
