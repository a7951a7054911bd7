import { BINDINGS, LbcWorld } from './lbc-world.ts';
import { nodeGroup } from './node-groups.ts';

export const CHECKPOINT = 'elbv2.k8s.aws/checkpoint';

/** A cluster with a binding of its own on the target group of another cluster's Service. */
export function joined(o: ConstructorParameters<typeof LbcWorld>[0] = {}) {
  const pri = new LbcWorld();
  pri.addService('nginx', { 'multi-cluster-target-group': 'true' });
  pri.settle();
  const arn: string = pri.binding()['spec'].targetGroupARN;
  const world = new LbcWorld({ name: 'sec', beside: pri, ...o });
  world.addService('nginx', {}, { type: 'ClusterIP' });
  const ip = world.addPod('a');
  world.setEndpoints('nginx', [{ name: 'a', ip }]);
  // Its binding opens nothing, so a person did.
  const GroupId = nodeGroup(world);
  const IpPermissions = [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '10.0.0.0/16' }] }];
  world.aws.call('ec2.AuthorizeSecurityGroupIngress', { GroupId, IpPermissions }, 'test');
  const from = world.journal.entries.length;
  world.addBinding('nginx', arn, { multiClusterTargetGroup: true });
  world.settle();
  const find = () => world.kube.get(BINDINGS, 'default', 'nginx')!;
  /** Somebody else takes the pod's target out. */
  const lose = (): void => {
    const Targets = [{ Id: ip, Port: 80 }];
    world.aws.call('elbv2.DeregisterTargets', { TargetGroupArn: arn, Targets }, 'test');
  };
  return {
    world,
    pri,
    arn,
    ip,
    from,
    find,
    lose,
    checkpoint: () => find().metadata.annotations?.[CHECKPOINT],
  };
}
