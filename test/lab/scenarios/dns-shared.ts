import {
  APP,
  bindingFor,
  bindingsOf,
  deploySecondary,
  enable,
  expectCode,
  join,
  verifyLine,
} from '../enrollment.ts';
import { balanced, deployAll, type PortWanted, unbalanced } from '../many-services.ts';
import { must } from '../must.ts';
import type { Scenario } from '../stage.ts';
import { mustHaveTakenOut, untilHealthy, untilRegistered } from '../targets.ts';

/** 53 over both protocols, and another port over UDP alone. */
const PORTS: readonly PortWanted[] = [
  { port: 53, protocol: 'UDP' },
  { port: 53, protocol: 'TCP' },
  { port: 5353, protocol: 'UDP', targetPort: 8080 },
];

export const dnsShared: Scenario = {
  name: 'dns-shared',
  title: 'port 53 over UDP and TCP in one target group, and 5353 over UDP, are shared',
  clusters: 2,
  place: 'beside',
  async play(stage) {
    const [primary, secondary] = stage.clusters;
    const merged = { 'enable-tcp-udp-listener': 'true' };
    await deployAll(stage, [balanced(APP, PORTS, merged)]);
    for (const { spec } of await bindingsOf(stage, primary)) {
      await untilHealthy(stage, spec.targetGroupARN);
    }
    await deploySecondary(stage, secondary, { service: unbalanced(PORTS) });
    await enable(stage);
    await join(stage, secondary);
    await expectCode(stage, verifyLine(stage), 0);
    must((await bindingsOf(stage, secondary)).length === 2, 'two bindings serve three ports');
    await secondary.removePods(['sec-1']);
    const targets = [
      { port: 53, at: 80 },
      { port: 5353, at: 8080 },
    ];
    for (const { port, at } of targets) {
      const arn: string = (await bindingFor(stage, primary, port))['spec'].targetGroupARN;
      await untilRegistered(
        stage,
        arn,
        ['pri-1', 'pri-2', 'sec-2'].map((pod) => `${pod}:${at}`),
      );
      await mustHaveTakenOut(stage, secondary, arn, [`sec-1:${at}`]);
      await mustHaveTakenOut(stage, primary, arn, []);
    }
  },
};
