import { known } from '../model/problem.ts';
import type { RegisteredTarget } from '../model/target.ts';
import type { Observed } from './observed.ts';

/** The target groups with other targets in one of them. One that was not read stays unknown. */
export function withTargets(
  groups: Observed['targetGroups'],
  arn: string,
  change: (targets: readonly RegisteredTarget[]) => readonly RegisteredTarget[],
): Observed['targetGroups'] {
  const group = groups[arn];
  if (!group?.ok || !group.value.targets.ok) return groups;
  const targets = known(change(group.value.targets.value));
  return { ...groups, [arn]: known({ ...group.value, targets }) };
}
