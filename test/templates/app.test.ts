import { manifest } from '../../src/sandbox/scenarios/manifests.ts';

const PREFIX = 'service.beta.kubernetes.io/aws-load-balancer';
const existing = manifest('app/service-existing.yaml');
const shared = manifest('app/service-primary.yaml');
const secondary = manifest('app/service-secondary.yaml');

describe('the practice application', () => {
  test('is what all three Services select', () => {
    const { spec } = manifest('app/deployment.yaml');
    for (const service of [existing, shared, secondary])
      expect(spec.template.metadata.labels).toMatchObject(service.spec.selector);
  });

  test('has one name, and the same ports in every cluster', () => {
    expect(shared.metadata.name).toBe(existing.metadata.name);
    expect(secondary.metadata.name).toBe(existing.metadata.name);
    expect(shared.spec).toEqual(existing.spec);
    expect(secondary.spec).toEqual({ ...existing.spec, type: 'ClusterIP' });
  });

  test('is shared from the start by two annotations, and nothing else', () => {
    expect(shared.metadata.annotations).toEqual({
      ...existing.metadata.annotations,
      [`${PREFIX}-multi-cluster-target-group`]: 'true',
      [`${PREFIX}-attributes`]: 'deletion_protection.enabled=true',
    });
  });
});
