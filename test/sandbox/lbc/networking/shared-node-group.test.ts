import { BINDINGS, BY, LbcWorld } from '../lbc-world.ts';
import { backendOf, nodeGroup, opened, putOn } from '../node-groups.ts';
import { primary } from '../primary.ts';

const MINUTE = 60_000;

describe('two clusters on one node group', () => {
  test('revoke each other’s rules, and the loser does not notice', () => {
    const { world: pri, arn } = primary(true);
    const sec = new LbcWorld({ name: 'sec', beside: pri });
    const shared = nodeGroup(pri);
    putOn(sec, [sec.node.eniId], [shared]);
    sec.addService('nginx', {}, { type: 'ClusterIP', ports: [{ port: 80, targetPort: 8080 }] });
    sec.setEndpoints('nginx', [{ name: 'a', ip: sec.addPod('a') }], [{ port: 8080 }]);
    const groupID = backendOf(pri);
    sec.addBinding('nginx', arn, {
      multiClusterTargetGroup: true,
      networking: {
        ingress: [
          { from: [{ securityGroup: { groupID } }], ports: [{ protocol: 'TCP', port: 8080 }] },
        ],
      },
    });
    const before = pri.journal.entries.length;
    sec.settle();
    expect(opened(pri, shared)).toEqual([`tcp 8080-8080 from ${groupID}`]);
    pri.settle(60 * MINUTE);
    expect(pri.story(before).filter((one) => one.endsWith('Ingress'))).toEqual([]);
    // Equal rules get along.
    sec.merge(BINDINGS, 'nginx', {
      spec: {
        networking: {
          ingress: [
            { from: [{ securityGroup: { groupID } }], ports: [{ protocol: 'TCP', port: 80 }] },
          ],
        },
      },
    });
    sec.settle();
    expect(opened(pri, shared)).toEqual([`tcp 80-80 from ${groupID}`]);
    pri.setEndpoints('nginx', [{ name: 'c', ip: pri.addPod('c') }]);
    const from = pri.journal.entries.length;
    pri.settle();
    expect(pri.story(from)).toContain('RegisterTargets');
    expect(opened(pri, shared)).toEqual([`tcp 80-80 from ${groupID}`]);
  });

  test('keep the primary’s load balancer from giving its backend group up', () => {
    const { world: pri, arn } = primary(true);
    const groupID = backendOf(pri);
    const sec = new LbcWorld({ name: 'sec', beside: pri });
    sec.addService('nginx', {}, { type: 'ClusterIP' });
    sec.setEndpoints('nginx', [{ name: 'a', ip: sec.addPod('a') }]);
    const from = [{ securityGroup: { groupID } }];
    sec.addBinding('nginx', arn, {
      multiClusterTargetGroup: true,
      networking: { ingress: [{ from, ports: [{ protocol: 'TCP', port: 80 }] }] },
    });
    sec.settle();
    expect(opened(sec)).toHaveLength(1);
    pri.kube.delete('services', 'default', 'nginx', BY);
    pri.settle(5 * MINUTE);
    expect(pri.kube.get('services', 'default', 'nginx')).toBeDefined();
    sec.kube.delete(BINDINGS, 'default', 'nginx', BY);
    pri.settle(30 * MINUTE);
    expect(pri.kube.get('services', 'default', 'nginx')).toBeUndefined();
  });
});
