import type { Observed } from '../../../src/core/observed/observed.ts';
import { planEnable } from '../../../src/core/enable/plan-enable.ts';
import type { Plan } from '../../../src/core/plan/plan.ts';
import { attributesKey, flagKey, service, type ClusterBuilder } from '../cluster-builder.ts';
import {
  codesOf,
  enabledAnnotations,
  enabledPrimary,
  observed,
  primary,
  primaryTargets,
} from '../world.ts';

const intent = { service, context: 'pri', settled: true };

const world = (cluster: ClusterBuilder, more: readonly string[] = []): Observed =>
  observed({ clusters: [cluster], targets: { 80: [...primaryTargets, ...more] } });

const plan = (cluster: ClusterBuilder, more: readonly string[] = []): Plan =>
  planEnable(world(cluster, more), intent);

const lastApplied = (annotations: Record<string, string>): Record<string, string> => ({
  'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify({ metadata: { annotations } }),
});

describe('somebody else who writes the Service', () => {
  test.each<[string, object, boolean | 'none']>([
    ['none', {}, 'none'],
    ['kubectl apply without the annotations', { annotations: lastApplied({ other: '1' }) }, 'none'],
    [
      'kubectl apply with other attributes',
      { annotations: { [attributesKey]: 'a=b', ...lastApplied({ [attributesKey]: 'a=b' }) } },
      true,
    ],
    ['Argo CD', { annotations: { 'argocd.argoproj.io/tracking-id': 'x' } }, true],
    ['Flux', { labels: { 'kustomize.toolkit.fluxcd.io/name': 'x' } }, true],
    ['Helm', { labels: { 'app.kubernetes.io/managed-by': 'Helm' } }, true],
    ['a label of another tool', { labels: { 'app.kubernetes.io/managed-by': 'me' } }, 'none'],
    [
      'a controller that owns the annotation',
      { annotationManagers: { [attributesKey]: ['wizard'] } },
      true,
    ],
    ['a person’s patch', { annotationManagers: { [attributesKey]: ['kubectl-patch'] } }, 'none'],
    [
      'a person’s server-side apply',
      { annotationManagers: { [attributesKey]: ['kubectl'] } },
      false,
    ],
    ['a tool of an unknown name that applies server-side', { appliers: ['my-deployer'] }, true],
    [
      'kubectl, nlbmc and the controller, which do so, too',
      { appliers: ['kubectl', 'nlbmc', 'controller'] },
      'none',
    ],
    ['Terraform', { annotationManagers: { other: ['Terraform'] } }, true],
  ])('%s', (_, over, grave) => {
    const { cautions, steps } = plan(primary().editService(over));
    expect(steps).toHaveLength(1);
    if (grave === 'none') expect(cautions).toEqual([]);
    else {
      expect(codesOf(cautions)).toEqual(['managed-elsewhere']);
      expect(cautions[0]?.grave ?? false).toBe(grave);
    }
  });

  test('does not matter when nothing is written', () => {
    const annotations = { ...enabledAnnotations, 'argocd.argoproj.io/tracking-id': 'x' };
    expect(plan(enabledPrimary().editService({ annotations })).cautions).toEqual([]);
  });

  test('a flag that is none asks, since the Service has stood still', () => {
    const { cautions, steps } = plan(primary().editService({ annotations: { [flagKey]: 'yes' } }));
    expect(codesOf(cautions)).toEqual(['flag-malformed']);
    expect(steps[0]).toMatchObject({ after: { [flagKey]: 'true' } });
  });
});
