import {
  APP,
  bindingFor,
  bindingsOf,
  deployPrimary,
  enable,
  expectCode,
  joinLine,
  podNames,
  untilEvent,
  verifyLine,
} from '../enrollment.ts';
import { balanced, deployAll } from '../many-services.ts';
import { must } from '../must.ts';
import type { LabCluster, LabStage, Scenario } from '../stage.ts';
import {
  drainQuickly,
  mustHaveTakenOut,
  tracked,
  untilHealthy,
  untilRegistered,
} from '../targets.ts';

const DUAL = { 'ip-address-type': 'dualstack' };
const SINGLE = { ipFamilies: ['IPv6'], ipFamilyPolicy: 'SingleStack' };

/** An address has colons itself, and no brackets set it apart from the port (pkg/backend/endpoint_types.go). */
async function mustHaveRecord(
  stage: LabStage,
  cluster: LabCluster,
  pods: readonly string[],
): Promise<void> {
  const [binding] = await bindingsOf(stage, cluster);
  const name = `aws-lbc-targets-${binding?.metadata.name}`;
  const entries = pods.map((pod) => `${cluster.addresses().get(pod)}:80`).sort();
  must(
    entries.every((entry) => entry.includes('::')),
    'the pods have IPv6 addresses',
  );
  await stage.until(`the record of ${cluster.context} has ${entries.join(', ')}`, async () => {
    const map = await cluster.kube.get('configmaps', stage.namespace, name);
    return String(map?.['data']?.targets).split(',').sort().join() === entries.join();
  });
}

export const ipv6: Scenario = {
  name: 'ipv6',
  title: 'pods and Services of IPv6 behind a dual-stack load balancer: shared, and left again',
  clusters: 2,
  place: 'apart',
  ipFamily: 'IPv6',
  async play(stage) {
    const [primary, secondary] = stage.clusters;
    await deployPrimary(stage, { service: balanced(APP, [{ port: 80 }], DUAL, SINGLE) });
    const arn: string = (await bindingFor(stage, primary))['spec'].targetGroupARN;
    drainQuickly(stage, arn);
    await secondary.addPods(podNames(secondary, 2));
    await enable(stage);
    await expectCode(stage, `${joinLine(stage, secondary)} --create-service`, 0);
    const own = ['pri-1:80', 'pri-2:80', 'pri-3:80'];
    await untilRegistered(stage, arn, [...own, 'sec-1:80', 'sec-2:80']);
    await untilHealthy(stage, arn);
    await expectCode(stage, verifyLine(stage), 0);
    await mustHaveRecord(stage, primary, ['pri-1', 'pri-2', 'pri-3']);
    await mustHaveRecord(stage, secondary, ['sec-1', 'sec-2']);

    await secondary.removePods(['sec-1']);
    await secondary.addPods(['sec-3']);
    await untilRegistered(stage, arn, [...own, 'sec-2:80', 'sec-3:80']);
    await mustHaveRecord(stage, secondary, ['sec-2', 'sec-3']);
    await mustHaveTakenOut(stage, secondary, arn, ['sec-1:80']);
    await untilHealthy(stage, arn);

    const line = `leave ${APP} --context ${secondary.context} --primary ${primary.context} --delete-service --yes`;
    await expectCode(stage, line, 0);
    await untilRegistered(stage, arn, own);
    await mustHaveTakenOut(stage, primary, arn, []);
    must((await tracked(stage, secondary, APP)) === undefined, 'its ConfigMap is gone');
    await expectCode(stage, `verify ${APP} --context ${primary.context}`, 0);
  },
};

/** The controller's side alone, as the scripts `networks` and `protocols` have it for IPv4. */
export const ipv6Networks: Scenario = {
  name: 'ipv6-networks',
  title: 'who may reach IPv6 targets: groups of a person, no groups, source ranges, instances',
  clusters: 2,
  place: 'apart',
  ipFamily: 'IPv6',
  controllerAlone: true,
  async play(stage) {
    const [primary] = stage.clusters;
    const { aws, namespace } = stage;
    const { GroupId: own } = aws.call(
      'ec2.CreateSecurityGroup',
      { GroupName: `${namespace}-own`, Description: 'own', VpcId: aws.network.vpcId },
      'somebody',
    );
    const mine = { ...DUAL, 'security-groups': own };
    const managed = { ...mine, 'manage-backend-security-group-rules': 'true' };
    const without = { ...DUAL, 'disable-nlb-sg': 'true' };
    const hides = { 'target-group-attributes': 'preserve_client_ip.enabled=false' };
    const ranges = { loadBalancerSourceRanges: ['203.0.113.0/24', '2001:db8::/32'] };
    await deployAll(stage, [
      balanced('plain', [{ port: 1001 }], DUAL, SINGLE),
      balanced('own', [{ port: 1003 }], mine, SINGLE),
      balanced('own-managed', [{ port: 1004 }], managed, SINGLE),
      balanced('bare', [{ port: 1005 }], without, SINGLE),
      balanced('bare-hides', [{ port: 1006 }], { ...without, ...hides }, SINGLE),
      balanced('bare-ranges', [{ port: 1007 }], without, { ...SINGLE, ...ranges }),
      balanced('ranges', [{ port: 1008 }], DUAL, { ...SINGLE, ...ranges }),
      balanced('nodes', [{ port: 1009 }], { ...DUAL, 'nlb-target-type': 'instance' }, SINGLE),
    ]);
    const single = balanced('single', [{ port: 1010 }], {}, SINGLE);
    await primary.kube.create('services', namespace, single);
    await untilEvent(stage, primary, 'Service', 'FailedBuildModel', 'lb not dual-stack');
  },
};
