import type { JoinIntent } from '../../src/core/model/intent.ts';
import type { Observed } from '../../src/core/observed/observed.ts';
import { planJoin } from '../../src/core/join/plan-join.ts';
import type { Plan } from '../../src/core/plan/plan.ts';
import { arnOf, service, type ClusterBuilder } from './cluster-builder.ts';
import { enabledPrimary, observed, primaryTargets, templates } from './world.ts';

/** A join of `sec` to `pri` with nothing said that need not be. */
export const intent: JoinIntent = {
  service,
  localService: service,
  primary: 'pri',
  context: 'sec',
  createService: false,
  adopt: false,
  forceConflicts: false,
  settled: true,
};

/** Both clusters as observed; `more` are targets that neither of them has. */
export const world = (
  sec: ClusterBuilder,
  pri = enabledPrimary(),
  more: readonly string[] = [],
): Observed => observed({ clusters: [pri, sec], targets: { 80: [...primaryTargets, ...more] } });

export const plan = (
  sec: ClusterBuilder,
  over: Partial<JoinIntent> = {},
  pri = enabledPrimary(),
): Plan => planJoin(world(sec, pri), { ...intent, ...over }, templates);

/** The spec that a join writes for port 80. */
export const spec = {
  targetGroupARN: arnOf(80),
  targetType: 'ip',
  ipAddressType: 'ipv4',
  multiClusterTargetGroup: true,
  serviceRef: { name: 'nginx', port: 80 },
  networking: {
    ingress: [
      { from: [{ securityGroup: { groupID: 'sg-back' } }], ports: [{ protocol: 'TCP', port: 80 }] },
    ],
  },
};
