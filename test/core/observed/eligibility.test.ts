import { eligibleTargets } from '../../../src/core/observed/eligibility.ts';
import type { Binding, Endpoint, Node } from '../../../src/core/model/kubernetes.ts';
import { known } from '../../../src/core/model/problem.ts';
import { targetKey } from '../../../src/core/model/target-key.ts';
import { bindingWith, endpointsAt, serviceWith } from '../cluster-builder.ts';

const keysOf = (
  endpoints: readonly Endpoint[],
  nodes: readonly Node[] = [],
  binding: Partial<Binding> = {},
): readonly string[] | undefined => {
  const found = eligibleTargets({
    binding: bindingWith(binding),
    service: serviceWith(),
    endpoints,
    nodes: known(nodes),
  });
  return found.ok ? found.value.map(({ target }) => targetKey(target)) : undefined;
};
const one = (over: Partial<Endpoint>): readonly Endpoint[] => endpointsAt(['10.0.1.1'], over);
const { ready: _, ...unsaid } = endpointsAt(['10.0.1.1'])[0] as Endpoint;

describe('a pod', () => {
  test.each<[string, readonly Endpoint[], boolean]>([
    ['that is ready', one({}), true],
    ['of which nothing is said', [unsaid], true],
    ['that is not ready', one({ ready: false }), false],
    [
      'that waits for nothing but its own gate',
      one({ ready: false, podContainersReady: true, nodeReady: 'True' }),
      true,
    ],
    [
      'on a node that is not ready',
      one({ ready: false, podContainersReady: true, nodeReady: 'False' }),
      false,
    ],
    [
      'that is terminating',
      one({ ready: false, terminating: true, podContainersReady: true, nodeReady: 'True' }),
      false,
    ],
    ['with another port name', one({ ports: { web: 80 } }), false],
  ])('%s: %#', (_, endpoints, eligible) =>
    expect(keysOf(endpoints)).toEqual(eligible ? ['10.0.1.1:80'] : []),
  );

  test('an address that is no pod’s is not taken', () => {
    const { pod: _, ...bare } = endpointsAt(['10.0.1.1'])[0] as Endpoint;
    expect(keysOf([bare])).toEqual([]);
  });

  test.each<[Binding['ipFamily'], string]>([
    ['ipv4', '10.0.1.1:80'],
    ['ipv6', '2600:1f14::10:80'],
  ])(
    'of a dual-stack Service counts with its address of the family of the target group: %s',
    (ipFamily, key) => {
      const both = endpointsAt(['10.0.1.1', '2600:1f14:0::10']);
      expect(keysOf(both, [], { ipFamily })).toEqual([key]);
    },
  );

  test('on a node of unknown condition counts only when no other is there', () => {
    const lost = { ready: false, podContainersReady: true, nodeReady: 'Unknown' } as const;
    expect(keysOf(one(lost))).toEqual(['10.0.1.1:80']);
    expect(keysOf([...one(lost), ...endpointsAt(['10.0.1.2'])])).toEqual(['10.0.1.2:80']);
  });
});

const node = (over: Partial<Node> = {}): Node => ({
  name: 'n',
  instanceId: 'i-1',
  ready: 'True',
  labels: {},
  taints: [],
  ...over,
});

describe('a node', () => {
  test.each<[string, Partial<Node>, boolean]>([
    ['that is ready', {}, true],
    ['that is not', { ready: 'False' }, false],
    ['of unknown condition, alone', { ready: 'Unknown' }, true],
    ['that is a master', { labels: { 'node-role.kubernetes.io/master': '' } }, false],
    [
      'that is excluded',
      { labels: { 'node.kubernetes.io/exclude-from-external-load-balancers': '' } },
      false,
    ],
    ['of Fargate', { labels: { 'eks.amazonaws.com/compute-type': 'fargate' } }, false],
    ['that the autoscaler removes', { taints: ['ToBeDeletedByClusterAutoscaler'] }, false],
    ['that Karpenter disrupts', { taints: ['karpenter.sh/disrupted'] }, false],
  ])('%s', (_, over, eligible) =>
    expect(keysOf([], [node(over)], { targetType: 'instance' })).toEqual(
      eligible ? ['i-1:30080'] : [],
    ),
  );

  test.each([
    [{ matchLabels: { edge: 'yes' } }, true],
    [{ matchLabels: { edge: 'no' } }, false],
    [{ matchExpressions: [{ key: 'edge', operator: 'In', values: ['yes'] }] }, true],
    [{ matchExpressions: [{ key: 'edge', operator: 'NotIn', values: ['yes'] }] }, false],
    [{ matchExpressions: [{ key: 'edge', operator: 'Exists' }] }, true],
    [{ matchExpressions: [{ key: 'edge', operator: 'DoesNotExist' }] }, false],
    [{ matchExpressions: [{ key: 'edge', operator: 'Near' }] }, false],
  ])('selector %j', (nodeSelector, eligible) =>
    expect(
      keysOf([], [node({ labels: { edge: 'yes' } })], { targetType: 'instance', nodeSelector }),
    ).toEqual(eligible ? ['i-1:30080'] : []),
  );

  test('a selector does not bring back an excluded one', () => {
    const master = node({ labels: { edge: 'yes', 'node-role.kubernetes.io/master': '' } });
    const nodeSelector = { matchLabels: { edge: 'yes' } };
    expect(keysOf([], [master], { targetType: 'instance', nodeSelector })).toEqual([]);
  });

  test('that nobody could list is unknown, not none', () => {
    const binding = bindingWith({ targetType: 'instance' });
    expect(eligibleTargets({ binding, service: serviceWith(), endpoints: [] }).ok).toBe(false);
  });
});
