import { clusterNames } from '../model/cluster-name.ts';
import { bindingsOf } from './enrollment.ts';
import { nameText } from '../model/kubernetes.ts';
import type { Binding } from '../model/kubernetes.ts';
import type { ClusterView } from '../model/cluster-view.ts';
import { eligibleKeys, isRegistered, type Member, memberOf } from './member.ts';
import type { Observed } from './observed.ts';
import { valueOf } from '../model/problem.ts';
import { sameness } from './same-cluster.ts';
import { ownAddresses } from './strays.ts';
import type { RegisteredTarget } from '../model/target.ts';
import { targetKey, trackedKeys } from '../model/target-key.ts';

/** A binding besides the primary's own on one of its target groups: what enrolls a cluster. */
export interface Enrolled {
  readonly cluster: ClusterView;
  readonly binding: Binding;
}

/** A registered target that is not the primary's own, and its cluster as far as that is known. */
export interface ForeignTarget {
  readonly found: RegisteredTarget;
  readonly targetGroupArn: string;
  /** Context of a listed cluster that tracks it or has an endpoint there. */
  readonly listed?: string;
  /** The cluster that EC2's tags name, where no listed one claims it. */
  readonly tagged?: string;
}

/** Every binding in sight on the target groups of the primary's own bindings, but for these. */
export function enrolledElsewhere(
  observed: Observed,
  primary: ClusterView,
  own: readonly Member[],
): readonly Enrolled[] {
  const arns = [...new Set(own.map(({ binding }) => binding.targetGroupArn))];
  const names = new Set(own.map(({ binding }) => nameText(binding)));
  return observed.clusters.flatMap((cluster) =>
    arns
      .flatMap((arn) => bindingsOf(cluster, arn))
      // A cluster that was listed under two contexts is not enrolled in itself.
      .filter((binding) => !(sameness(cluster, primary) === 'same' && names.has(nameText(binding))))
      .map((binding) => ({ cluster, binding })),
  );
}

/**
 * Registered targets that are not the primary's own: it has no eligible endpoint there, and either
 * does not track them, or another listed cluster claims them, or EC2 has the address in another
 * cluster (it was reused). What the primary itself left behind, by address or tag, is its own.
 * Empty where the members' sets could not be read: ask their readings before.
 */
export function foreignTargets(
  observed: Observed,
  primary: ClusterView,
  own: readonly Member[],
): readonly ForeignTarget[] {
  const others = enrolledElsewhere(observed, primary, own).map(({ cluster, binding }) => {
    const { tracked, eligible } = memberOf(observed, cluster, binding);
    return {
      arn: binding.targetGroupArn,
      context: cluster.context,
      keys: new Set([
        ...trackedKeys(valueOf(tracked) ?? { kind: 'missing' }),
        ...eligibleKeys(valueOf(eligible) ?? []),
      ]),
    };
  });
  const names = clusterNames(primary);
  const groups = new Map(own.map((member) => [member.binding.targetGroupArn, member]));
  return [...groups].flatMap(([targetGroupArn, { registered }]): readonly ForeignTarget[] => {
    const parts = own.filter(({ binding }) => binding.targetGroupArn === targetGroupArn);
    const eligible = keysOf(parts, (part) => eligibleKeys(valueOf(part.eligible) ?? []));
    const left = keysOf(parts, (part) => [
      ...trackedKeys(valueOf(part.tracked) ?? { kind: 'missing' }),
      ...ownAddresses(part),
    ]);
    return (valueOf(registered) ?? [])
      .filter(isRegistered)
      .flatMap((found): readonly ForeignTarget[] => {
        const key = targetKey(found.target);
        if (eligible.has(key)) return [];
        const claim = others.find(({ arn, keys }) => arn === targetGroupArn && keys.has(key));
        if (claim) return [{ found, targetGroupArn, listed: claim.context }];
        const evidence = observed.addressEvidence[found.target.id];
        const tag = evidence && valueOf(evidence)?.cluster;
        const elsewhere = tag !== undefined && names.length > 0 && !names.includes(tag);
        if (elsewhere) return [{ found, targetGroupArn, tagged: tag }];
        if (left.has(key) || (tag !== undefined && names.includes(tag))) return [];
        return [{ found, targetGroupArn, ...(tag === undefined ? {} : { tagged: tag }) }];
      });
  });
}

/**
 * What EC2 says of the targets that only the primary's record gives to it. That record outlives
 * pods, and addresses are used again: where EC2 was asked and did not answer, they may be another
 * cluster's by now.
 */
export const readingsOfLeft = (observed: Observed, own: readonly Member[]) =>
  own.flatMap((part) => {
    const eligible = eligibleKeys(valueOf(part.eligible) ?? []);
    const addresses = ownAddresses(part);
    const tracked = trackedKeys(valueOf(part.tracked) ?? { kind: 'missing' });
    return (valueOf(part.registered) ?? []).filter(isRegistered).flatMap(({ target }) => {
      const key = targetKey(target);
      const byRecord = tracked.has(key) && !eligible.has(key) && !addresses.has(key);
      return byRecord ? (observed.addressEvidence[target.id] ?? []) : [];
    });
  });

const keysOf = (
  members: readonly Member[],
  keys: (member: Member) => Iterable<string>,
): ReadonlySet<string> => new Set(members.flatMap((member) => [...keys(member)]));
