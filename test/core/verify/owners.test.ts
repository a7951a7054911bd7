import { known } from '../../../src/core/model/problem.ts';
import { planPurge } from '../../../src/core/purge/plan-purge.ts';
import { describeEnrollment } from '../../../src/core/show/describe-enrollment.ts';
import { verdictOf } from '../../../src/core/verify/verify.ts';
import type { Binding } from '../../../src/core/model/kubernetes.ts';
import { arnOf, cluster, endpointsAt, service, serviceWith } from '../cluster-builder.ts';
import { a, apart, b, shared, targets } from '../peers.ts';
import { typed } from '../typed.ts';
import {
  codesOf,
  joinedSecondary,
  observed,
  primaryTags,
  secondaryTargets,
  unreadable,
  type WorldParts,
} from '../world.ts';

const intent = { service, minHealthy: 1, knownTargets: [], allowUnprotected: false };
const world = shared;
const verdict = (parts: Partial<WorldParts> = {}) => verdictOf(world(parts), intent);

describe('nobody owns the load balancer', () => {
  test('all that is bound by hand is green, and its members are peers', () => {
    const { exit, ports, problems } = verdict();
    expect(problems).toEqual([]);
    expect(exit).toBe(0);
    expect(ports[0]?.members.map(({ cluster: name, role }) => [name, role])).toEqual([
      ['a', 'peer'],
      ['b', 'peer'],
    ]);
  });

  test('an exclusive binding keeps no record, and is not told to make one', () => {
    const alone = a().editBindings({ multiCluster: false }).tracks('web', undefined);
    const { problems, exit } = verdict({
      clusters: [alone],
      targets: { 80: ['10.0.1.1:80', '10.0.1.2:80'] },
    });
    expect(codesOf(problems)).toEqual(['binding-exclusive']);
    expect(exit).toBe(3);
  });

  test('AWS’s protection that is off is to be known, and no defect: no controller deletes it', () => {
    const { exit, cautions } = verdict({ protection: 'false' });
    expect(exit).toBe(0);
    expect(codesOf(cautions)).toEqual(['deletion-unprotected']);
    expect(typed(cautions[0])).toContain('modify-load-balancer-attributes');
  });

  test('an exclusive binding is shared in its own cluster', () => {
    const { problems } = verdict({ clusters: [a(), b().editBindings({ multiCluster: false })] });
    expect(codesOf(problems)).toContain('binding-exclusive');
    expect(typed(problems[0])).toBe('nlbmc enable nginx -n default --context b');
  });

  test('a cluster without a binding is told how to join one that is enrolled', () => {
    const c = cluster('c')
      .service({})
      .endpoints(endpointsAt(['10.0.3.1']));
    const { problems } = verdict({ clusters: [a(), b(), c] });
    expect(codesOf(problems)).toEqual(['member-missing']);
    expect(typed(problems[0])).toBe('nlbmc join nginx -n default --context c --primary a');
  });

  test('two Services of one cluster are two members, each with its own row', () => {
    const next = { namespace: 'default', name: 'next' };
    const both = a()
      .binding({ name: 'next', serviceName: 'next', multiCluster: true })
      .tracks('next', '10.0.1.9:80')
      .with({
        services: {
          ...a().view.services,
          'default/next': known(serviceWith({ ...next, type: 'ClusterIP' })),
        },
      })
      .endpoints(endpointsAt(['10.0.1.9']), 'default/next');
    const { exit, problems, ports } = verdict({
      clusters: [both, b()],
      targets: { 80: [...targets[80], '10.0.1.9:80'] },
    });
    expect(problems).toEqual([]);
    expect(exit).toBe(0);
    expect(
      ports[0]?.members.map(({ cluster: name, service: of, beside }) => [name, of?.name, beside]),
    ).toEqual([
      ['a', 'nginx', true],
      ['a', 'next', true],
      ['b', 'nginx', undefined],
    ]);
  });

  test('where a binding opens no port, an unhealthy target says so', () => {
    const { networking: _, ...bare } = b().view.bindings.ok
      ? (b().view.bindings as { value: readonly Binding[] }).value[0]!
      : ({} as Binding);
    const { problems } = verdict({
      clusters: [a(), b().with({ bindings: known([bare as Binding]) })],
      targets: { 80: [...targets[80].slice(0, 2), '10.0.2.1:80 unhealthy Target.Timeout'] },
    });
    expect(problems.find(({ code }) => code === 'target-unhealthy')?.message).toContain(
      'has no spec.networking, so its controller opens no port',
    );
  });

  test('the Enrollment says so', () => {
    const document = describeEnrollment(world());
    expect(document).toMatchObject({ owner: { kind: 'none' }, primary: null, unboundPorts: [] });
    expect(document.members.map(({ role }) => role)).toEqual(['peer', 'peer']);
  });

  test('purge judges its targets as those of any other', () => {
    const left = world({
      targets: { 80: [...targets[80], '10.0.9.9:80 unhealthy'] },
      addressEvidence: { '10.0.9.9': { gone: true } },
    });
    const plan = planPurge(left, { service });
    expect(plan.blockers).toEqual([]);
    expect(plan.steps).toMatchObject([{ kind: 'deregister-targets' }]);
  });

  test('a Service behind two load balancers has two enrollments', () => {
    const both = a()
      .binding({ name: 'inner', multiCluster: true, targetGroupArn: arnOf(81) })
      .tracks('inner', '');
    const seen = apart(world({ clusters: [both], targets: { 80: [], 81: [] } }));
    const found = verdictOf(seen, intent).problems.find(
      ({ code }) => code === 'several-load-balancers',
    );
    expect(typed(found)).toBe(
      [0, 1]
        .map((n) => `nlbmc verify nginx -n default --context a --load-balancer shared-${n}`)
        .join('\n'),
    );
  });
});

