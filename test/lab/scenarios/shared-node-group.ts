import { plainService } from '../../../src/sandbox/scenarios/objects.ts';
import {
  APP,
  bindingByHand,
  bindingFor,
  deployPrimary,
  deploySecondary,
  enable,
} from '../enrollment.ts';
import { must } from '../must.ts';
import { mustHaveTakenOut, untilOnlyHealthy, untilRegistered } from '../targets.ts';
import type { LabCluster, LabStage, Scenario } from '../stage.ts';

/** Ports that a controller opened or closed on security groups, such as `80-80`, in their order. */
async function rulesOf(
  stage: LabStage,
  cluster: LabCluster,
  action: 'Authorize' | 'Revoke',
  group: string,
): Promise<string[]> {
  return (await stage.acts()).flatMap((act) => {
    if (act.world !== 'aws' || act.by !== cluster.context) return [];
    if (act.action !== `ec2.${action}SecurityGroupIngress`) return [];
    if (act.params['GroupId'] !== group) return [];
    const rules = act.params['IpPermissions'] as { FromPort: number; ToPort: number }[];
    return rules.map(({ FromPort, ToPort }) => `${FromPort}-${ToPort}`);
  });
}

/** H12: the rules of one node security group, written by two controllers. */
export const sharedNodeGroup: Scenario = {
  name: 'shared-node-group',
  title: 'two clusters whose nodes share a security group revoke each other’s rules',
  clusters: 2,
  place: 'apart',
  sharedNodeGroup: true,
  async play(stage) {
    const [primary, secondary] = stage.clusters;
    await deployPrimary(stage);
    // The same app on another port: so the rules of the two differ.
    const service = plainService('ClusterIP');
    service['spec'].ports[0].targetPort = 8080;
    await deploySecondary(stage, secondary, { service });
    await enable(stage);
    const model = await bindingFor(stage, primary);
    const arn: string = model['spec'].targetGroupARN;
    const { network } = stage.aws;
    const group = network.nodeGroupOf(primary.context, network.vpcId);
    must(
      (await rulesOf(stage, primary, 'Authorize', group)).join() === '80-80',
      'the primary let the load balancer in on port 80',
    );
    const binding = bindingByHand(model, { shared: true, targetPort: 8080 });
    await secondary.kube.create('targetgroupbindings', stage.namespace, binding);
    const own = ['pri-1:80', 'pri-2:80', 'pri-3:80'];
    const foreign = ['sec-1:8080', 'sec-2:8080'];
    await untilRegistered(stage, arn, [...own, ...foreign]);
    must(
      (await rulesOf(stage, secondary, 'Authorize', group)).join() === '8080-8080',
      'the secondary let the load balancer in on port 8080',
    );
    must(
      (await rulesOf(stage, secondary, 'Revoke', group)).join() === '80-80',
      'the secondary revoked the rule of the primary',
    );
    // Health checks pass through the group: the primary's targets fail theirs now.
    await untilOnlyHealthy(stage, arn, foreign);
    // For ten minutes its list of the group's rules is old: not even a full pass notices.
    await primary.addPods(['pri-4']);
    await untilRegistered(stage, arn, [...own, 'pri-4:80', ...foreign]);
    must(
      (await rulesOf(stage, primary, 'Authorize', group)).length === 1,
      'the primary has not noticed',
    );

    // A new process looks again with its first full pass, and pays back.
    await primary.controller.stop();
    await primary.controller.start();
    await primary.addPods(['pri-5']);
    await stage.until('the primary revoked the rule of the secondary', async () =>
      (await rulesOf(stage, primary, 'Revoke', group)).includes('8080-8080'),
    );
    must(
      (await rulesOf(stage, primary, 'Authorize', group)).length === 2,
      'the primary let the load balancer in on port 80 again',
    );
    await untilOnlyHealthy(stage, arn, [...own, 'pri-4:80', 'pri-5:80']);
    for (const cluster of [primary, secondary]) await mustHaveTakenOut(stage, cluster, arn, []);
    await stage.nlbmc(`verify ${APP} --context ${primary.context},${secondary.context}`);
  },
};
