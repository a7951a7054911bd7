import type {
  Minimum,
  TrafficBalancer,
  TrafficGroup,
  TrafficTarget,
} from '../aws/state/traffic-balancer.ts';

/** A node of a load balancer: its zone and its address. */
export type Node = TrafficBalancer['nodes'][number];

/** Targets that a node can reach at all: of its zone, or with cross-zone of all. Draining ones get nothing new. */
function reachable(group: TrafficGroup, zone: string): TrafficTarget[] {
  return group.targets.filter(
    (target) =>
      target.state !== 'unused' &&
      target.state !== 'draining' &&
      (group.crossZone || target.zone === 'all' || target.zone === zone),
  );
}

const healthyOf = (targets: readonly TrafficTarget[]): TrafficTarget[] =>
  targets.filter((target) => target.state === 'healthy');

/** Whether fewer targets are healthy than must be. */
function isShort(targets: readonly TrafficTarget[], minimum: Minimum): boolean {
  const healthy = healthyOf(targets).length;
  const share = ((minimum.percentage ?? 0) * targets.length) / 100;
  return healthy < minimum.count || healthy < share;
}

/**
 * The nodes whose addresses DNS gives to clients: those with enough healthy targets in each target
 * group; all nodes where no node has that (NLB guide, target group health).
 */
export function nodesInDns(nodes: readonly Node[], groups: readonly TrafficGroup[]): Node[] {
  const good = nodes.filter(({ zone }) =>
    groups.every((group) => !isShort(reachable(group, zone), group.inDns)),
  );
  return good.length > 0 ? good : [...nodes];
}

/** The group that a listener forwards to: `dice`, from 0 up to 1, decides by weight. */
export function chooseGroup(
  forwards: readonly { readonly arn: string; readonly weight: number }[],
  dice: number,
): string | undefined {
  const total = forwards.reduce((sum, { weight }) => sum + weight, 0);
  let rest = dice * total;
  return forwards.find(({ weight }) => (rest -= weight) < 0)?.arn;
}

/**
 * The target for a new connection at the node of `zone`; `dice`, from 0 up to 1, decides among the
 * healthy ones. With too few of these all are used, healthy or not (fail-open). Undefined when
 * nothing is registered in reach of the node.
 */
export function chooseTarget(
  group: TrafficGroup,
  zone: string,
  dice: number,
): TrafficTarget | undefined {
  const all = reachable(group, zone);
  const open = isShort(all, group.toRoute) ? all : healthyOf(all);
  return open[Math.floor(dice * open.length)];
}