describe('who owns it is read', () => {
  test('a cluster that was not listed, by the tags of its controller', () => {
    const seen = observed({
      clusters: [joinedSecondary()],
      targets: { 80: secondaryTargets },
      group: { tags: primaryTags },
    });
    const { exit, problems, ports } = verdictOf(seen, intent);
    expect(exit).toBe(3);
    expect(codesOf(problems)).toEqual(['owner-unlisted']);
    expect(problems[0]?.message).toContain('Service default/nginx of cluster pri');
    expect(ports[0]?.members[0]?.role).toBe('secondary');
  });

  test('tags that may not be read leave it unknown', () => {
    const { exit, ports } = verdict({ group: { tags: unreadable() } });
    expect(exit).toBe(8);
    expect(ports[0]?.members[0]?.role).toBe('member');
    expect(
      codesOf(planPurge(world({ group: { tags: unreadable() } }), { service }).blockers),
    ).toEqual(['api-forbidden']);
  });

  test('an Ingress group, whose load balancer is an ALB', () => {
    const tags = known({ 'elbv2.k8s.aws/cluster': 'a', 'ingress.k8s.aws/stack': 'shop' });
    const { cautions, problems } = verdict({
      clusters: [
        a().editBindings({ stack: { kind: 'ingress', namespace: '', name: 'shop' } }),
        b(),
      ],
      group: { tags },
      balancer: { type: 'application' },
    });
    expect(codesOf(cautions)).toEqual(['owner-not-service']);
    expect(cautions[0]?.message).toContain('Ingress group shop of a');
    expect(codesOf(problems)).toEqual(['type-unsupported']);
  });

  test('a Gateway in a listed cluster: its protection is in its LoadBalancerConfiguration', () => {
    const made = a().editBindings({
      stack: { kind: 'gateway', namespace: 'default', name: 'edge' },
    });
    const { problems, ports } = verdict({ clusters: [made, b()], protection: 'false' });
    expect(codesOf(problems)).toEqual(['deletion-unprotected']);
    expect(problems[0]?.message).toContain('Gateway default/edge of a');
    expect(ports[0]?.members.map(({ role }) => role)).toEqual(['primary', 'secondary']);
  });
});
