import type { Observed } from '../../../src/core/observed/observed.ts';
import { planEnable } from '../../../src/core/enable/plan-enable.ts';
import type { Plan } from '../../../src/core/plan/plan.ts';
import { applied } from '../apply.ts';
import { arnOf, attributesKey, flagKey, service, type ClusterBuilder } from '../cluster-builder.ts';
import { enabledAnnotations, enabledPrimary, observed, primary, primaryTargets } from '../world.ts';

const intent = { service, context: 'pri', settled: true };

const world = (cluster: ClusterBuilder, more: readonly string[] = []): Observed =>
  observed({ clusters: [cluster], targets: { 80: [...primaryTargets, ...more] } });

const plan = (cluster: ClusterBuilder, more: readonly string[] = []): Plan =>
  planEnable(world(cluster, more), intent);

describe('what is written', () => {
  test('both annotations, with what was there before and its resource version', () => {
    const { steps, blockers, cautions, goals, rehearsals, settling } = plan(
      primary().editService({ annotations: { [attributesKey]: 'x.y=1' } }),
    );
    expect({ blockers, cautions, settling }).toEqual({ blockers: [], cautions: [], settling: [] });
    expect(steps).toEqual([
      {
        kind: 'annotate-service',
        cluster: 'pri',
        service,
        resourceVersion: '7',
        before: { [flagKey]: undefined, [attributesKey]: 'x.y=1' },
        after: { [flagKey]: 'true', [attributesKey]: 'x.y=1,deletion_protection.enabled=true' },
      },
    ]);
    expect(rehearsals.map(({ kind }) => kind)).toEqual(['step', 'set-flag']);
    expect(goals.map(({ kind }) => kind)).toEqual([
      'binding-multi-cluster',
      'endpoints-tracked',
      'none-leaked',
      'deletion-protection',
    ]);
  });

  test('nothing when it is enabled, and its goals are looked at all the same', () => {
    const { steps, goals, rehearsals, blockers } = plan(enabledPrimary());
    expect({ steps, rehearsals, blockers }).toEqual({ steps: [], rehearsals: [], blockers: [] });
    expect(goals).toHaveLength(3);
  });

  test('nothing when it is enabled with the controller down: there is nothing to refuse', () => {
    expect(plan(enabledPrimary().controller({ readyReplicas: 0 })).blockers).toEqual([]);
  });

  test('a spelling of true that the controller takes stays', () => {
    const annotations = { [flagKey]: 'T' };
    const [step] = plan(primary().editService({ annotations })).steps;
    expect(step).toMatchObject({ after: { [flagKey]: 'T' } });
  });

  test('a plan that has been carried out leaves none', () => {
    const before = world(primary());
    const after = applied(before, planEnable(before, intent));
    expect(planEnable(after, intent).steps).toEqual([]);
  });

  test('the manifest is the Service with the merged annotations and no more', () => {
    expect(plan(primary()).documents).toMatchObject([
      {
        extent: 'part',
        document: {
          apiVersion: 'v1',
          kind: 'Service',
          metadata: { ...service, annotations: enabledAnnotations },
        },
      },
    ]);
  });
});

test('every port counts', () => {
  const ports = [80, 443].map((port) => ({
    name: `p${port}`,
    port,
    targetPort: port,
    protocol: 'TCP',
  }));
  const second = {
    name: 'k8s-2',
    stack: { kind: 'service', ...service } as const,
    servicePort: 443,
    targetGroupArn: arnOf(443),
  };
  const both = (flag: boolean): ClusterBuilder =>
    primary()
      .editService({ ports })
      .endpoints([])
      .binding({ ...second, multiCluster: flag })
      .tracks('k8s-2', undefined);
  const groups = { 80: [], 443: [] };
  const planned = planEnable(observed({ clusters: [both(false)], targets: groups }), intent);
  expect(planned.goals).toHaveLength(7);
  expect(planned.rehearsals).toHaveLength(3);
  const half = planEnable(observed({ clusters: [both(true)], targets: groups }), intent);
  expect(half.rehearsals).toHaveLength(2);
});
