import { builtinResources } from '../../src/sandbox/kube/resources.ts';
import type { World } from '../../src/sandbox/world.ts';

/** What there is in a world, sorted, a line each. */
export interface Inventory {
  readonly kubernetes: readonly string[];
  readonly aws: readonly string[];
}

/** Every listing of AWS that a load balancer, its targets or its rules could be in. */
const listings: readonly (readonly [string, string, string])[] = [
  ['elbv2.DescribeLoadBalancers', 'LoadBalancers', 'LoadBalancerArn'],
  ['elbv2.DescribeTargetGroups', 'TargetGroups', 'TargetGroupArn'],
  ['ec2.DescribeSecurityGroups', 'SecurityGroups', 'GroupId'],
  ['ec2.DescribeSecurityGroupRules', 'SecurityGroupRules', 'SecurityGroupRuleId'],
  ['ec2.DescribeNetworkInterfaces', 'NetworkInterfaces', 'NetworkInterfaceId'],
  ['ec2.DescribeInstances', 'Reservations', 'ReservationId'],
];

/**
 * Everything in Kubernetes but events, which go by themselves after an hour, and in AWS: so that
 * two inventories are equal when nothing has come or gone in between.
 */
export function inventory(world: World): Inventory {
  const keys = [
    ...builtinResources.map(({ key }) => key).filter((key) => !key.startsWith('events')),
    'targetgroupbindings.elbv2.k8s.aws',
  ];
  const kubernetes = [...world.clusters.values()].flatMap(({ name, kube }) =>
    keys.flatMap((key) =>
      kube
        .list(key)
        .map(({ metadata }) => `${name} ${key} ${metadata.namespace ?? ''}/${metadata.name}`),
    ),
  );
  const aws = listings.flatMap(([action, list, id]) =>
    (world.aws.call(action, {}, 'test') as Record<string, readonly Record<string, string>[]>)[
      list
    ]!.map((one) => `${action} ${one[id]}`),
  );
  const addresses = [...world.aws.network.interfaces.values()].flatMap((one) =>
    one.addresses.map((address) => `address ${one.id} ${address}`),
  );
  return { kubernetes: kubernetes.toSorted(), aws: [...aws, ...addresses].toSorted() };
}
