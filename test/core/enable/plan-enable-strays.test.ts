import { typed } from '../typed.ts';
import type { Endpoint } from '../../../src/core/model/kubernetes.ts';
import type { Observed } from '../../../src/core/observed/observed.ts';
import { planEnable } from '../../../src/core/enable/plan-enable.ts';
import type { Plan } from '../../../src/core/plan/plan.ts';
import { endpointsAt, service, type ClusterBuilder } from '../cluster-builder.ts';
import { codesOf, observed, primary, primaryTargets } from '../world.ts';

const intent = { service, context: 'pri', settled: true };

const world = (cluster: ClusterBuilder, more: readonly string[] = []): Observed =>
  observed({ clusters: [cluster], targets: { 80: [...primaryTargets, ...more] } });

const plan = (cluster: ClusterBuilder, more: readonly string[] = []): Plan =>
  planEnable(world(cluster, more), intent);

const leaving = (address: string): Endpoint[] => [
  ...endpointsAt(['10.0.1.1', '10.0.1.2', '10.0.1.3']),
  ...endpointsAt([address], { ready: false, terminating: true }),
];

describe('a rollout', () => {
  const rolling = primary().endpoints(leaving('10.0.1.9'));

  test('is waited out first', () => {
    const first = planEnable(world(rolling, ['10.0.1.9:80']), { ...intent, settled: false });
    expect(codesOf(first.settling)).toEqual(['rollout-in-progress']);
    expect(first.blockers).toEqual([]);
  });

  test('then an own target refuses, unless exactly that number is accepted', () => {
    const o = world(rolling, ['10.0.1.9:80']);
    const refused = planEnable(o, intent);
    expect(codesOf(refused.blockers)).toEqual(['targets-would-leak']);
    expect(typed(refused.blockers[0])).toBe(
      'Wait until their pods are gone or ready, then run the same command again.\n' +
        'if you accept that 1 target will stay registered until a person purges it: nlbmc enable nginx -n default --context pri --accept leaking=1',
    );
    expect(planEnable(o, { ...intent, acceptLeaking: 2 }).steps).toEqual([]);
    expect(planEnable(o, { ...intent, acceptLeaking: 1 }).steps).toHaveLength(1);
  });

  test.each(['10.0.1.9:80 draining', '10.0.1.9:80 unused Target.NotRegistered'])(
    'that AWS is done with is none: %s',
    (target) => expect(plan(rolling, [target]).blockers).toEqual([]),
  );

  test('an own pod that is only unready would leak, too', () => {
    const unready = primary().endpoints([
      ...endpointsAt(['10.0.1.1', '10.0.1.2']),
      ...endpointsAt(['10.0.1.3'], { ready: false, podContainersReady: false }),
    ]);
    expect(codesOf(plan(unready).blockers)).toEqual(['targets-would-leak']);
  });

  test('endpoints that are not registered yet are no reason to refuse', () => {
    expect(
      planEnable(observed({ clusters: [primary()], targets: { 80: [] } }), intent).steps,
    ).toHaveLength(1);
  });
});

describe('foreign targets', () => {
  test('are a caution: enabling is their rescue', () => {
    const { cautions, blockers, steps } = plan(primary(), ['10.0.9.9:80']);
    expect(codesOf(cautions)).toEqual(['foreign-targets']);
    expect(blockers).toEqual([]);
    expect(steps).toHaveLength(1);
  });

  test('without evidence may be a pod that has just gone: waited for; with it there is no wait', () => {
    const clusters = [primary()];
    const all = { 80: [...primaryTargets, '10.0.9.9:80'] };
    const early = { ...intent, settled: false };
    expect(planEnable(observed({ clusters, targets: all }), early).settling).toHaveLength(1);
    const addressEvidence = { '10.0.9.9': { instance: 'i-1', cluster: 'sec', gone: false } };
    const known = planEnable(observed({ clusters, targets: all, addressEvidence }), early);
    expect(known.settling).toEqual([]);
    expect(known.cautions[0]?.details?.[0]).toContain('instance i-1, cluster tag sec');
  });

  test('of this very cluster by evidence would leak', () => {
    const addressEvidence = { '10.0.9.9': { instance: 'i-1', cluster: 'pri', gone: false } };
    const o = observed({
      clusters: [primary()],
      targets: { 80: [...primaryTargets, '10.0.9.9:80'] },
      addressEvidence,
    });
    const { blockers } = planEnable(o, intent);
    expect(codesOf(blockers)).toEqual(['targets-would-leak']);
    // No pod has it any more: the way on is not to accept it.
    expect(typed(blockers[0]).split('\n')[0]).toBe('nlbmc purge nginx -n default --context pri');
  });

  test('in a leftover ConfigMap would be deregistered: refused, with their number', () => {
    const left = primary().tracks('k8s-default-nginx-1', '10.0.9.8:80,10.0.9.9:80,10.0.1.1:80');
    const { blockers } = plan(left, ['10.0.9.8:80', '10.0.9.9:80']);
    expect(blockers).toMatchObject([{ code: 'leftover-tracked-targets', saves: 2 }]);
    expect(typed(blockers[0])).toContain('delete configmap aws-lbc-targets-k8s-default-nginx-1');
  });

  test('a leftover that lists only what is gone or own does not matter', () => {
    const left = primary().tracks('k8s-default-nginx-1', '10.0.9.9:80,10.0.1.1:80');
    expect(plan(left).blockers).toEqual([]);
    const addressEvidence = { '10.0.9.9': { gone: true } };
    const o = observed({
      clusters: [left],
      targets: { 80: [...primaryTargets, '10.0.9.9:80'] },
      addressEvidence,
    });
    expect(planEnable(o, intent).blockers).toEqual([]);
  });

  test('an own dying target that the leftover lists is deregistered as it should be', () => {
    const left = primary()
      .tracks('k8s-default-nginx-1', '10.0.1.9:80')
      .endpoints([
        ...endpointsAt(['10.0.1.1', '10.0.1.2', '10.0.1.3']),
        ...endpointsAt(['10.0.1.9'], { ready: false, terminating: true }),
      ]);
    expect(plan(left, ['10.0.1.9:80']).blockers).toEqual([]);
  });
});
