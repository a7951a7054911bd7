import type { TaggedResource } from '../../../src/core/model/handover.ts';
import { known } from '../../../src/core/model/problem.ts';
import { madeBeside } from '../../../src/core/observed/made-beside.ts';

const group = (name: string, tags: Readonly<Record<string, string>>): TaggedResource => ({
  kind: 'target-group',
  arn: `arn:${name}`,
  name,
  tags: { 'elbv2.k8s.aws/cluster': 'new', ...tags },
  loadBalancerArns: [],
});

test('what has the tags of the Service is beside it; the groups of an Ingress or Gateway of its name are not', () => {
  const tagged = known([
    group('shared', { 'service.k8s.aws/stack': 'default/web' }),
    group('beside', { 'service.k8s.aws/stack': 'default/web' }),
    group('of another Service', { 'service.k8s.aws/stack': 'default/other' }),
    group('of another cluster', {
      'service.k8s.aws/stack': 'default/web',
      'elbv2.k8s.aws/cluster': 'old',
    }),
    group('of an Ingress', { 'ingress.k8s.aws/stack': 'default/web' }),
    group('of a Gateway', { 'gateway.k8s.aws.nlb/stack': 'default/web' }),
  ]);
  const handover = { controllers: {}, listenerTags: known({}), tagged, groups: known([]) };
  const owned = {
    service: { namespace: 'default', name: 'web' },
    clusterName: 'new',
    loadBalancerArn: 'arn:balancer',
    targetGroupArns: ['arn:shared'],
  };
  expect(madeBeside({ handover }, owned).map(({ name }) => name)).toEqual(['beside']);
});
