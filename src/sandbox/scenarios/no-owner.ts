import type { AwsAccount } from '../aws/account.ts';
import { createAll, type Clusters } from './apply.ts';
import { appNamed, deployment, plainService } from './objects.ts';

const TOOL = 'terraform';
/** Name of the load balancer that no cluster owns. */
export const LOAD_BALANCER = 'shared';

const TAGS = [{ Key: 'ManagedBy', Value: TOOL }];

/**
 * The load balancer belongs to no cluster: a tool made it, its listener and its target group through
 * the AWS API. The app is in every cluster, and no binding leads to it yet.
 */
export function arrangeNoOwner({ primary, secondaries, aws }: Clusters): void {
  makeLoadBalancer(aws);
  for (const { kube } of [primary, ...secondaries]) {
    createAll(kube, appNamed('web', deployment(2)), appNamed('web', plainService('ClusterIP')));
  }
}

const publicSubnets = ({ network }: AwsAccount) =>
  [...network.subnets.values()].filter((one) => one.isPublic && one.vpcId === network.vpcId);

function makeLoadBalancer(aws: AwsAccount): void {
  const call = (action: string, params: object) => aws.call(`elbv2.${action}`, params, TOOL);
  const { LoadBalancers } = call('CreateLoadBalancer', {
    Name: LOAD_BALANCER,
    Type: 'network',
    Subnets: publicSubnets(aws).map((subnet) => subnet.id),
    Tags: TAGS,
  });
  const { TargetGroups } = call('CreateTargetGroup', {
    Name: 'shared-web',
    Protocol: 'TCP',
    Port: 80,
    VpcId: aws.network.vpcId,
    TargetType: 'ip',
    HealthCheckIntervalSeconds: 10,
    HealthyThresholdCount: 2,
    UnhealthyThresholdCount: 2,
    Tags: TAGS,
  });
  const { LoadBalancerArn } = LoadBalancers[0];
  const { TargetGroupArn } = TargetGroups[0];
  call('CreateListener', {
    LoadBalancerArn,
    Protocol: 'TCP',
    Port: 80,
    DefaultActions: [{ Type: 'forward', TargetGroupArn }],
    Tags: TAGS,
  });
  call('ModifyLoadBalancerAttributes', {
    LoadBalancerArn,
    Attributes: [{ Key: 'deletion_protection.enabled', Value: 'true' }],
  });
}
