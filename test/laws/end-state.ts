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
    TargetGroups: { TargetGroupArn: string; TargetGroupName: string; Port: number }[];
  };
  const { LoadBalancers } = call('elbv2.DescribeLoadBalancers', {}) as {
    LoadBalancers: { LoadBalancerArn: string }[];
  };
  const targets = TargetGroups.map(({ TargetGroupArn, TargetGroupName, Port }) => {
    const { TargetHealthDescriptions } = call('elbv2.DescribeTargetHealth', { TargetGroupArn }) as {
      TargetHealthDescriptions: {
        Target: { Id: string; Port: number };
        TargetHealth: { State: string };
      }[];
    };
    const lines = TargetHealthDescriptions.map(
      ({ Target, TargetHealth }) => `${Target.Id}:${Target.Port} ${TargetHealth.State}`,
    );
    return [`${TargetGroupName}:${Port}`, lines.sort()] as const;
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
            .map(({ metadata, spec }) => ({ name: metadata.name, labels: metadata.labels, spec }))
            .sort((a, b) => a.spec.serviceRef.port - b.spec.serviceRef.port),
          tracked: kube
            .list('configmaps')
            .filter(({ metadata }) => metadata.name.startsWith('aws-lbc-targets-'))
            .map(({ metadata, data }) => [
              metadata.name,
              (data as { targets: string }).targets.split(',').sort().join(),
            ])
            .sort(([, a], [, b]) => (a! < b! ? -1 : 1)),
          services: kube.list('services', 'default').map(({ metadata, spec }) => ({
            name: metadata.name,
            annotations: metadata.annotations,
            type: spec.type,
          })),
        },
      ]),
    ),
  };
  // Names of target groups have a hash of the Service's UID, and ARNs an id in the order of those.
  const text = JSON.stringify(state)
    .replaceAll(/\b(k8s-default-nginx)-[0-9a-f]{10}/g, '$1-HASH')
    .replaceAll(/(targetgroup\/[\w-]+)\/[0-9a-f]{16}/g, '$1/ID');
  return JSON.parse(text) as EndState;
}

/** Addresses differ from run to run with the order in which pods come up; the counts may not. */
export const shape = ({ targets, loadBalancer, clusters }: EndState): unknown => ({
  targets: Object.fromEntries(
    Object.entries(targets).map(([name, lines]) => [name, lines.map((line) => line.split(' ')[1])]),
  ),
  loadBalancer,
  clusters: JSON.parse(
    JSON.stringify(clusters)
      .replaceAll(/\b10\.\d+\.\d+\.\d+\b/g, 'ADDRESS')
      .replaceAll(/("nlbmc\/touched":)"[^"]*"/g, '$1"TIME"'),
  ) as unknown,
});
