import {
  DeregisterTargets$,
  DescribeAccountLimits$,
  DescribeListeners$,
  DescribeLoadBalancerAttributes$,
  DescribeLoadBalancers$,
  DescribeTags$,
  DescribeTargetGroupAttributes$,
  DescribeTargetGroups$,
  DescribeTargetHealth$,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { commandOf, type QueryService } from './client.ts';
import { elbv2ErrorNames } from './elbv2-errors.ts';

// The names of the SDK's commands, so that a call is the same for either client.
export const DeregisterTargetsCommand = commandOf(DeregisterTargets$);
export const DescribeAccountLimitsCommand = commandOf(DescribeAccountLimits$);
export const DescribeListenersCommand = commandOf(DescribeListeners$);
export const DescribeLoadBalancerAttributesCommand = commandOf(DescribeLoadBalancerAttributes$);
export const DescribeLoadBalancersCommand = commandOf(DescribeLoadBalancers$);
export const DescribeTagsCommand = commandOf(DescribeTags$);
export const DescribeTargetGroupAttributesCommand = commandOf(DescribeTargetGroupAttributes$);
export const DescribeTargetGroupsCommand = commandOf(DescribeTargetGroups$);
export const DescribeTargetHealthCommand = commandOf(DescribeTargetHealth$);

export const service: QueryService = {
  host: 'elasticloadbalancing',
  signingName: 'elasticloadbalancing',
  version: '2015-12-01',
  dialect: 'query',
  errorNames: elbv2ErrorNames,
};
