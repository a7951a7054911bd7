import { planDisable } from '../../../src/core/disable/plan-disable.ts';
import { planEnable } from '../../../src/core/enable/plan-enable.ts';
import type { EnableIntent } from '../../../src/core/model/intent.ts';
import { known } from '../../../src/core/model/problem.ts';
import type { Plan } from '../../../src/core/plan/plan.ts';
import { applied } from '../apply.ts';
import { service } from '../cluster-builder.ts';
import { a, b, peer, shared } from '../peers.ts';
import { typed } from '../typed.ts';
import { codesOf, primaryTags, unreadable, type WorldParts } from '../world.ts';

const toEnable: EnableIntent = { service, context: 'a', settled: true };
const own = { 80: ['10.0.1.1:80', '10.0.1.2:80'] };

/** Cluster a alone in sight, its binding exclusive as a person made it. */
const exclusive = (over: Parameters<typeof peer>[2] = {}) =>
  peer('a', ['10.0.1.1', '10.0.1.2'], { multiCluster: false, ...over }).tracks('web', undefined);

const seen = (parts: Partial<WorldParts> = {}) =>
  shared({ clusters: [exclusive()], targets: own, ...parts });
const enabling = (parts: Partial<WorldParts> = {}, over: Partial<EnableIntent> = {}): Plan =>
  planEnable(seen(parts), { ...toEnable, ...over });

describe('enable, where no cluster owns the load balancer', () => {
  test('sets the flag on the binding, in place, and nothing else', () => {
    const plan = enabling();
    expect(plan.blockers).toEqual([]);
    expect(plan.steps).toMatchObject([
      { kind: 'set-flag', cluster: 'a', binding: { name: 'web' }, flag: true },
    ]);
    expect(plan.goals.map(({ kind }) => kind)).toEqual([
      'binding-multi-cluster',
      'endpoints-tracked',
      'none-leaked',
    ]);
    expect(planEnable(applied(seen(), plan), toEnable).steps).toEqual([]);
  });

  test('the manifest is the binding as it is, with the flag', () =>
    expect(enabling().documents.map(({ document }) => document)).toMatchObject([
      {
        kind: 'TargetGroupBinding',
        spec: { multiClusterTargetGroup: true, serviceRef: { name: 'nginx' } },
      },
    ]));

  test('a record from an earlier time that lists another cluster’s target refuses', () => {
    const { blockers } = enabling({
      clusters: [exclusive().tracks('web', '10.0.2.1:80')],
      targets: { 80: [...own[80], '10.0.2.1:80'] },
    });
    expect(blockers).toMatchObject([{ code: 'leftover-tracked-targets', saves: 1 }]);
  });

  test('whoever owns the flag keeps it, unless a person takes it over', () => {
    const clusters = [exclusive({ managers: { flag: ['kustomize-controller'], appliers: [] } })];
    const { blockers } = enabling({ clusters });
    expect(codesOf(blockers)).toEqual(['field-conflict']);
    expect(typed(blockers[0])).toContain('--force-conflicts');
    expect(enabling({ clusters }, { forceConflicts: true }).blockers).toEqual([]);
  });

  test('a tool that writes the binding from a source is told first', () => {
    const clusters = [exclusive({ managers: { flag: [], appliers: ['argocd-controller'] } })];
    expect(enabling({ clusters }).cautions).toMatchObject([
      { code: 'managed-elsewhere', grave: true },
    ]);
  });

  test('a Service in deletion is left alone', () =>
    expect(
      codesOf(enabling({ clusters: [exclusive().editService({ terminating: true })] }).blockers),
    ).toEqual(['service-terminating']));

  test('who owns it has to be known', () =>
    expect(enabling({ group: { tags: unreadable() } }).blockers).toMatchObject([
      { code: 'api-forbidden', unread: true },
    ]));

  test('typed on a secondary it says whose the load balancer is', () => {
    const { blockers } = enabling({ group: { tags: primaryTags } });
    expect(codesOf(blockers)).toEqual(['owner-elsewhere']);
    expect(blockers[0]?.message).toContain('a is a secondary');
    expect(blockers[0]?.message).toContain('Service default/nginx of cluster pri');
  });

  test('of an Ingress it says what to write there', () => {
    const stack = { kind: 'ingress', namespace: 'default', name: 'edge' } as const;
    const { blockers } = enabling({ clusters: [exclusive({ stack })] });
    expect(codesOf(blockers)).toEqual(['owner-not-service']);
    expect(typed(blockers[0])).toContain('alb.ingress.kubernetes.io/multi-cluster-target-group');
  });
});

