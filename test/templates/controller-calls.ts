const ec2 = (...operations: string[]): string[] => operations.map((name) => `ec2:${name}`);
const elb = (...operations: string[]): string[] =>
  operations.map((name) => `elasticloadbalancing:${name}`);

/**
 * What the AWS Load Balancer Controller asks of AWS for a Service with an NLB and for bindings, by the
 * upstream file that has the call. An SDK operation has the same name in IAM; to create something with
 * tags takes CreateTags or AddTags besides.
 */
export const CONTROLLER_CALLS: Readonly<Record<string, readonly string[]>> = {
  'pkg/networking/subnet_resolver.go': ec2('DescribeSubnets', 'DescribeRouteTables'),
  'pkg/networking/az_info_provider.go': ec2('DescribeAvailabilityZones'),
  'pkg/networking/vpc_info_provider.go': ec2('DescribeVpcs'),
  'pkg/networking/node_info_provider.go': ec2('DescribeInstances'),
  'pkg/networking/pod_eni_info_resolver.go': ec2('DescribeNetworkInterfaces'),
  'pkg/networking/security_group_manager.go': ec2(
    'DescribeSecurityGroups',
    'AuthorizeSecurityGroupIngress',
    'RevokeSecurityGroupIngress',
  ),
  'pkg/networking/backend_sg_provider.go': ec2(
    'DescribeSecurityGroups',
    'CreateSecurityGroup',
    'CreateTags',
    'DeleteSecurityGroup',
  ),
  'pkg/deploy/ec2/security_group_manager.go': ec2(
    'CreateSecurityGroup',
    'CreateTags',
    'DeleteSecurityGroup',
  ),
  'pkg/deploy/ec2/tagging_manager.go': ec2('CreateTags', 'DeleteTags'),
  'pkg/deploy/elbv2/load_balancer_manager.go': [
    ...elb('CreateLoadBalancer', 'AddTags', 'DeleteLoadBalancer', 'SetSecurityGroups'),
    ...elb('SetSubnets', 'SetIpAddressType'),
    // The account's first load balancer makes the service-linked role.
    'iam:CreateServiceLinkedRole',
  ],
  'pkg/deploy/elbv2/load_balancer_synthesizer.go': elb(
    'DescribeLoadBalancers',
    'ModifyLoadBalancerAttributes',
  ),
  'pkg/deploy/elbv2/load_balancer_attributes_reconciler.go': elb(
    'DescribeLoadBalancerAttributes',
    'ModifyLoadBalancerAttributes',
  ),
  'pkg/deploy/elbv2/target_group_manager.go': elb(
    'CreateTargetGroup',
    'AddTags',
    'ModifyTargetGroup',
    'DeleteTargetGroup',
  ),
  'pkg/deploy/elbv2/target_group_attributes_reconciler.go': elb(
    'DescribeTargetGroupAttributes',
    'ModifyTargetGroupAttributes',
  ),
  'pkg/deploy/elbv2/listener_manager.go': elb(
    'CreateListener',
    'ModifyListener',
    'DeleteListener',
    'DescribeListenerCertificates',
  ),
  'pkg/deploy/elbv2/listener_attributes_reconciler.go': elb(
    'DescribeListenerAttributes',
    'ModifyListenerAttributes',
  ),
  'pkg/deploy/elbv2/tagging_manager.go': elb(
    'DescribeLoadBalancers',
    'DescribeTargetGroups',
    'DescribeListeners',
    'DescribeTags',
    'AddTags',
    'RemoveTags',
  ),
  'pkg/targetgroupbinding/targets_manager.go': elb(
    'DescribeTargetHealth',
    'RegisterTargets',
    'DeregisterTargets',
  ),
};
