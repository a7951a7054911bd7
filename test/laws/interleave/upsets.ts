import type { World } from '../../../src/sandbox/world.ts';
import { type Records, servingIn } from './records.ts';

/** What happened to the load balancer, or to a target whose pod serves, and should not for a handover. */
export interface Upset {
  readonly order: number;
  /** Simulated ms after the recording began. */
  readonly at: number;
  readonly kind:
    | 'made another'
    | 'deleted it'
    | 'deleted a group'
    | 'bound twice'
    | 'left it'
    | 'cut off';
  /** The controller's cluster, or `nlbmc`; for a target that is cut off, nobody. */
  readonly by: string;
  /** `id:port` of a target, or the ARN. */
  readonly of: string;
}

interface Described {
  readonly LoadBalancers: readonly unknown[];
  readonly TargetGroups: readonly { readonly TargetGroupArn: string }[];
  readonly TargetHealthDescriptions: readonly {
    readonly Target: { readonly Id: string; readonly Port: number };
    readonly TargetHealth: { readonly State: string };
  }[];
}

/** How often all targets are looked at: a check that fails does so for longer. */
const EVERY_MS = 15_000;

/**
 * Records from now on what becomes of the load balancer: another one is made, it or a group with healthy
 * targets is deleted, or a target leaves or turns unhealthy while its pod serves.
 */
export function watchBalancer(world: World, records: Records): readonly Upset[] {
  const { aws, clock } = world;
  const upsets: Upset[] = [];
  const start = clock.time();
  const perform = aws.perform.bind(aws);
  const ask = (action: string, params: object): Described =>
    perform(`elbv2.${action}`, params, 'records') as Described;
  const note = (kind: Upset['kind'], actor: string, of: string): void =>
    void upsets.push({
      order: records.next(),
      at: clock.time() - start,
      kind,
      by: actor.replace('lbc/', ''),
      of,
    });
  // Unused ones were healthy until the listener moved, a moment before.
  const servingThere = (TargetGroupArn: string): readonly string[] =>
    ask('DescribeTargetHealth', { TargetGroupArn })
      .TargetHealthDescriptions.filter(({ TargetHealth }) =>
        ['healthy', 'unused'].includes(TargetHealth.State),
      )
      .map(({ Target }) => `${Target.Id}:${Target.Port}`);

  aws.perform = (action, params, actor) => {
    const named = params as Readonly<Record<string, string>>;
    const group = named['TargetGroupArn'] ?? '';
    const before = action === 'elbv2.CreateLoadBalancer' ? balancers() : 0;
    const serving = action === 'elbv2.DeleteTargetGroup' ? servingThere(group) : [];
    const answer = perform(action, params, actor);
    if (before > 0 && balancers() > before) note('made another', actor, named['Name'] ?? '');
    if (action === 'elbv2.DeleteLoadBalancer') note('deleted it', actor, '');
    if (serving.length > 0) note('deleted a group', actor, group);
    return answer;
  };
  const balancers = (): number => ask('DescribeLoadBalancers', {}).LoadBalancers.length;

  let last = new Map<string, string>();
  const double = new Set<string>();
  const look = (): void => {
    const now = new Map<string, string>();
    for (const { TargetGroupArn } of ask('DescribeTargetGroups', {}).TargetGroups) {
      for (const { Target, TargetHealth } of ask('DescribeTargetHealth', { TargetGroupArn })
        .TargetHealthDescriptions) {
        const key = `${Target.Id}:${Target.Port}`;
        const id = `${TargetGroupArn} ${key}`;
        const { State } = TargetHealth;
        now.set(id, State);
        const owner = last.get(id) === 'healthy' ? servingIn(world, Target.Id) : undefined;
        if (owner === undefined) continue;
        // Unused: no listener forwards to it.
        if (State === 'unhealthy' || State === 'unused') note('cut off', '', key);
        if (State === 'draining') note('left it', owner, key);
      }
    }
    last = now;
    for (const cluster of world.clusters.values()) {
      const groups = cluster.kube
        .list('targetgroupbindings.elbv2.k8s.aws', 'default')
        .map(({ spec }) => String(spec.targetGroupARN));
      const twice = groups.find((arn, n) => groups.indexOf(arn) !== n);
      if (twice !== undefined && !double.has(cluster.name))
        note('bound twice', cluster.name, twice);
      if (twice !== undefined) double.add(cluster.name);
    }
    clock.after(EVERY_MS, look);
  };
  look();
  return upsets;
}
