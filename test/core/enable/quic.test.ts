import { planEnable } from '../../../src/core/enable/plan-enable.ts';
import { known } from '../../../src/core/model/problem.ts';
import type { Observed } from '../../../src/core/observed/observed.ts';
import { verdictOf } from '../../../src/core/verify/verify.ts';
import { arnOf, type ClusterBuilder, service } from '../cluster-builder.ts';
import { codesOf, enabledPrimary, observed, primary, primaryTargets } from '../world.ts';

/** A primary with port 80, and port 443 that a target group of that protocol serves. */
function world(cluster: ClusterBuilder, protocol: string): Observed {
  const second = {
    name: 'k8s-2',
    stack: { kind: 'service', ...service } as const,
    servicePort: 443,
    targetGroupArn: arnOf(443),
    multiCluster: true,
  };
  const ports = [
    { name: 'http', port: 80, targetPort: 80, protocol: 'TCP' },
    { name: 'h3', port: 443, targetPort: 443, protocol: 'UDP' },
  ];
  const seen = observed({
    clusters: [cluster.editService({ ports }).binding(second).tracks('k8s-2', undefined)],
    targets: { 80: primaryTargets, 443: [] },
  });
  const group = seen.targetGroups[arnOf(443)];
  if (!group?.ok) throw new Error('no group');
  const targetGroups = {
    ...seen.targetGroups,
    [arnOf(443)]: known({ ...group.value, protocol }),
  };
  return { ...seen, targetGroups };
}

test('enable shares the other ports, asks about that one and does not wait for it', () => {
  const plan = planEnable(world(primary(), 'QUIC'), { service, context: 'pri', settled: true });
  expect([codesOf(plan.blockers), codesOf(plan.cautions)]).toEqual([[], ['protocol-unsupported']]);
  expect(plan.cautions[0]?.message).toContain('port 443 uses QUIC. nlbmc leaves it out.');
  expect(plan.steps).toHaveLength(1);
  expect(plan.goals.flatMap((goal) => ('binding' in goal ? goal.binding.name : []))).not.toContain(
    'k8s-2',
  );
});

test.each([
  ['QUIC', ['protocol-unsupported']],
  ['TCP_QUIC', ['protocol-unsupported']],
  ['UDP', []],
])('verify judges a port of %s as one that it cannot judge, or as any other', (protocol, codes) => {
  const verdict = verdictOf(world(enabledPrimary(), protocol), {
    service,
    minHealthy: 1,
    knownTargets: [],
    allowUnprotected: false,
  });
  const said = codesOf(verdict.problems).filter((code) => code === 'protocol-unsupported');
  expect(said).toEqual(codes);
  // The other port is judged all the same.
  const [first] = verdict.ports;
  expect(first?.members.map(({ state }) => state)).toEqual(['ready']);
  expect(verdict.exit).toBe(3);
});
