import type { TargetGroup } from '../model/aws.ts';
import { bindingsOf } from './enrollment.ts';
import { isKnownTarget } from '../model/known-target.ts';
import type { Departed, PurgeIntent } from '../model/intent.ts';
import { eligibleKeys, isRegistered, mayServe, memberOf, registeredIn } from './member.ts';
import type { Observed } from './observed.ts';
import { blindSpot, holderOf, isCalled } from './address-evidence.ts';
import { evidenceText } from './evidence-text.ts';
import { valueOf } from '../model/problem.ts';
import { ownAddresses } from './strays.ts';
import type { RegisteredTarget, Target } from '../model/target.ts';
import { targetKey, targetText, trackedKeys } from '../model/target-key.ts';

/**
 * What becomes of an unclaimed target. `purge`: it goes, once a person has said so. `known`: a person
 * named it, and EC2 gives it to no cluster: it stays. `serving`: it is healthy, or may be any moment.
 * `elsewhere`: a cluster holds it that was not listed. `untouched`: nothing that could be read says
 * who has its address.
 */
export type Fate = 'purge' | 'known' | 'serving' | 'elsewhere' | 'untouched';

export interface UnclaimedTarget {
  readonly targetGroupArn: string;
  readonly found: RegisteredTarget;
  readonly fate: Fate;
  /** The unlisted cluster that holds it. */
  readonly holder?: string;
  /** Why nothing is known of who has its address. */
  readonly reason?: string;
  /** One line: target, state, zone, evidence. */
  readonly text: string;
}

/** Keys of what listed clusters track, serve, or have an address of, whatever its condition. */
function claimedKeys(observed: Observed, arn: string): ReadonlySet<string> {
  return new Set(
    observed.clusters.flatMap((cluster) =>
      bindingsOf(cluster, arn).flatMap((binding) => {
        const member = memberOf(observed, cluster, binding);
        return [
          ...trackedKeys(valueOf(member.tracked) ?? { kind: 'missing' }),
          ...eligibleKeys(valueOf(member.eligible) ?? []),
          ...ownAddresses(member),
        ];
      }),
    ),
  );
}

const isDeparted = (departed: Departed, arn: string, target: Target): boolean =>
  departed.tracked[arn]?.includes(targetKey(target)) === true;

function judged(
  found: RegisteredTarget,
  group: TargetGroup,
  observed: Observed,
  { departed, knownTargets }: PurgeIntent,
): UnclaimedTarget {
  const { target } = found;
  const evidence = holderOf(target, group, observed);
  const wasTheirs = departed && isDeparted(departed, group.arn, target) ? departed : undefined;
  const blind = blindSpot(target, group, observed);
  // What EC2 does show counts, also where it need not show everything.
  const reason = blind !== undefined && (!evidence || evidence.gone) ? blind : undefined;
  // EC2 shows a terminated instance, and its tags, for about an hour.
  const holder = evidence?.gone === false ? evidence.cluster : undefined;
  const base = {
    targetGroupArn: group.arn,
    found,
    text: [
      `${targetText(target)} ${found.state}`,
      ...(found.zone === undefined ? [] : [`zone ${found.zone}`]),
      reason ?? evidenceText(evidence ? { ok: true, value: evidence } : undefined),
      ...(wasTheirs ? [`tracked by ${wasTheirs.name} at ${wasTheirs.at}`] : []),
    ].join(', '),
  };
  // Of a cluster that has gone the document is all there is: what it says that EC2 calls the cluster
  // counts for the targets that it tracked.
  const isTheirs =
    holder !== undefined &&
    wasTheirs?.clusterNames.includes(holder) === true &&
    [undefined, group.vpcId].includes(wasTheirs.vpcId);
  const isListed = observed.clusters.some((cluster) => isCalled(cluster, holder, group.vpcId));
  if (holder !== undefined && !isListed && !isTheirs) {
    return { ...base, fate: 'elsewhere', holder };
  }
  if (holder === undefined && isKnownTarget(target, knownTargets, evidence)) {
    return { ...base, fate: 'known' };
  }
  // A record tells who had the address, and not whether somebody has it now.
  if (reason !== undefined) return { ...base, fate: 'untouched', reason };
  if (mayServe(found)) return { ...base, fate: 'serving' };
  return { ...base, fate: 'purge' };
}

/**
 * Every registered target that no listed cluster tracks, serves or has an address of, and what
 * becomes of it. Sound only when every listed cluster was read: the caller asks that before.
 */
export function unclaimedTargets(
  observed: Observed,
  intent: PurgeIntent,
  arns: readonly string[],
): readonly UnclaimedTarget[] {
  return arns.flatMap((arn) => {
    const group = observed.targetGroups[arn];
    const registered = registeredIn(observed, arn);
    if (!group?.ok || !registered.ok) return [];
    const claimed = claimedKeys(observed, arn);
    return registered.value
      .filter((found) => isRegistered(found) && !claimed.has(targetKey(found.target)))
      .map((found) => judged(found, group.value, observed, intent));
  });
}

/** Unclaimed targets on their way out: an earlier run may have sent them. */
export function drainingUnclaimed(observed: Observed, arn: string): readonly Target[] {
  const registered = registeredIn(observed, arn);
  const claimed = claimedKeys(observed, arn);
  return (valueOf(registered) ?? [])
    .filter(({ state }) => state === 'draining')
    .map(({ target }) => target)
    .filter((target) => !claimed.has(targetKey(target)));
}
