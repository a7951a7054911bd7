import type { KubeObject } from '../../../src/sandbox/kube/object.ts';
import { plainService } from '../../../src/sandbox/scenarios/objects.ts';
import {
  APP,
  bindingFor,
  deployPrimary,
  deploySecondary,
  enable,
  expectCode,
  join,
  ownService,
  TARGET_TYPE,
  verifyLine,
} from '../enrollment.ts';
import { must } from '../must.ts';
import { mustHaveTakenOut, untilRegistered } from '../targets.ts';
import type { Scenario } from '../stage.ts';

/** Fixed, so that both worlds have the same; a different one in each cluster. */
const NODE_PORTS = { pri: 30_080, sec: 30_081 };

function withNodePort(service: KubeObject, nodePort: number): KubeObject {
  service['spec'].ports[0].nodePort = nodePort;
  return service;
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
    await deployPrimary(stage, { service: withNodePort(service, NODE_PORTS.pri) });
    const local = withNodePort(plainService('NodePort'), NODE_PORTS.sec);
    await deploySecondary(stage, secondary, { service: local });
    await enable(stage);
    await join(stage, secondary);
    await expectCode(stage, verifyLine(stage), 0);

    const arn: string = (await bindingFor(stage, primary))['spec'].targetGroupARN;
    const nodes = (name: 'pri' | 'sec'): string[] =>
      [1, 2].map((n) => `${name}-node-${n}:${NODE_PORTS[name]}`);
    await untilRegistered(stage, arn, [...nodes('pri'), ...nodes('sec')]);

    // Without its Service a binding has nothing to stand for: its controller takes its targets out.
    await secondary.kube.delete('services', stage.namespace, APP);
    await untilRegistered(stage, arn, nodes('pri'));
    await mustHaveTakenOut(stage, secondary, arn, nodes('sec'));
    await mustHaveTakenOut(stage, primary, arn, []);
    const kept = await bindingFor(stage, secondary);
    must(!kept.metadata.deletionTimestamp, 'the binding without a Service stays');
  },
};
