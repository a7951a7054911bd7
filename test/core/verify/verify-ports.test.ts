import { verdictOf } from '../../../src/core/verify/verify.ts';
import { arnOf, endpointsAt, service } from '../cluster-builder.ts';
import { codesOf, enabledPrimary, joinedSecondary, observed, unreadable } from '../world.ts';
import { intent } from '../verifying.ts';

const pods = (a: string) => endpointsAt([a], { ports: { p80: 80, p443: 443 } });

const node = (name: string, instanceId: string) => ({
  name,
  instanceId,
  ready: 'True' as const,
  labels: {},
  taints: [],
});

const rules = (port: number) => [
  { from: [{ securityGroup: { groupID: 'sg-back' } }], ports: [{ protocol: 'TCP', port }] },
];

test('every port is judged, and one that is red is enough', () => {
  const ports = [80, 443].map((port) => ({
    name: `p${port}`,
    port,
    targetPort: port,
    protocol: 'TCP',
  }));
  const pri = enabledPrimary()
    .editService({ ports })
    .endpoints(pods('10.0.1.1'))
    .tracks('k8s-default-nginx-1', '10.0.1.1:80')
    .binding({
      name: 'k8s-2',
      stack: { kind: 'service', ...service },
      servicePort: 443,
      targetGroupArn: arnOf(443),
      multiCluster: true,
      networking: rules(443),
    })
    .tracks('k8s-2', '10.0.1.1:443');
  const sec = joinedSecondary()
    .service({ ports })
    .endpoints(pods('10.0.2.1'))
    .tracks('nginx', '10.0.2.1:80');
  const verdict = verdictOf(
    observed({
      clusters: [pri, sec],
      targets: { 80: ['10.0.1.1:80', '10.0.2.1:80'], 443: ['10.0.1.1:443'] },
    }),
    intent,
  );
  expect(verdict.ports.map(({ port }) => port)).toEqual([80, 443]);
  expect(codesOf(verdict.problems)).toEqual(['member-missing']);
  expect(verdict.ports[1]?.members[1]).toMatchObject({ cluster: 'sec', state: 'degraded' });
});

test('instance targets are judged by nodes', () => {
  const pri = enabledPrimary()
    .editBindings({ targetType: 'instance', networking: rules(30080) })
    .editService({ type: 'NodePort' })
    .nodes([node('n1', 'i-1')])
    .tracks('k8s-default-nginx-1', 'i-1:30080');
  const sec = joinedSecondary()
    .editBindings({ targetType: 'instance', networking: rules(30080) })
    .editService({ type: 'NodePort' })
    .nodes([node('n2', 'i-2')])
    .tracks('nginx', 'i-2:30080');
  const targets = { 80: ['i-1:30080', 'i-2:30080'] };
  expect(verdictOf(observed({ clusters: [pri, sec], targets }), intent).exit).toBe(0);
  const unread = verdictOf(
    observed({ clusters: [pri, sec.with({ nodes: unreadable() })], targets }),
    intent,
  );
  expect(unread.exit).toBe(8);
});
