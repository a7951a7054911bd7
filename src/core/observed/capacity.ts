import type { LoadBalancer, TargetGroup } from '../model/aws.ts';
import { isRegistered, readingOf, registeredIn } from './member.ts';
import type { Observed } from './observed.ts';
import { known, valueOf, type Reading } from '../model/problem.ts';
import type { RegisteredTarget, Target } from '../model/target.ts';
import { targetKey } from '../model/target-key.ts';

/** The same key is an attribute of load balancers and of target groups. */
const crossZoneAttribute = 'load_balancing.cross_zone.enabled';

/** Healthy targets of one zone before and after; a target of zone `all` counts in every zone. */
export interface ZoneCapacity {
  readonly zone: string;
  readonly healthy: number;
  readonly staying: number;
}

/** What a target group has before some targets leave it, and after. */
export interface PortCapacity {
  /** Of the Service; null: nothing says which. */
  readonly port: number | string | null;
  readonly targetGroupArn: string;
  /** Targets that leave and are registered now, draining ones left out. */
  readonly leaving: readonly Target[];
  /** Healthy targets now. */
  readonly healthy: number;
  /** Healthy targets of others: those that stay. */
  readonly staying: number;
  /** Whether every node of the load balancer sends to targets of all zones. */
  readonly crossZone: boolean;
  /** AWS calls the load balancer impaired, as while a zone is shifted away: each zone has to do alone. */
  readonly impaired: boolean;
  readonly zones: readonly ZoneCapacity[];
  /** Healthy targets whose zone nothing tells. */
  readonly withoutZone: number;
  /** Targets that leave and get connections: the healthy ones, or without any, all in use. */
  readonly serving: readonly { readonly target: Target; readonly zone?: string }[];
}

/** The fewest healthy targets that must stay. The zones count where cross-zone is off, where the load balancer is impaired, or when a person requires it. */
export interface Floors {
  readonly minHealthy: number;
  readonly minHealthyPerZone?: number | undefined;
}

/** Where too little would stay; `kind: 'zone-unknown'`: it cannot be told of each zone. */
export interface Shortfall {
  readonly kind: 'port' | 'zone' | 'zone-unknown' | 'fail-open';
  readonly zone?: string;
  readonly healthy: number;
  readonly staying: number;
  readonly floor: number;
  /** Targets whose connections would have nowhere to go. */
  readonly targets: readonly Target[];
}

/**
 * Whether cross-zone load balancing is on for a target group: its own attribute, else the load
 * balancer's, which is off unless set (ELBv2 API, TargetGroupAttribute). Unknown where an attribute
 * that decides could not be read.
 */
export function crossZoneOf(observed: Observed, group: TargetGroup): Reading<boolean> {
  const own =
    group.attributes ??
    readingOf<Readonly<Record<string, string>>>({}, '', `The attributes of ${group.name}`);
  if (!own.ok) return own;
  const value = own.value[crossZoneAttribute];
  if (value === 'true' || value === 'false') return known(value === 'true');
  const { loadBalancer } = observed;
  if (!loadBalancer.ok) return loadBalancer;
  const { attributes } = loadBalancer.value;
  return attributes.ok ? known(crossesByDefault(loadBalancer.value)) : attributes;
}

/** Whether the load balancer's own attribute turns it on; where that was not read, it is off unless set. */
export const crossesByDefault = ({ attributes }: LoadBalancer): boolean =>
  attributes.ok && attributes.value[crossZoneAttribute] === 'true';

/** The zone of a target. AWS gives none for instances: their nodes tell, or EC2. */
export function zoneOf({ target, zone }: RegisteredTarget, observed: Observed): string | undefined {
  if (zone !== undefined) return zone;
  const node = observed.clusters
    .flatMap(({ nodes }) => (nodes?.ok ? nodes.value : []))
    .find(({ instanceId }) => instanceId === target.id);
  const evidence = observed.addressEvidence[target.id];
  return node?.zone ?? (evidence && valueOf(evidence)?.zone);
}

/**
 * Compares a target group with what is left of it when the targets `leaving` (by key) have left.
 * Keys in `aside` do not leave, and do not count as staying either. Unknown when the targets or
 * what decides on cross-zone could not be read.
 */
