import {
  APP,
  bindingFor,
  enroll,
  expectCode,
  joinLine,
  untilEvent,
  verifyLine,
} from '../enrollment.ts';
import { balanced } from '../many-services.ts';
import { must } from '../must.ts';
import type { Scenario } from '../stage.ts';
import { drainQuickly, untilHealthy } from '../targets.ts';

/** `--enable-backend-security-group=false`: targets let in the load balancer's own group. */
export const noBackendGroup: Scenario = {
  name: 'no-backend-group',
  title:
    'a controller without a backend group: its Service is shared, a person’s groups are refused',
  clusters: 2,
  // A controller revokes only when it has reconciled every binding of its cluster, those of other scenarios, too.
  place: 'alone',
  turn: 'first',
  async play(stage) {
    const { aws, namespace } = stage;
    const [primary, secondary] = stage.clusters;
    await primary.controller.stop();
    await primary.controller.start({ enableBackendSecurityGroup: false });
    const arn = await enroll(stage);
    drainQuickly(stage, arn);
    await untilHealthy(stage, arn);
    await expectCode(stage, verifyLine(stage), 0);
    const groups = [primary, secondary].map(async (cluster) => {
      const { ingress } = (await bindingFor(stage, cluster))['spec'].networking;
      return JSON.stringify(ingress[0].from);
    });
    const [first, second] = await Promise.all(groups);
    must(first === second, 'both let in the same group');

    const { GroupId: own } = aws.call(
      'ec2.CreateSecurityGroup',
      { GroupName: `${namespace}-own`, Description: 'own', VpcId: aws.network.vpcId },
      'somebody',
    );
    const managed = { 'security-groups': own, 'manage-backend-security-group-rules': 'true' };
    await primary.kube.create('services', namespace, balanced('own', [{ port: 81 }], managed));
    await untilEvent(
      stage,
      primary,
      'Service',
      'FailedBuildModel',
      'backendSG feature is required',
    );
    await stage.nlbmc(`${joinLine(stage, secondary)} --dry-run`);
    await expectCode(
      stage,
      `leave ${APP} --context ${secondary.context} --primary ${primary.context} --yes`,
      0,
    );
  },
};
