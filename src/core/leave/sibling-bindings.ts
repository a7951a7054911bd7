import { bindingsOf } from '../observed/enrollment.ts';
import {
  type Binding,
  nameText,
  type ObjectName,
  sameName,
  serviceOf,
} from '../model/kubernetes.ts';
import type { ClusterView } from '../model/cluster-view.ts';

import { eligibleKeys, type Member } from '../observed/member.ts';
import { valueOf } from '../model/problem.ts';
import type { Target } from '../model/target.ts';
import { targetKey, trackedKeys } from '../model/target-key.ts';

/** The bindings of a cluster on a target group: those that a leave deletes, and those that stay. */
export interface SplitBindings {
  readonly going: readonly Binding[];
  readonly staying: readonly Binding[];
}

/**
 * Those of the local Service are deleted, also those that nlbmc did not make. A binding of another
 * Service is another member, and stays; so does what a controller made. Where the local Service has
 * none, those of the Service that is bound instead are meant.
 */
export function splitBindings(
  leaving: ClusterView,
  arn: string,
  localService: ObjectName,
): SplitBindings {
  const all = bindingsOf(leaving, arn);
  const joined = all.filter(
    (binding) => binding.stack === undefined && sameName(serviceOf(binding), localService),
  );
  if (joined.length === 0) return { going: all, staying: [] };
  return { going: joined, staying: all.filter((binding) => !joined.includes(binding)) };
}

/** A target that a binding which stays has, too, and which one that is. */
export interface SharedTarget {
  readonly target: Target;
  readonly binding: string;
}

/**
 * Those of the targets that a binding which stays tracks or has an endpoint at. The controller
 * deregisters what a deleted binding tracks, and asks no other binding (`Cleanup` in
 * `pkg/targetgroupbinding/resource_manager.go`).
 */
export function sharedTargets(
  targets: readonly Target[],
  staying: readonly Member[],
): readonly SharedTarget[] {
  const siblings = staying.map(({ binding, tracked, eligible }) => ({
    binding: nameText(binding),
    keys: new Set([
      ...trackedKeys(valueOf(tracked) ?? { kind: 'missing' }),
      ...eligibleKeys(valueOf(eligible) ?? []),
    ]),
  }));
  return targets.flatMap((target): readonly SharedTarget[] => {
    const sibling = siblings.find(({ keys }) => keys.has(targetKey(target)));
    return sibling ? [{ target, binding: sibling.binding }] : [];
  });
}
