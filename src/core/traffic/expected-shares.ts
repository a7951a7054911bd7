import type { Backend } from '../observed/backends.ts';
import type { Observed } from '../observed/observed.ts';
import { valueOf } from '../model/problem.ts';

const crossZone = 'load_balancing.cross_zone.enabled';

/** What the load balancer does with new connections to a target group. */
export interface Expectation {
  /** Part of all connections, 0 to 1, by target; undefined: it cannot be told. */
  readonly shares?: ReadonlyMap<string, number>;
  /** Undefined: it could not be read. */
  readonly crossZone?: boolean;
  /** No target is healthy: all that are registered get connections. */
  readonly failOpen: boolean;
  /** Zones of the load balancer that have a target to send connections to. */
  readonly zones: readonly string[];
  /** Zones of the load balancer that have none: where cross-zone is off, they get no traffic. */
  readonly emptyZones: readonly string[];
}

/** The target group's own attribute wins unless it defers to the load balancer's; default off. */
function crossZoneOf(observed: Observed, arn: string): boolean | undefined {
  const group = observed.targetGroups[arn];
  const attributes = group && valueOf(group)?.attributes;
  if (!attributes?.ok) return undefined;
  const own = attributes.value[crossZone];
  if (own === 'true' || own === 'false') return own === 'true';
  const balancer = valueOf(observed.loadBalancer)?.attributes;
  return balancer?.ok ? balancer.value[crossZone] === 'true' : undefined;
}

const serves = (backend: Backend, zone: string): boolean =>
  backend.zone === 'all' || backend.zone === zone;

/**
 * The share of new connections that each target should get. With cross-zone load balancing every
 * target gets the same. Without it, each zone's address gets the same (clients take them in turn)
 * and shares it among its zone's targets; DNS leaves out a zone without healthy targets. Where no
 * target is healthy an NLB sends to all of them (fail-open).
 */
export function expectedShares(
  observed: Observed,
  arn: string,
  backends: readonly Backend[],
): Expectation {
  const healthy = backends.filter((backend) => backend.healthy);
  const failOpen = healthy.length === 0 && backends.length > 0;
  const used = failOpen ? backends : healthy;
  const all = valueOf(observed.loadBalancer)?.zones ?? [];
  const zones = all.filter((zone) => used.some((backend) => serves(backend, zone)));
  const across = crossZoneOf(observed, arn);
  const common = {
    failOpen,
    zones,
    emptyZones: all.filter((zone) => !zones.includes(zone)),
    ...(across === undefined ? {} : { crossZone: across }),
  };
  const single = all.length === 1 || used.every(({ zone }) => zone === 'all');
  if (across === true || (single && used.length > 0)) {
    return { ...common, shares: new Map(used.map(({ target }) => [target, 1 / used.length])) };
  }
  const placed = used.every(({ zone }) => zone === 'all' || all.includes(zone ?? ''));
  if (across === undefined || !placed) return common;
  const shares = used.map(({ target, ...backend }) => {
    const parts = zones
      .filter((zone) => serves({ target, ...backend }, zone))
      .map((zone) => 1 / used.filter((other) => serves(other, zone)).length);
    return [target, parts.reduce((sum, part) => sum + part, 0) / zones.length] as const;
  });
  return { ...common, shares: new Map(shares) };
}
