import { plainService } from '../../../src/sandbox/scenarios/objects.ts';
import type { KubeObject } from '../../../src/sandbox/kube/object.ts';
import {
  APP,
  deployPrimary,
  deploySecondary,
  enable,
  expectCode,
  join,
  verifyLine,
} from '../enrollment.ts';
import { balanced } from '../many-services.ts';
import type { Scenario } from '../stage.ts';

const WEB = [{ port: 80 }, { port: 443 }];

/** The same ports without a load balancer. */
const plain = (): KubeObject => {
  const service = plainService('ClusterIP');
  service['spec'].ports = balanced(APP, WEB)['spec'].ports;
  return service;
};

export const tlsEnded: Scenario = {
  name: 'tls-ended',
  title: 'ports 80 and 443 with TLS ended at the load balancer, and both are shared',
  clusters: 2,
  place: 'beside',
  async play(stage) {
    const [, secondary] = stage.clusters;
    const [certificate = ''] = stage.aws.certificates;
    const notes = { 'ssl-cert': certificate, 'ssl-ports': '443' };
    await deployPrimary(stage, { service: balanced(APP, WEB, notes) });
    await deploySecondary(stage, secondary, { service: plain() });
    await enable(stage);
    await join(stage, secondary);
    await expectCode(stage, verifyLine(stage), 0);
  },
};
