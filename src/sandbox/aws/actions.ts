import { describeAccountLimits } from './elbv2/account-limits.ts';
import * as attributes from './elbv2/attributes.ts';
import { createTags, deleteTags } from './ec2/ec2-tags.ts';
import { getCallerIdentity } from './identity.ts';
import * as instances from './ec2/instances.ts';
import * as certificates from './elbv2/listener-certificates.ts';
import * as listenerReads from './elbv2/listener-reads.ts';
import * as listeners from './elbv2/listeners.ts';
import * as balancerNetwork from './elbv2/load-balancer-network.ts';
import * as balancerSettings from './elbv2/load-balancer-settings.ts';
import * as loadBalancers from './elbv2/load-balancers.ts';
import * as groupReads from './ec2/security-group-reads.ts';
import * as securityGroups from './ec2/security-groups.ts';
import { putRolePolicy } from './role-policies.ts';
import type { State } from './state/state.ts';
import * as tags from './elbv2/tags.ts';
import * as targetGroups from './elbv2/target-groups.ts';
import { describeTargetHealth } from './elbv2/target-health.ts';
import * as targets from './elbv2/targets.ts';
import { describeRouteTables } from './ec2/route-tables.ts';
import * as peering from './ec2/vpc-peering.ts';
import * as vpcs from './ec2/vpcs.ts';

/** What the account can do, by service and action. Each handler knows the shape of its parameters. */
// oxlint-disable-next-line typescript/no-explicit-any -- as many shapes as actions
export const ACTIONS: Readonly<Record<string, (state: State, params: any) => object>> = {
  'elbv2.CreateLoadBalancer': loadBalancers.createLoadBalancer,
  'elbv2.DescribeLoadBalancers': loadBalancers.describeLoadBalancers,
  'elbv2.DeleteLoadBalancer': loadBalancers.deleteLoadBalancer,
  'elbv2.SetSecurityGroups': balancerNetwork.setSecurityGroups,
  'elbv2.SetSubnets': balancerNetwork.setSubnets,
  'elbv2.SetIpAddressType': balancerSettings.setIpAddressType,
  'elbv2.DescribeCapacityReservation': balancerSettings.describeCapacityReservation,
  'elbv2.ModifyCapacityReservation': balancerSettings.modifyCapacityReservation,
  'elbv2.DescribeLoadBalancerAttributes': attributes.describeLoadBalancerAttributes,
  'elbv2.ModifyLoadBalancerAttributes': attributes.modifyLoadBalancerAttributes,
  'elbv2.DescribeTargetGroupAttributes': attributes.describeTargetGroupAttributes,
  'elbv2.ModifyTargetGroupAttributes': attributes.modifyTargetGroupAttributes,
  'elbv2.DescribeListenerAttributes': attributes.describeListenerAttributes,
  'elbv2.ModifyListenerAttributes': attributes.modifyListenerAttributes,
  'elbv2.CreateListener': listeners.createListener,
  'elbv2.DescribeListeners': listenerReads.describeListeners,
  'elbv2.ModifyListener': listeners.modifyListener,
  'elbv2.DeleteListener': listeners.deleteListener,
  'elbv2.DescribeListenerCertificates': certificates.describeListenerCertificates,
  'elbv2.AddListenerCertificates': certificates.addListenerCertificates,
  'elbv2.RemoveListenerCertificates': certificates.removeListenerCertificates,
  'elbv2.DescribeRules': listenerReads.describeRules,
  'elbv2.CreateTargetGroup': targetGroups.createTargetGroup,
  'elbv2.DescribeTargetGroups': targetGroups.describeTargetGroups,
  'elbv2.ModifyTargetGroup': targetGroups.modifyTargetGroup,
  'elbv2.DeleteTargetGroup': targetGroups.deleteTargetGroup,
  'elbv2.RegisterTargets': targets.registerTargets,
  'elbv2.DeregisterTargets': targets.deregisterTargets,
  'elbv2.DescribeTargetHealth': describeTargetHealth,
  'elbv2.DescribeTags': tags.describeTags,
  'elbv2.AddTags': tags.addTags,
  'elbv2.RemoveTags': tags.removeTags,
  'elbv2.DescribeAccountLimits': describeAccountLimits,
  'ec2.DescribeVpcs': vpcs.describeVpcs,
  'ec2.DescribeSubnets': vpcs.describeSubnets,
  'ec2.DescribeAvailabilityZones': vpcs.describeAvailabilityZones,
  'ec2.DescribeRouteTables': describeRouteTables,
  'ec2.DescribeVpcPeeringConnections': peering.describeVpcPeeringConnections,
  'ec2.CreateVpcPeeringConnection': peering.createVpcPeeringConnection,
  'ec2.AcceptVpcPeeringConnection': peering.acceptVpcPeeringConnection,
  'ec2.DeleteVpcPeeringConnection': peering.deleteVpcPeeringConnection,
  'ec2.DescribeInstances': instances.describeInstances,
  'ec2.DescribeNetworkInterfaces': instances.describeNetworkInterfaces,
  'ec2.DescribeSecurityGroups': groupReads.describeSecurityGroups,
  'ec2.DescribeSecurityGroupRules': groupReads.describeSecurityGroupRules,
  'ec2.CreateSecurityGroup': securityGroups.createSecurityGroup,
  'ec2.DeleteSecurityGroup': securityGroups.deleteSecurityGroup,
  'ec2.AuthorizeSecurityGroupIngress': securityGroups.authorizeSecurityGroupIngress,
  'ec2.RevokeSecurityGroupIngress': securityGroups.revokeSecurityGroupIngress,
  'ec2.AuthorizeSecurityGroupEgress': securityGroups.authorizeSecurityGroupEgress,
  'ec2.RevokeSecurityGroupEgress': securityGroups.revokeSecurityGroupEgress,
  'ec2.CreateTags': createTags,
  'ec2.DeleteTags': deleteTags,
  'iam.PutRolePolicy': putRolePolicy,
  'sts.GetCallerIdentity': getCallerIdentity,
};
