import type { World } from '../../../src/sandbox/world.ts';
import { type Outcome, runNlbmc } from '../harness.ts';
import type { Sandbox } from '../../../src/sandbox/server.ts';

interface Health {
  readonly TargetHealthDescriptions: readonly {
    readonly Target: { readonly Id: string; readonly Port: number };
    readonly TargetHealth: { readonly State: string };
  }[];
}

interface Described {
  readonly LoadBalancers: readonly { readonly LoadBalancerArn: string }[];
  readonly TargetGroups: readonly {
    readonly TargetGroupArn: string;
    readonly LoadBalancerArns: readonly string[];
  }[];
}

const ask = ({ aws }: World, action: string, parameters: object): unknown =>
  aws.call(`elbv2.${action}`, parameters, 'watch');

/** ARNs of all load balancers there are. */
export const balancersOf = (world: World): readonly string[] =>
  (ask(world, 'DescribeLoadBalancers', {}) as Described).LoadBalancers.map(
    ({ LoadBalancerArn }) => LoadBalancerArn,
  );

/** ARNs of all target groups that a load balancer forwards to. */
export const groupsOf = (world: World): readonly string[] =>
  (ask(world, 'DescribeTargetGroups', {}) as Described).TargetGroups.filter(
    ({ LoadBalancerArns }) => LoadBalancerArns.length > 0,
  ).map(({ TargetGroupArn }) => TargetGroupArn);

/** Targets of these groups that AWS calls healthy. */
export const healthyIn = (world: World, groups: readonly string[]): readonly string[] =>
  groups.flatMap((TargetGroupArn) =>
    (
      ask(world, 'DescribeTargetHealth', { TargetGroupArn }) as Health
    ).TargetHealthDescriptions.filter(({ TargetHealth }) => TargetHealth.State === 'healthy').map(
      ({ Target }) => `${Target.Id}:${Target.Port}`,
    ),
  );

/** What was written to AWS that costs targets, or makes something beside what is there. */
const HARMFUL =
  /\.(?:CreateLoadBalancer|DeleteLoadBalancer|DeleteTargetGroup|DeregisterTargets|DeleteListener)$/;

/** A practice world, and the way to it. */
export interface Scene {
  readonly sandbox: Sandbox;
  readonly world: World;
}

export interface Watched extends Outcome {
  /** Targets that were healthy before, and at some moment were not. */
  readonly missed: readonly string[];
  readonly harmful: readonly string[];
}

/** How often the targets are looked at, ms. */
const EVERY_MS = 500;

/**
 * Types a line, and looks twice a second of the world's time at each target that was healthy before. Time
 * goes by in such steps while nlbmc waits.
 */
export async function watched(
  { sandbox, world }: Scene,
  line: string,
  o: { readonly onStep?: () => void; readonly signal?: AbortSignal } = {},
): Promise<Watched> {
  const groups = groupsOf(world);
  const before = healthyIn(world, groups);
  const missed = new Set<string>();
  const look = (): void => {
    const now = healthyIn(world, groups);
    for (const one of before) if (!now.includes(one)) missed.add(one);
  };
  const from = world.journal.entries.length;
  const outcome = await runNlbmc(sandbox, line, {
    ...(o.signal ? { signal: o.signal } : {}),
    onSleep: (ms) => {
      for (let passed = 0; passed < ms; passed += EVERY_MS) {
        o.onStep?.();
        world.clock.advance(EVERY_MS);
        look();
      }
    },
  });
  look();
  const harmful = world.journal.entries
    .slice(from)
    .filter((one) => one.mutating && one.status < 300 && HARMFUL.test(one.action ?? ''))
    // What nlbmc deletes has a name that it took itself, and no load balancer.
    .filter(
      ({ actor, action }) => actor.startsWith('lbc/') || !action?.endsWith('DeleteTargetGroup'),
    )
    .map(({ actor, action }) => `${actor} ${action}`);
  return { ...outcome, missed: [...missed], harmful };
}
