import { AwsError, required, validationError } from '../state/error.ts';
import { putTags, tagList } from '../state/resource-tags.ts';
import { listenerOfRule } from './resources.ts';
import type { State } from '../state/state.ts';
import type { Tag } from '../state/tag.ts';

function checkTaggable(state: State, arn: string): void {
  const type = arn.split(':')[5]?.split('/')[0];
  switch (type) {
    case 'loadbalancer':
      if (!state.loadBalancers.has(arn)) {
        throw new AwsError('LoadBalancerNotFound', `Load balancer '${arn}' not found`);
      }
      return;
    case 'targetgroup':
      if (!state.targetGroups.has(arn)) {
        throw new AwsError('TargetGroupNotFound', 'One or more target groups not found');
      }
      return;
    case 'listener':
      if (!state.listeners.has(arn)) {
        throw new AwsError('ListenerNotFound', 'One or more listeners not found');
      }
      return;
    case 'listener-rule':
      if (!state.listeners.has(listenerOfRule(arn))) {
        throw new AwsError('RuleNotFound', 'One or more rules not found');
      }
      return;
    default:
      throw validationError(`'${arn}' is not a valid load balancer ARN`);
  }
}

interface Resources {
  readonly ResourceArns?: readonly string[];
}

function arns(params: Resources): readonly string[] {
  const list = required(params.ResourceArns, 'ResourceArns', 'elbv2');
  if (list.length > 20) {
    throw validationError('Only 20 resources can be described or tagged in one call');
  }
  return list;
}

/** ELBv2 DescribeTags: at most 20 ARNs; one unknown ARN fails the call. */
export function describeTags(state: State, params: Resources): object {
  const list = arns(params);
  for (const arn of list) checkTaggable(state, arn);
  return {
    TagDescriptions: list.map((ResourceArn) => ({
      ResourceArn,
      Tags: tagList(state, ResourceArn),
    })),
  };
}

/** ELBv2 AddTags. */
export function addTags(state: State, params: Resources & { readonly Tags?: Tag[] }): object {
  const tags = required(params.Tags, 'Tags', 'elbv2');
  for (const arn of arns(params)) checkTaggable(state, arn);
  for (const arn of arns(params)) putTags(state, arn, tags);
  return {};
}

/** ELBv2 RemoveTags; keys that are not there are no error. */
export function removeTags(
  state: State,
  params: Resources & { readonly TagKeys?: string[] },
): object {
  const keys = required(params.TagKeys, 'TagKeys', 'elbv2');
  for (const arn of arns(params)) checkTaggable(state, arn);
  for (const arn of arns(params)) for (const key of keys) state.tags.get(arn)?.delete(key);
  return {};
}
