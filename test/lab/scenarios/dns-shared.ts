import { plainService } from '../../../src/sandbox/scenarios/objects.ts';
import type { KubeObject } from '../../../src/sandbox/kube/object.ts';
import {
  APP,
  bindingFor,
  bindingsOf,
  deployPrimary,
  deploySecondary,
  enable,
  expectCode,
  join,
  verifyLine,
} from '../enrollment.ts';
import { balanced, type PortWanted } from '../many-services.ts';
import { must } from '../must.ts';
import type { LabStage, Scenario } from '../stage.ts';
import { mustHaveTakenOut, untilRegistered } from '../targets.ts';

/** 53 over both protocols, and another port over UDP alone. */
const PORTS: readonly PortWanted[] = [
  { port: 53, protocol: 'UDP' },
  { port: 53, protocol: 'TCP' },
  { port: 5353, protocol: 'UDP', targetPort: 8080 },
];

const plain = (): KubeObject => {
  const service = plainService('ClusterIP');
  service['spec'].ports = balanced(APP, PORTS)['spec'].ports;
  return service;
};

/** Three ports of the Service are two target groups, so that `deployPrimary` cannot count them. */
async function deploy(stage: LabStage): Promise<void> {
  const [primary] = stage.clusters;
  const merged = balanced(APP, PORTS, { 'enable-tcp-udp-listener': 'true' });
  const all = merged['spec'].ports;
  merged['spec'].ports = all.slice(0, 1);
  await deployPrimary(stage, { service: merged });
  const body = { spec: { ports: all } };
  await primary.kube.patch('services', stage.namespace, APP, body);
  await stage.until('port 5353 has its binding, and 53 is merged', async () => {
    const bindings = await bindingsOf(stage, primary);
    const protocols = bindings.map(({ spec }) => spec.targetGroupProtocol as string);
    return protocols.sort().join() === 'TCP_UDP,UDP';
  });
}

export const dnsShared: Scenario = {
  name: 'dns-shared',
  title: 'port 53 over UDP and TCP in one target group, and 5353 over UDP, are shared',
  clusters: 2,
  place: 'beside',
  async play(stage) {
    const [primary, secondary] = stage.clusters;
    await deploy(stage);
    await deploySecondary(stage, secondary, { service: plain() });
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
        ['pri-1', 'pri-2', 'pri-3', 'sec-2'].map((pod) => `${pod}:${at}`),
      );
      await mustHaveTakenOut(stage, secondary, arn, [`sec-1:${at}`]);
      await mustHaveTakenOut(stage, primary, arn, []);
    }
  },
};
