import type { World } from '../../src/sandbox/world.ts';

/** Who does by hand in a practice world what a repair has to mend. */
export const person = { actor: 'person', manager: 'kubectl', internal: true } as const;
export const BINDINGS = 'targetgroupbindings.elbv2.k8s.aws';

interface Group {
  readonly TargetGroups: readonly { readonly TargetGroupArn: string }[];
}
interface Health {
  readonly TargetHealthDescriptions: readonly {
    readonly Target: { readonly Id: string; readonly Port: number };
    readonly TargetHealth: { readonly State: string };
  }[];
}

/** ARN of the only target group there is. */
export const arnOf = (world: World): string =>
  (world.aws.call('elbv2.DescribeTargetGroups', {}, 'test') as Group).TargetGroups[0]
    ?.TargetGroupArn ?? '';

/** Addresses that are registered and not draining, sorted. */
export const serving = (world: World): readonly string[] =>
  (
    world.aws.call('elbv2.DescribeTargetHealth', { TargetGroupArn: arnOf(world) }, 'test') as Health
  ).TargetHealthDescriptions.filter(({ TargetHealth }) => TargetHealth.State !== 'draining')
    .map(({ Target }) => Target.Id)
    .toSorted();

/** Addresses of a cluster's pods, sorted. */
export const addresses = (world: World, cluster: string): readonly string[] =>
  world
    .cluster(cluster)
    .kube.list('pods', 'default')
    .map(({ status }) => (status as { podIP: string }).podIP)
    .toSorted();

/** The cluster's only binding, as it is stored. */
export function bindingIn(world: World, cluster: string) {
  const [binding] = world.cluster(cluster).kube.list(BINDINGS);
  if (!binding) throw new Error(`no binding in ${cluster}`);
  return binding;
}

/** `aws elbv2 deregister-targets`, on port 80. */
export const deregister = (world: World, ids: readonly string[]): unknown =>
  world.aws.call(
    'elbv2.DeregisterTargets',
    { TargetGroupArn: arnOf(world), Targets: ids.map((Id) => ({ Id, Port: 80 })) },
    'person',
  );

/** `aws elbv2 register-targets`, on port 80. */
export const register = (world: World, ids: readonly string[]): unknown =>
  world.aws.call(
    'elbv2.RegisterTargets',
    { TargetGroupArn: arnOf(world), Targets: ids.map((Id) => ({ Id, Port: 80 })) },
    'person',
  );

/** The record of a cluster's binding, as addresses; undefined: there is none. */
export function recordOf(world: World, cluster: string): readonly string[] | undefined {
  const map = world
    .cluster(cluster)
    .kube.list('configmaps', 'default')
    .find(({ metadata }) => metadata.name.startsWith('aws-lbc-targets-'));
  if (!map) return undefined;
  const { targets } = map['data'] as { targets: string };
  return targets
    .split(',')
    .filter((text) => text !== '')
    .map((text) => text.replace(/:80$/, ''))
    .toSorted();
}

/**
 * An address more in the record of a cluster's binding, as an endpoint leaves it that died while the
 * controller was down: the controller reads it when it starts.
 */
export function recordMore(world: World, cluster: string, ids: readonly string[]): void {
  const { kube, lbc } = world.cluster(cluster);
  lbc.stop();
  const name = `aws-lbc-targets-${bindingIn(world, cluster).metadata.name}`;
  const all = [...(recordOf(world, cluster) ?? []), ...ids].map((id) => `${id}:80`);
  const body = { data: { targets: all.join(',') } };
  kube.patch('configmaps', 'default', name, { type: 'merge', body }, person);
  lbc.start();
  world.settle();
}

/** Deregistrations of these addresses by controllers, since entry `from` of the journal. */
export const takenOut = (world: World, from: number): readonly string[] =>
  world.journal.entries
    .slice(from)
    .filter(({ action, actor }) => action === 'elbv2.DeregisterTargets' && actor.startsWith('lbc/'))
    .flatMap(({ params }) =>
      (params as { Targets: readonly { Id: string }[] }).Targets.map(({ Id }) => Id),
    );

/** EC2 does not tell these credentials whose an address is. */
export const hideOwners = (world: World): unknown =>
  world.faults.add({
    world: 'aws',
    match: /^ec2\.Describe(NetworkInterfaces|Instances)$/,
    kind: 'status',
    status: 403,
  });
