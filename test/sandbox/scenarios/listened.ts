import type { World } from '../../../src/sandbox/world.ts';

const call = (world: World, action: string, params: object = {}) =>
  world.aws.call(`elbv2.${action}`, params, 'test');

/** Listeners of all load balancers as `443 TLS to TCP`, by port. */
export function listened(world: World): string[] {
  const groups = call(world, 'DescribeTargetGroups').TargetGroups;
  const [{ LoadBalancerArn }] = call(world, 'DescribeLoadBalancers').LoadBalancers;
  return call(world, 'DescribeListeners', { LoadBalancerArn })
    .Listeners.map(({ Port, Protocol, DefaultActions }: Record<string, any>) => {
      const group = groups.find(
        (one: Record<string, any>) => one.TargetGroupArn === DefaultActions[0].TargetGroupArn,
      );
      return `${Port} ${Protocol} to ${group.Protocol}`;
    })
    .toSorted((a: string, b: string) => Number.parseInt(a, 10) - Number.parseInt(b, 10));
}

/** Targets of all groups as `group port state`, sorted, each once, without those that drain. */
export function states(world: World): string[] {
  const all = call(world, 'DescribeTargetGroups').TargetGroups.flatMap(
    ({ TargetGroupArn, Protocol }: Record<string, any>) =>
      call(world, 'DescribeTargetHealth', { TargetGroupArn }).TargetHealthDescriptions.map(
        (one: Record<string, any>) => `${Protocol} ${one.Target.Port} ${one.TargetHealth.State}`,
      ),
  );
  return [...new Set<string>(all)].filter((one) => !one.endsWith(' draining')).sort();
}
