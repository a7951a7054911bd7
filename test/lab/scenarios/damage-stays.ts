import { bindingFor, deployPrimary } from '../enrollment.ts';
import { must } from '../must.ts';
import { drainQuickly, nameOf, registered, untilDrained } from '../targets.ts';
import type { Scenario } from '../stage.ts';

/**
 * What somebody else took out stays out, even over a restart, since the
 * checkpoint still fits. Whether it comes back is not stated here but compared: so the comparison is
 * shown to be alive by a sandbox without that skip.
 */
export const damageStays: Scenario = {
  name: 'damage-stays',
  title: 'a target is deregistered by hand, and the controller restarts',
  clusters: 2,
  place: 'alone',
  async play(stage) {
    const [primary] = stage.clusters;
    await deployPrimary(stage, { pods: 2 });
    const arn: string = (await bindingFor(stage, primary))['spec'].targetGroupARN;
    drainQuickly(stage, arn);
    const Id = primary.addresses().get('pri-1') ?? '';
    const Targets = [{ Id, Port: 80 }];
    stage.aws.call('elbv2.DeregisterTargets', { TargetGroupArn: arn, Targets }, 'somebody');
    must(
      registered(stage, arn).join() === 'pri-2:80',
      `${nameOf(stage, Id)} was taken out by hand`,
    );
    await primary.controller.stop();
    await primary.controller.start();
    await stage.pass(20_000);
    await untilDrained(stage, arn);
    await stage.nlbmc(`verify nginx --context ${primary.context}`);
  },
};
