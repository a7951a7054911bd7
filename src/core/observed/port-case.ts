import type { EligibleTarget } from './eligibility.ts';
import { bindingsOf } from './enrollment.ts';
import type { VerifyIntent } from '../model/intent.ts';
import type { Enrollment } from './owner.ts';
import {
  eligibleByKey,
  eligibleKeys,
  memberOf,
  registeredByKey,
  registeredIn,
  type Member,
} from './member.ts';
import type { Observed } from './observed.ts';
import { recordedOnly } from './recorded.ts';
import { valueOf } from '../model/problem.ts';
import type { RegisteredTarget } from '../model/target.ts';
import { trackedKeys } from '../model/target-key.ts';

/** A member with its sets by target key. What could not be read is empty: ask the member's readings. */
export interface Part {
  readonly member: Member;
  readonly tracked: ReadonlySet<string>;
  readonly eligible: ReadonlyMap<string, EligibleTarget>;
}

/** What every row and note of a port is judged against. Made once for a port. */
export interface PortCase {
  readonly observed: Observed;
  readonly intent: VerifyIntent;
  /** Whose the load balancer is, and which cluster's bindings name its target groups. */
  readonly enrollment: Enrollment;
  readonly arn: string;
  /** Bindings of all listed clusters on the target group. */
  readonly parts: readonly Part[];
  /** Targets of the target group by their key, in AWS's order; empty when they could not be read. */
  readonly registered: ReadonlyMap<string, RegisteredTarget>;
  /** Contexts of clusters that were not read, by the key of a target that a document gives to them. */
  readonly recorded: ReadonlyMap<string, string>;
}

/** What the clusters that were not read tracked or served, according to a document. */
const recordedKeys = (observed: Observed, arn: string): ReadonlyMap<string, string> =>
  new Map(
    recordedOnly(observed).flatMap((cluster) =>
      bindingsOf(cluster, arn).flatMap((binding) => {
        const { tracked, eligible } = memberOf(observed, cluster, binding);
        const served = eligibleKeys(valueOf(eligible) ?? []);
        const keys = [...trackedKeys(valueOf(tracked) ?? { kind: 'missing' }), ...served];
        return keys.map((key) => [key, cluster.context] as const);
      }),
    ),
  );

/** The parts of all listed clusters in a target group, with their sets. */
export const partsOf = (observed: Observed, arn: string): readonly Part[] =>
  observed.clusters.flatMap((cluster) =>
    bindingsOf(cluster, arn).map((binding): Part => {
      const member = memberOf(observed, cluster, binding);
      const eligible = valueOf(member.eligible) ?? [];
      return {
        member,
        tracked: trackedKeys(valueOf(member.tracked) ?? { kind: 'missing' }),
        eligible: eligibleByKey(eligible),
      };
    }),
  );

/** Gathers what was read about a target group of the enrollment. */
export function portCase(
  observed: Observed,
  intent: VerifyIntent,
  enrollment: Enrollment,
  arn: string,
): PortCase {
  const parts = partsOf(observed, arn);
  const registered = valueOf(registeredIn(observed, arn)) ?? [];
  return {
    observed,
    intent,
    enrollment,
    arn,
    parts,
    registered: registeredByKey(registered),
    recorded: recordedKeys(observed, arn),
  };
}
