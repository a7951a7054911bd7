import {
  APP,
  deployPrimary,
  deploySecondary,
  enable,
  expectCode,
  join,
  verifyLine,
} from '../enrollment.ts';
import { balanced, unbalanced } from '../many-services.ts';
import type { Scenario } from '../stage.ts';

const WEB = [{ port: 80 }, { port: 443 }];

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
    await deploySecondary(stage, secondary, { service: unbalanced(WEB) });
    await enable(stage);
    await join(stage, secondary);
    await expectCode(stage, verifyLine(stage), 0);
  },
};