describe('enable, where a Gateway owns the load balancer', () => {
  const stack = { kind: 'gateway', namespace: 'edge', name: 'shared' } as const;
  const settings = (...specs: readonly Record<string, unknown>[]) => ({
    gatewaySettings: known({
      apiVersion: 'gateway.k8s.aws/v1beta1',
      configurations: specs.map((spec) => ({ namespace: 'default', name: 'tuning', spec })),
    }),
  });
  const of = (...specs: readonly Record<string, unknown>[]) =>
    enabling({ clusters: [exclusive({ stack }).with(settings(...specs))] });

  test('nothing is written: the refusal says what to write, and the manifest is that', () => {
    const plan = of();
    expect(plan.steps).toEqual([]);
    expect(codesOf(plan.blockers)).toEqual(['owner-not-service']);
    expect(plan.blockers[0]?.message).toContain('Gateway edge/shared of a');
    expect(typed(plan.blockers[0])).toContain(
      'nlbmc enable nginx -n default --context a --output manifest',
    );
    expect(plan.documents.map(({ document }) => document)).toEqual([
      {
        apiVersion: 'gateway.k8s.aws/v1beta1',
        kind: 'TargetGroupConfiguration',
        metadata: { namespace: 'default', name: 'nginx' },
        spec: {
          targetReference: { kind: 'Service', name: 'nginx' },
          defaultConfiguration: { enableMultiCluster: true },
        },
      },
    ]);
  });

  test('a configuration that is there keeps the rest, and no entry for a route turns it off', () => {
    const [document] = of({
      targetReference: { name: 'nginx' },
      defaultConfiguration: { targetType: 'ip' },
      routeConfigurations: [
        { routeIdentifier: { kind: 'TCPRoute' }, targetGroupProps: { enableMultiCluster: false } },
        { routeIdentifier: { kind: 'UDPRoute' }, targetGroupProps: { targetType: 'ip' } },
      ],
    }).documents;
    expect(document?.extent).toBe('part');
    expect(document?.document).toMatchObject({
      metadata: { name: 'tuning' },
      spec: {
        targetReference: { name: 'nginx' },
        defaultConfiguration: { targetType: 'ip', enableMultiCluster: true },
        routeConfigurations: [
          { targetGroupProps: { enableMultiCluster: true } },
          { targetGroupProps: { targetType: 'ip' } },
        ],
      },
    });
  });

  test('one that shares already is only looked at', () => {
    const shares = peer('a', ['10.0.1.1', '10.0.1.2'], { stack }).with(settings());
    const plan = enabling({ clusters: [shares] });
    expect(plan.blockers).toEqual([]);
    expect(plan.steps).toEqual([]);
    expect(plan.goals.map(({ kind }) => kind)).toEqual([
      'binding-multi-cluster',
      'endpoints-tracked',
    ]);
  });

  test('settings that may not be read are not guessed', () => {
    const clusters = [exclusive({ stack }).with({ gatewaySettings: unreadable() })];
    expect(enabling({ clusters }).blockers).toMatchObject([
      { code: 'api-forbidden', unread: true },
    ]);
  });
});

describe('disable, where no cluster owns the load balancer', () => {
  const toDisable = { service, context: 'a', allowDeletion: true, exclusive: true };
  const alone = () => shared({ clusters: [a()], targets: own });

  test('clears the flag once nobody else is there', () => {
    const plan = planDisable(alone(), toDisable);
    expect(plan.blockers).toEqual([]);
    expect(plan.steps).toMatchObject([{ kind: 'set-flag', flag: false, binding: { name: 'web' } }]);
    expect(codesOf(plan.cautions)).toContain('unlisted-members');
    expect(planDisable(applied(alone(), plan), toDisable).steps).toEqual([]);
  });

  test('refuses while another cluster is enrolled, with its targets', () => {
    const { blockers } = planDisable(shared(), toDisable);
    expect(blockers).toMatchObject([{ code: 'cluster-enrolled', saves: 1 }]);
    expect(typed(blockers[0])).toBe('nlbmc leave nginx -n default --context b --primary a');
  });

  test('there is no deletion to allow: no controller deletes it', () => {
    const { blockers } = planDisable(alone(), { ...toDisable, exclusive: false });
    expect(codesOf(blockers)).toEqual(['owner-not-service']);
  });

  test('typed on a secondary it says whose the load balancer is', () =>
    expect(
      codesOf(
        planDisable(shared({ clusters: [b()], group: { tags: primaryTags } }), {
          ...toDisable,
          context: 'b',
        }).blockers,
      ),
    ).toEqual(['owner-elsewhere']));
});
