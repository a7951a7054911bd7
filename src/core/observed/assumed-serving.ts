import { nameText } from '../model/kubernetes.ts';
import { known } from '../model/problem.ts';
import type { RegisteredTarget } from '../model/target.ts';
import { targetKey } from '../model/target-key.ts';
import { clusterOf } from './enrollment.ts';
import { memberOf } from './member.ts';
import type { Observed } from './observed.ts';
import { withTargets } from './with-targets.ts';

/**
 * The observation as it will be when these bindings of a cluster serve: every endpoint of them is tracked,
 * registered and healthy. `names` are as `nameText` writes them. A binding whose endpoints could not be read
 * stays as it is. Only for a plan that waits for that and plans again before it goes on.
 */
export function assumingServing(
  observed: Observed,
  context: string,
  names: ReadonlySet<string>,
): Observed {
  const before = clusterOf(observed, context);
  if (!before) return observed;
  const bindings = before.bindings.ok ? before.bindings.value : [];
  let { targetGroups } = observed;
  let { tracked } = before;
  for (const binding of bindings) {
    const name = nameText(binding);
    const { eligible } = memberOf(observed, before, binding);
    if (!names.has(name) || !eligible.ok) continue;
    const targets = eligible.value.map(({ target }) => target);
    const keys = new Set(targets.map(targetKey));
    const healthy = eligible.value.map(({ target, zone }): RegisteredTarget => ({
      target,
      state: 'healthy',
      ...(zone === undefined ? {} : { zone }),
    }));
    targetGroups = withTargets(targetGroups, binding.targetGroupArn, (there) => [
      ...there.filter(({ target }) => !keys.has(targetKey(target))),
      ...healthy,
    ]);
    tracked = { ...tracked, [name]: known({ kind: 'set', targets }) };
  }
  const after = { ...before, tracked };
  return {
    ...observed,
    targetGroups,
    clusters: observed.clusters.map((one) => (one === before ? after : one)),
  };
}
