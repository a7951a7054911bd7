import { plainService } from '../../../src/sandbox/scenarios/objects.ts';
import {
  APP,
  bindingFor,
  deployPrimary,
  deploySecondary,
  enable,
  expectCode,
  join,
  must,
  mustHaveTakenOut,
  ownService,
  TARGET_TYPE,
  untilRegistered,
  verifyLine,
} from '../enrollment.ts';
import type { LabCluster, LabStage, Scenario } from '../stage.ts';

async function nodePort(stage: LabStage, cluster: LabCluster): Promise<number> {
  const service = await cluster.kube.need('services', stage.namespace, APP);
  return service['spec'].ports[0].nodePort as number;
}

export const instanceTargets: Scenario = {
  name: 'instance-targets',
  title: 'the targets are nodes, reached through node ports',
  clusters: 2,
  place: 'beside',
  async play(stage) {
    const [primary, secondary] = stage.clusters;
    const service = ownService();
    service.metadata.annotations = { ...service.metadata.annotations, [TARGET_TYPE]: 'instance' };
    await deployPrimary(stage, { service });
    await deploySecondary(stage, secondary, { service: plainService('NodePort') });
    await enable(stage);
    await join(stage, secondary);
    await expectCode(stage, verifyLine(stage), 0);

    const arn: string = (await bindingFor(stage, primary))['spec'].targetGroupARN;
    const own = await nodePort(stage, primary);
    const foreign = await nodePort(stage, secondary);
    const nodes = (name: string, port: number): string[] =>
      [1, 2].map((n) => `${name}-node-${n}:${port}`);
    await untilRegistered(stage, arn, [...nodes('pri', own), ...nodes('sec', foreign)]);

    // Without its Service a binding has nothing to stand for: its controller takes its targets out.
    await secondary.kube.delete('services', stage.namespace, APP);
    await untilRegistered(stage, arn, nodes('pri', own));
    await mustHaveTakenOut(stage, secondary, arn, nodes('sec', foreign));
    await mustHaveTakenOut(stage, primary, arn, []);
    const kept = await bindingFor(stage, secondary);
    must(!kept.metadata.deletionTimestamp, 'the binding without a Service stays');
  },
};
