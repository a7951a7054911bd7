import {
  DescribeInstances$,
  DescribeNetworkInterfaces$,
  DescribeSecurityGroups$,
  DescribeSubnets$,
  DescribeVpcPeeringConnections$,
  DescribeVpcs$,
} from '@aws-sdk/client-ec2';
import { commandOf, type QueryService } from './client.ts';

// The names of the SDK's commands, so that a call is the same for either client.
export const DescribeInstancesCommand = commandOf(DescribeInstances$);
export const DescribeNetworkInterfacesCommand = commandOf(DescribeNetworkInterfaces$);
export const DescribeSecurityGroupsCommand = commandOf(DescribeSecurityGroups$);
export const DescribeSubnetsCommand = commandOf(DescribeSubnets$);
export const DescribeVpcPeeringConnectionsCommand = commandOf(DescribeVpcPeeringConnections$);
export const DescribeVpcsCommand = commandOf(DescribeVpcs$);

export const service: QueryService = {
  host: 'ec2',
  signingName: 'ec2',
  version: '2016-11-15',
  dialect: 'ec2',
  errorNames: new Map(),
};