export function capacityOf(
  observed: Observed,
  o: {
    readonly arn: string;
    readonly port: number | string | null;
    readonly leaving: ReadonlySet<string>;
    readonly aside?: ReadonlySet<string>;
  },
): Reading<PortCapacity> {
  const group = readingOf(observed.targetGroups, o.arn, `Target group ${o.arn}`);
  if (!group.ok) return group;
  const registered = registeredIn(observed, o.arn);
  if (!registered.ok) return registered;
  // Without a load balancer no zone gets connections.
  const crossZone =
    group.value.loadBalancerArns.length === 0 ? known(true) : crossZoneOf(observed, group.value);
  if (!crossZone.ok) return crossZone;
  const all = registered.value.filter(isRegistered).map((found) => {
    const key = targetKey(found.target);
    return {
      target: found.target,
      zone: zoneOf(found, observed),
      // A zone that is shifted away gets no connections, even when its targets are healthy.
      healthy: found.state === 'healthy' && found.shifted !== true,
      used: found.state !== 'unused',
      leaves: o.leaving.has(key),
      stays: !o.leaving.has(key) && o.aside?.has(key) !== true,
    };
  });
  const healthy = all.filter((one) => one.healthy);
  const zones = new Set([
    ...(valueOf(observed.loadBalancer)?.zones ?? []),
    ...healthy.flatMap(({ zone }) => zone ?? []),
  ]);
  const isIn = (zone: string) => (one: { zone: string | undefined }) =>
    one.zone === zone || one.zone === 'all';
  return known({
    port: o.port,
    targetGroupArn: o.arn,
    leaving: all.filter(({ leaves }) => leaves).map(({ target }) => target),
    healthy: healthy.length,
    staying: healthy.filter(({ stays }) => stays).length,
    crossZone: crossZone.value,
    impaired: valueOf(observed.loadBalancer)?.state === 'active_impaired',
    zones: [...zones]
      .filter((zone) => zone !== 'all')
      .toSorted()
      .map((zone) => ({
        zone,
        healthy: healthy.filter(isIn(zone)).length,
        staying: healthy.filter(({ stays }) => stays).filter(isIn(zone)).length,
      })),
    withoutZone: healthy.filter(({ zone }) => zone === undefined).length,
    serving: all
      .filter((one) => one.leaves && (healthy.length > 0 ? one.healthy : one.used))
      .map(({ target, zone }) => ({ target, ...(zone === undefined ? {} : { zone }) })),
  });
}

/**
 * Where a target group would fall below a floor because of what leaves. A group or zone that loses
 * nothing is as good after as before, however little it has. With nothing healthy anywhere the load
 * balancer fails open and sends to every target in use: then those that leave may be what works.
 */
export function shortfalls(capacity: PortCapacity, floors: Floors): readonly Shortfall[] {
  const { healthy, staying, serving, crossZone, impaired, zones, withoutZone } = capacity;
  if (serving.length === 0) return [];
  const targets = serving.map(({ target }) => target);
  const floor = Math.max(1, floors.minHealthy);
  if (healthy === 0) return [{ kind: 'fail-open', healthy, staying, floor, targets }];
  const found: Shortfall[] =
    staying < floor ? [{ kind: 'port', healthy, staying, floor, targets }] : [];
  // Where nothing stays, no zone has anything: that is said already.
  if (staying === 0) return found;
  if (crossZone && !impaired && floors.minHealthyPerZone === undefined) return found;
  const zoneFloor = Math.max(1, floors.minHealthyPerZone ?? 1);
  if (withoutZone > 0) {
    return [...found, { kind: 'zone-unknown', healthy, staying, floor: zoneFloor, targets }];
  }
  return [
    ...found,
    ...zones
      .filter((zone) => zone.staying < zone.healthy && zone.staying < zoneFloor)
      .map(({ zone, ...counts }): Shortfall => ({
        kind: 'zone',
        zone,
        ...counts,
        floor: zoneFloor,
        targets: serving
          .filter((one) => one.zone === zone || one.zone === 'all')
          .map(({ target }) => target),
      })),
  ];
}

/** Whether the person has named exactly the number of targets that a refusal saves. */
export const acceptsRemoving = (saves: number, given: number | undefined): boolean =>
  saves > 0 && given === saves;
