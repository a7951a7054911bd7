import type { ControllerApi } from '../process/controller-api.ts';
import { isAwsCode } from '../process/errors.ts';
import type { ServiceModel } from './service-model.ts';
import { findLoadBalancers } from './load-balancer.ts';
import type { LoadBalancer } from './load-balancer.ts';
import { byResource } from './stack-items.ts';
import type { Stack } from './stack-items.ts';
import { resourceTags } from './tracking.ts';

const RESOURCE = 'LoadBalancer';

/**
 * pkg/deploy/elbv2/load_balancer_synthesizer.go: what is not wanted, or has another scheme or type,
 * is deleted first; then the wanted one is made, or each that fits is corrected: the last of them is
 * the one that goes on. Without a model nothing stays. Raises an Error for one without its resource tag.
 */
export function deployLoadBalancer(
  api: ControllerApi,
  stack: Stack,
  model: ServiceModel | undefined,
  securityGroups: readonly string[],
): LoadBalancer | undefined {
  const wanted = model?.loadBalancer;
  const found = findLoadBalancers(api, stack);
  const fitting = (byResource(found, 'loadBalancer').get(RESOURCE) ?? []).filter(
    ({ item }) => item.Type === 'network' && item.Scheme === wanted?.scheme,
  );
  for (const one of found) if (!fitting.includes(one)) remove(api, one.arn);
  if (!model || !wanted) return undefined;
  const tags = resourceTags(stack, RESOURCE, model.tags);
  let balancer: LoadBalancer | undefined;
  for (const present of fitting) {
    stack.known.reconcile(stack.clusterName, present.arn, present.tags, tags);
    update(api, present.item, model, securityGroups);
    setAttributes(api, present.arn, wanted.attributes);
    balancer = present.item;
  }
  if (balancer) return balancer;
  balancer = create(api, model, securityGroups, tags);
  setAttributes(api, balancer.LoadBalancerArn, wanted.attributes);
  return balancer;
}

/** Protection that only AWS knows of does not stop the controller: it turns it off and goes on. */
function remove(api: ControllerApi, arn: string): void {
  try {
    api.aws('elbv2.DeleteLoadBalancer', { LoadBalancerArn: arn });
  } catch (error) {
    if (!isAwsCode(error, 'OperationNotPermitted')) throw error;
    api.aws('elbv2.ModifyLoadBalancerAttributes', {
      LoadBalancerArn: arn,
      Attributes: [{ Key: 'deletion_protection.enabled', Value: 'false' }],
    });
    api.aws('elbv2.DeleteLoadBalancer', { LoadBalancerArn: arn });
  }
}

function create(
  api: ControllerApi,
  { loadBalancer }: ServiceModel,
  securityGroups: readonly string[],
  tags: object[],
): LoadBalancer {
  const answer = api.aws<{ LoadBalancers: LoadBalancer[] }>('elbv2.CreateLoadBalancer', {
    Name: loadBalancer.name,
    Type: 'network',
    Scheme: loadBalancer.scheme,
    IpAddressType: loadBalancer.ipAddressType,
    // Said even where IPv6 plays no part (pkg/service/model_build_load_balancer.go).
    EnablePrefixForIpv6SourceNat: 'off',
    SubnetMappings: loadBalancer.subnetIds.map((SubnetId) => ({ SubnetId })),
    ...(securityGroups.length > 0 && { SecurityGroups: securityGroups }),
    Tags: tags,
  });
  return answer.LoadBalancers[0]!;
}

function update(
  api: ControllerApi,
  balancer: LoadBalancer,
  { loadBalancer }: ServiceModel,
  securityGroups: readonly string[],
): void {
  const LoadBalancerArn = balancer.LoadBalancerArn;
  if (!sameSet(balancer.SecurityGroups ?? [], securityGroups)) {
    api.aws('elbv2.SetSecurityGroups', { LoadBalancerArn, SecurityGroups: securityGroups });
  }
  const subnets = balancer.AvailabilityZones.map((zone) => zone.SubnetId ?? '');
  if (!sameSet(subnets, loadBalancer.subnetIds)) {
    api.aws('elbv2.SetSubnets', {
      LoadBalancerArn,
      SubnetMappings: loadBalancer.subnetIds.map((SubnetId) => ({ SubnetId })),
    });
  }
  const { ipAddressType: IpAddressType } = loadBalancer;
  if (balancer.IpAddressType !== IpAddressType) {
    api.aws('elbv2.SetIpAddressType', { LoadBalancerArn, IpAddressType });
  }
}

/** Only keys that are wanted are compared: a key dropped from the annotation keeps its value. */
function setAttributes(api: ControllerApi, arn: string, wanted: ReadonlyMap<string, string>): void {
  const { Attributes } = api.aws<{ Attributes: { Key: string; Value: string }[] }>(
    'elbv2.DescribeLoadBalancerAttributes',
    { LoadBalancerArn: arn },
  );
  const present = new Map(Attributes.map(({ Key, Value }) => [Key, Value]));
  const changes = [...wanted]
    .filter(([key, value]) => present.get(key) !== value)
    .map(([Key, Value]) => ({ Key, Value }));
  if (changes.length === 0) return;
  api.aws('elbv2.ModifyLoadBalancerAttributes', { LoadBalancerArn: arn, Attributes: changes });
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item) => b.includes(item));
}
