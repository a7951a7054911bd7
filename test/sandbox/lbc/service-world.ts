import { LbcWorld } from './lbc-world.ts';

const list = (world: LbcWorld, action: string, field: string): Record<string, any>[] =>
  world.aws.call(`elbv2.${action}`, {}, 'test')[field];
export const balancers = (world: LbcWorld) => list(world, 'DescribeLoadBalancers', 'LoadBalancers');
export const groups = (world: LbcWorld) => list(world, 'DescribeTargetGroups', 'TargetGroups');
export const service = (world: LbcWorld) => world.kube.get('services', 'default', 'nginx');

export function withService(
  short: Record<string, string> = {},
  spec: Record<string, unknown> = {},
  o: ConstructorParameters<typeof LbcWorld>[0] = {},
): LbcWorld {
  const world = new LbcWorld(o);
  world.setEndpoints('nginx', [{ name: 'a', ip: world.addPod('a') }]);
  world.addService('nginx', short, spec);
  world.settle();
  return world;
}
