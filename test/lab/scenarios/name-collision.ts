import { plainService } from '../../../src/sandbox/scenarios/objects.ts';
import type { KubeObject } from '../../../src/sandbox/kube/object.ts';
import {
  APP,
  bindingByHand,
  bindingFor,
  deployPrimary,
  deploySecondary,
  enable,
  expectCode,
  join,
  verifyLine,
} from '../enrollment.ts';
import { must } from '../must.ts';
import {
  drainQuickly,
  healthy,
  isSame,
  movedBy,
  mustHaveTakenOut,
  registered,
  tracked,
  untilDrained,
  untilHealthy,
  untilRegistered,
} from '../targets.ts';
import type { LabCluster, LabStage, Scenario } from '../stage.ts';

const BINDINGS = 'targetgroupbindings';
const own = ['pri-1:80', 'pri-2:80', 'pri-3:80'];
const foreign = ['sec-1:80', 'sec-2:80'];
const others = ['sec-8:80', 'sec-9:80'];

/** A target group that no load balancer uses: enough for a binding. Gives its ARN. */
function spareGroup({ aws }: LabStage): string {
  const params = {
    Name: 'name-collision-spare',
    Protocol: 'TCP',
    Port: 80,
    VpcId: aws.network.vpcId,
    TargetType: 'ip',
  };
  return aws.call('elbv2.CreateTargetGroup', params, 'scenario').TargetGroups[0].TargetGroupArn;
}

/** A shared binding of the app on another target group, with what an old controller confuses with `binding`. */
function rivalOf(stage: LabStage, binding: string, model: KubeObject, arn: string): KubeObject {
  // `name-collision` + `nginx` and `name` + `collision-nginx` are one text with a hyphen between.
  const [, rest = ''] = /^[^-]+-(.*)$/.exec(stage.namespace) ?? [];
  const { spec, ...made } = bindingByHand(model, { shared: true, name: `${rest}-${binding}` });
  const { serviceRef, targetType, multiClusterTargetGroup } = spec;
  return {
    ...made,
    spec: { serviceRef, targetType, multiClusterTargetGroup, targetGroupARN: arn },
  };
}

const untilGone = (stage: LabStage, { kube }: LabCluster, namespace: string, name: string) =>
  stage.until(
    `binding ${namespace}/${name} is gone`,
    async () => (await kube.get(BINDINGS, namespace, name)) === undefined,
  );

async function mustCollide(stage: LabStage, arn: string): Promise<void> {
  await untilHealthy(stage, arn);
  const { stdout } = await expectCode(stage, verifyLine(stage), 3);
  must(stdout.includes('"tracking-collision"'), 'verify says that two bindings share one memory');
}

/** H17: the key of a record in memory is `namespace-name` (pkg/targetgroupbinding/multicluster_manager.go). */
export const nameCollision: Scenario = {
  name: 'name-collision',
  title: 'two bindings of one cluster share one record in the controller’s memory',
  clusters: 2,
  place: 'beside',
  before: '3.5.0',
  async play(stage) {
    const { namespace } = stage;
    const [primary, secondary] = stage.clusters;
    await deployPrimary(stage);
    await deploySecondary(stage, secondary);
    await enable(stage);
    const model = await bindingFor(stage, primary);
    const arn: string = model['spec'].targetGroupARN;
    drainQuickly(stage, arn);
    const spare = spareGroup(stage);
    const place = 'name';
    const elsewhere = await secondary.elsewhere(place);
    await elsewhere.kube.create('services', place, plainService('ClusterIP'));
    await elsewhere.addPods(['sec-8', 'sec-9']);

    // By hand: the second binding is recorded over the first one.
    await secondary.kube.create(BINDINGS, namespace, bindingByHand(model, { shared: true }));
    await untilRegistered(stage, arn, [...own, ...foreign]);
    const rival = rivalOf(stage, APP, model, spare);
    await secondary.kube.create(BINDINGS, place, rival);
    await untilRegistered(stage, spare, others);
    await mustCollide(stage, arn);
    await secondary.removePods(['sec-2']);
    await stage.until('nobody answers at the address of the dead pod', () =>
      Promise.resolve(isSame(healthy(stage, arn), [...own, 'sec-1:80'])),
    );
    await stage.pass(20_000);
    must(
      isSame(registered(stage, arn), [...own, ...foreign]),
      'the target of a dead pod stays registered',
    );
    must(isSame(await tracked(stage, secondary, APP), foreign), '... and recorded');
    await secondary.kube.delete(BINDINGS, namespace, APP);
    await untilGone(stage, secondary, namespace, APP);
    await mustHaveTakenOut(stage, secondary, arn, []);
    must(
      isSame(registered(stage, arn), [...own, ...foreign]),
      'a deletion leaves every target of the cluster registered',
    );

    // By nlbmc: the name is one that nothing is confused with.
    await join(stage, secondary);
    const { name } = (await bindingFor(stage, secondary)).metadata;
    must(name !== APP, `join does not call the binding ${APP}`);
    must(isSame(await tracked(stage, secondary, name), ['sec-1:80']), 'its record is its own');
    await expectCode(
      stage,
      `purge ${APP} --context ${primary.context},${secondary.context} --yes`,
      0,
    );
    await untilDrained(stage, arn);
    await expectCode(stage, verifyLine(stage), 0);

    // The one that comes later makes a collision of that name, too.
    await secondary.kube.delete(BINDINGS, place, rival.metadata.name);
    await untilGone(stage, secondary, place, rival.metadata.name);
    await untilDrained(stage, spare);
    await secondary.kube.create(BINDINGS, place, rivalOf(stage, name, model, spare));
    await untilRegistered(stage, spare, others);
    await mustCollide(stage, arn);
    const line = `leave ${APP} --context ${secondary.context} --primary ${primary.context} --yes`;
    await expectCode(stage, line, 0);
    await untilRegistered(stage, arn, own);
    must(
      isSame(await movedBy(stage, 'other', 'DeregisterTargets', arn), foreign),
      'nlbmc took out what the cluster has there, and nothing else',
    );
    for (const cluster of stage.clusters) await mustHaveTakenOut(stage, cluster, arn, []);
    must(isSame(registered(stage, spare), others), 'the other binding keeps its targets');
    await expectCode(stage, `verify ${APP} --context ${primary.context}`, 0);
  },
};
