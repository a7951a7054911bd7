import type { World } from '../../../src/sandbox/world.ts';
import { bindingIn, BINDINGS, person } from '../../commands/repair-acts.ts';
import { PRI, SEC } from '../stage.ts';

export const FLAG = 'service.beta.kubernetes.io/aws-load-balancer-multi-cluster-target-group';
export const ATTRIBUTES = 'service.beta.kubernetes.io/aws-load-balancer-attributes';

export const merge = (
  world: World,
  cluster: string,
  resource: string,
  name: string,
  body: object,
) =>
  void world
    .cluster(cluster)
    .kube.patch(resource, 'default', name, { type: 'merge', body }, person);

export const annotate = (world: World, annotations: Record<string, string | null>): void =>
  merge(world, PRI, 'services', 'nginx', { metadata: { annotations } });

export const share = (world: World, cluster: string, multiClusterTargetGroup: boolean): void =>
  merge(world, cluster, BINDINGS, bindingIn(world, cluster).metadata.name, {
    spec: { multiClusterTargetGroup },
  });

/** A binding of the app `web` as people write it by hand; without the flag it is exclusive. */
export function bindByHand(world: World, cluster: string, spec: object = {}): void {
  const [{ TargetGroupArn }] = world.aws.call(
    'elbv2.DescribeTargetGroups',
    {},
    'person',
  ).TargetGroups;
  const binding = {
    apiVersion: 'elbv2.k8s.aws/v1beta1',
    kind: 'TargetGroupBinding',
    metadata: { name: 'by-hand', namespace: 'default' },
    spec: { serviceRef: { name: 'web', port: 80 }, targetGroupARN: TargetGroupArn, ...spec },
  };
  world.cluster(cluster).kube.create(BINDINGS, binding, person);
  world.settle();
}

export const remove = (world: World, cluster: string, resource: string, name: string): void =>
  void world.cluster(cluster).kube.delete(resource, 'default', name, person);

export const unbind = (world: World, cluster: string): void =>
  remove(world, cluster, BINDINGS, bindingIn(world, cluster).metadata.name);

export const forget = (world: World, cluster: string): void =>
  remove(
    world,
    cluster,
    'configmaps',
    `aws-lbc-targets-${bindingIn(world, cluster).metadata.name}`,
  );

export const scale = (world: World, cluster: string, replicas: number): void =>
  merge(world, cluster, 'deployments.apps', 'nginx', { spec: { replicas } });

export function killPods(world: World, cluster: string): void {
  for (const { metadata } of world.cluster(cluster).kube.list('pods', 'default'))
    remove(world, cluster, 'pods', metadata.name);
}

/** Nobody may be scheduled any more, and the pods that ran are gone. */
export function drainNodes(world: World, cluster: string): void {
  const { kube } = world.cluster(cluster);
  const body = { spec: { unschedulable: true } };
  for (const { metadata } of kube.list('nodes'))
    kube.patch('nodes', '', metadata.name, { type: 'merge', body }, person);
  killPods(world, cluster);
}

export const denyAws = (world: World, action: RegExp, actor?: RegExp): void =>
  void world.aws.access.deny({ action, ...(actor ? { actor } : {}) });

export const denyKube = (world: World, cluster: string, resource: string, verb?: string): void =>
  void world.cluster(cluster).kube.access.deny({ resource, ...(verb ? { verb } : {}) });

export function deleteListener({ aws }: World): void {
  const call = (action: string, params: object) => aws.call(`elbv2.${action}`, params, 'person');
  const { LoadBalancers } = call('DescribeLoadBalancers', {});
  const { LoadBalancerArn } = LoadBalancers[0];
  const { Listeners } = call('DescribeListeners', { LoadBalancerArn });
  call('DeleteListener', { ListenerArn: Listeners[0].ListenerArn });
}

/** The target group, which no listener may forward to by then. */
export function deleteGroup(world: World): void {
  deleteListener(world);
  const { aws } = world;
  const [{ TargetGroupArn }] = aws.call('elbv2.DescribeTargetGroups', {}, 'person').TargetGroups;
  aws.call('elbv2.DeleteTargetGroup', { TargetGroupArn }, 'person');
}

export function unprotect({ aws }: World): void {
  const [{ LoadBalancerArn }] = aws.call('elbv2.DescribeLoadBalancers', {}, 'person').LoadBalancers;
  const Attributes = [{ Key: 'deletion_protection.enabled', Value: 'false' }];
  aws.call('elbv2.ModifyLoadBalancerAttributes', { LoadBalancerArn, Attributes }, 'person');
}

export const controllerGone = (world: World, cluster: string): void =>
  world.cluster(cluster).lbc.stop();
export const LEAVE = `leave nginx --context ${SEC} --primary ${PRI}`;
