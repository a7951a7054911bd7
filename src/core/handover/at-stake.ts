import type { ClusterView } from '../model/cluster-view.ts';
import { valueOf } from '../model/problem.ts';
import type { RegisteredTarget } from '../model/target.ts';
import { targetKey, trackedKeys } from '../model/target-key.ts';
import { bindingsOf } from '../observed/enrollment.ts';
import { eligibleKeys, isRegistered, memberOf, registeredIn } from '../observed/member.ts';
import type { HandoverCase } from './handover-case.ts';

type Subject = Pick<HandoverCase, 'observed' | 'enrollment'>;

/** A registered target, and its target group. */
export interface Standing {
  readonly arn: string;
  readonly found: RegisteredTarget;
}

/** Targets that are registered in these target groups and not on their way out. */
export const registeredOn = (
  { observed, enrollment }: Subject,
  arns: readonly string[] = enrollment.arns,
): readonly Standing[] =>
  arns.flatMap((arn) =>
    (valueOf(registeredIn(observed, arn)) ?? [])
      .filter(isRegistered)
      .map((found) => ({ arn, found })),
  );

/** Whether a cluster has an endpoint there, or its controller registered it. */
function isOf({ observed }: Subject, cluster: ClusterView, { arn, found }: Standing): boolean {
  const key = targetKey(found.target);
  return bindingsOf(cluster, arn)
    .map((binding) => memberOf(observed, cluster, binding))
    .some(
      ({ tracked, eligible }) =>
        trackedKeys(valueOf(tracked) ?? { kind: 'missing' }).has(key) ||
        eligibleKeys(valueOf(eligible) ?? []).has(key),
    );
}

/** Registered targets that are not the cluster's own. */
export const othersThan = (
  subject: Subject,
  cluster: ClusterView,
  arns?: readonly string[],
): readonly Standing[] => registeredOn(subject, arns).filter((one) => !isOf(subject, cluster, one));

/** Registered targets that no listed cluster has. */
export const unclaimedTargets = (subject: Subject): readonly Standing[] =>
  registeredOn(subject).filter((one) =>
    subject.observed.clusters.every((cluster) => !isOf(subject, cluster, one)),
  );

/** A number of targets as a refusal says that it saves them; none: it saves nothing. */
export const saving = (targets: readonly unknown[]): { readonly saves?: number } =>
  targets.length > 0 ? { saves: targets.length } : {};
