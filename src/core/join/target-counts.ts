import { crossesByDefault, crossZoneOf, zoneOf } from '../observed/capacity.ts';
import { bindingsOf } from '../observed/enrollment.ts';
import { isRegistered, memberOf, registeredIn, registeredKeys } from '../observed/member.ts';
import { parseArn } from '../model/arn.ts';
import type { TargetGroup } from '../model/aws.ts';
import { sameName, serviceOf } from '../model/kubernetes.ts';
import { valueOf } from '../model/problem.ts';
import type { RegisteredTarget } from '../model/target.ts';
import { targetKey } from '../model/target-key.ts';
import { isElsewhere } from './endpoint-vpc.ts';
import type { JoinCase, JoinPort } from './join-port.ts';

/** A limit, how much of it is used, and how much the join adds. */
export interface Load {
  /** What is limited: `target group web of port 80`. */
  readonly what: string;
  readonly used: number;
  readonly more: number;
  readonly limit: number;
  /** AWS said so; otherwise it is the documented default, and the account may have more. */
  readonly told: boolean;
  /** Not all of it was read: `used` is at least that. */
  readonly partial: boolean;
}

/**
 * Defaults (Network Load Balancer guide, "Quotas"). What AWS tells of an account goes before. The
 * number for target groups is not among what it tells.
 */
const defaults = {
  'targets-per-network-load-balancer': 3000,
  'targets-per-availability-zone-per-network-load-balancer': 500,
  'targets-per-target-group': 1000,
} as const;

/** With cross-zone load balancing a load balancer has at most this many targets, in whatever zones. */
const withCrossZone = 500;

/** Eligible endpoints of a port that are not registered yet, with their zones. */
export function newTargets(subject: JoinCase, port: JoinPort) {
  const { eligible, group } = port;
  const targets = group.ok ? (valueOf(group.value.targets) ?? []) : [];
  const there = registeredKeys(targets);
  return (eligible.ok ? eligible.value : [])
    .filter(({ target }) => !there.has(targetKey(target)))
    .map(({ target, zone }) => ({ target, zone: isElsewhere(subject, target) ? 'all' : zone }));
}

/** What other members are about to register, as clusters that join in the same run before this one. */
export function pendingTargets(
  { observed, localService, joining }: JoinCase,
  arn: string,
): readonly RegisteredTarget[] {
  const registered = valueOf(registeredIn(observed, arn)) ?? [];
  const there = registeredKeys(registered);
  const found = observed.clusters.flatMap((cluster) =>
    bindingsOf(cluster, arn)
      .filter((binding) => cluster !== joining || !sameName(serviceOf(binding), localService))
      .flatMap((binding) => valueOf(memberOf(observed, cluster, binding).eligible) ?? []),
  );
  return found
    .filter(({ target }) => !there.has(targetKey(target)))
    .map(({ target, zone }) => ({ target, state: 'initial', ...(zone ? { zone } : {}) }));
}

/** Each limit of AWS that the join comes closer to. A target in several groups counts in each. */
export function loadsOf(subject: JoinCase): readonly Load[] {
  const { observed, ports } = subject;
  const { use } = observed;
  const limits = use && valueOf(use.limits);
  const limit = (name: keyof typeof defaults): Pick<Load, 'limit' | 'told'> => ({
    limit: limits?.[name] ?? defaults[name],
    told: limits?.[name] !== undefined,
  });
  const others = use && valueOf(use.others);
  const enrolled = enrolledGroups(subject);
  const all = [...enrolled, ...(others ?? [])];
  const partial = others === undefined || all.some(({ targets }) => !targets.ok);
  const pending = new Map(enrolled.map(({ arn }) => [arn, pendingTargets(subject, arn)]));
  const present = [
    ...all.flatMap(({ targets }) => (valueOf(targets) ?? []).filter(isRegistered)),
    ...[...pending.values()].flat(),
  ];
  const added = ports.flatMap((port) => newTargets(subject, port));
  const balancer = observed.loadBalancer.ok ? observed.loadBalancer.value : undefined;
  const of = `load balancer ${balancer?.name ?? ''}`.trim();
  const whole = { used: present.length, more: added.length, partial };
  const perZone = limit('targets-per-availability-zone-per-network-load-balancer');
  const crossing = all.some((group) => crossesZones(subject, group));
  return [
    ...ports.flatMap((port): readonly Load[] => {
      const targets = port.group.ok ? valueOf(port.group.value.targets) : undefined;
      if (!targets) return [];
      return [
        {
          what: `target group ${parseArn(port.arn)?.name ?? port.arn} of port ${port.port}`,
          used: targets.filter(isRegistered).length + (pending.get(port.arn)?.length ?? 0),
          more: newTargets(subject, port).length,
          partial: false,
          ...limit('targets-per-target-group'),
        },
      ];
    }),
    { what: of, ...whole, ...limit('targets-per-network-load-balancer') },
    ...(crossing
      ? [
          {
            what: `${of} with cross-zone load balancing`,
            ...whole,
            limit: withCrossZone,
            // An account with more per zone may have more here, too: AWS does not tell.
            told: perZone.told && perZone.limit <= withCrossZone,
          },
        ]
      : zoneLoads(subject, { present, added, of, partial, perZone })),
  ];
}

/** Its own attribute, else the load balancer's; of another Service's group only the latter is read. */
function crossesZones({ observed }: JoinCase, group: TargetGroup): boolean {
  if (group.attributes?.ok) return valueOf(crossZoneOf(observed, group)) === true;
  const balancer = valueOf(observed.loadBalancer);
  return balancer !== undefined && crossesByDefault(balancer);
}

/** Target groups of the enrollment that were read; those of other Services are read apart. */
const enrolledGroups = ({ observed }: JoinCase): readonly TargetGroup[] =>
  Object.values(observed.targetGroups).flatMap((group) => (group.ok ? group.value : []));

/** Targets of each zone that gets new ones; what is in zone `all` counts in every zone. */
function zoneLoads(
  { observed }: JoinCase,
  o: {
    readonly present: readonly RegisteredTarget[];
    readonly added: readonly { readonly zone?: string | undefined }[];
    readonly of: string;
    readonly partial: boolean;
    readonly perZone: Pick<Load, 'limit' | 'told'>;
  },
): readonly Load[] {
  const zones = new Map<string, number>();
  for (const found of o.present) {
    const zone = zoneOf(found, observed);
    if (zone !== undefined) zones.set(zone, (zones.get(zone) ?? 0) + 1);
  }
  const everywhere = zones.get('all') ?? 0;
  const served = observed.loadBalancer.ok ? observed.loadBalancer.value.zones : [];
  const isIn = (zone: string) => (one: { readonly zone?: string | undefined }) =>
    one.zone === zone || one.zone === 'all';
  return served
    .map((zone) => ({
      what: `zone ${zone} of ${o.of}`,
      used: (zones.get(zone) ?? 0) + everywhere,
      more: o.added.filter(isIn(zone)).length,
      partial: o.partial,
      ...o.perZone,
    }))
    .filter(({ more }) => more > 0);
}
