import type { World } from '../../src/sandbox/world.ts';

/** A world reduced to what the enrollment is about, without names and times that vary from run to run. */
export interface EndState {
  readonly targets: Readonly<Record<string, readonly string[]>>;
  readonly loadBalancer: Readonly<Record<string, string>>;
  readonly clusters: Readonly<Record<string, unknown>>;
}

interface Pairs {
  readonly Attributes: readonly { readonly Key: string; readonly Value: string }[];
}

/**
 * The end state of a world: targets with their states, attributes of the load balancer, and of each
 * cluster its bindings' specs, tracked sets and the Service's annotations.
 */
export function endState(world: World): EndState {
  const call = (action: string, params: object): never =>
    world.aws.call(action, params, 'test') as never;
  const { TargetGroups } = call('elbv2.DescribeTargetGroups', {}) as {
    TargetGroups: { TargetGroupArn: string; TargetGroupName: string }[];
  };
  const { LoadBalancers } = call('elbv2.DescribeLoadBalancers', {}) as {
    LoadBalancers: { LoadBalancerArn: string }[];
  };
  const targets = TargetGroups.map(({ TargetGroupArn, TargetGroupName }) => {
    const { TargetHealthDescriptions } = call('elbv2.DescribeTargetHealth', { TargetGroupArn }) as {
      TargetHealthDescriptions: {
        Target: { Id: string; Port: number };
        TargetHealth: { State: string };
      }[];
    };
    const lines = TargetHealthDescriptions.map(
      ({ Target, TargetHealth }) => `${Target.Id}:${Target.Port} ${TargetHealth.State}`,
    );
    return [TargetGroupName, lines.sort()] as const;
  });
  const attributes = LoadBalancers.flatMap(
    ({ LoadBalancerArn }) =>
      (call('elbv2.DescribeLoadBalancerAttributes', { LoadBalancerArn }) as Pairs).Attributes,
  );
  const state = {
    targets: Object.fromEntries(targets),
    loadBalancer: Object.fromEntries(attributes.map(({ Key, Value }) => [Key, Value])),
    clusters: Object.fromEntries(
      [...world.clusters.values()].map(({ name, kube }) => [
        name,
        {
          bindings: kube
            .list('targetgroupbindings.elbv2.k8s.aws')
            .map(({ metadata, spec }) => ({ name: metadata.name, labels: metadata.labels, spec })),
          tracked: kube
            .list('configmaps')
            .filter(({ metadata }) => metadata.name.startsWith('aws-lbc-targets-'))
            .map(({ metadata, data }) => [
              metadata.name,
              (data as { targets: string }).targets.split(',').sort(),
            ]),
          services: kube.list('services', 'default').map(({ metadata, spec }) => ({
            name: metadata.name,
            annotations: metadata.annotations,
            type: spec.type,
          })),
        },
      ]),
    ),
  };
  // The name of a target group has a hash of the Service's UID, which no two worlds share.
  const text = JSON.stringify(state).replaceAll(/\b(k8s-default-nginx)-[0-9a-f]{10}/g, '$1-HASH');
  return JSON.parse(text) as EndState;
}
