import { bindingKind } from '../model/flavours.ts';
import { parseArn } from '../model/arn.ts';
import type { TargetGroup } from '../model/aws.ts';
import { describeBindingHint, type Hint, kubectlHint, serviceEventsHint } from '../model/hint.ts';
import { bindingsOf, enrolledArns } from './enrollment.ts';
import { nameText, sameName, serviceOf } from '../model/kubernetes.ts';
import type { Observed } from './observed.ts';
import { type Problem, unknown } from '../model/problem.ts';

/** Whether AWS has said that a target group does not exist, as `withGroupsGone` found. */
export function isGroupGone(
  { targetGroups }: Pick<Observed, 'targetGroups'>,
  arn: string,
): boolean {
  const group = targetGroups[arn];
  return group?.ok === false && group.problem.code === 'binding-stale';
}

/** Where to look for what became of a target group: at the Service that made it, or at a binding. */
function look({ clusters, service }: Observed, arn: string): readonly Hint[] {
  const found = clusters.flatMap((cluster) =>
    bindingsOf(cluster, arn).map((binding) => ({ cluster, binding })),
  );
  const made = found.find(({ binding }) => binding.stack !== undefined);
  if (made) return [serviceEventsHint(made.cluster.context, service)];
  return found
    .slice(0, 1)
    .map(({ cluster, binding }) => describeBindingHint(cluster.context, binding));
}

/**
 * AWS is always asked in the region of the ARN. Its answer that there is no such target group is a
 * fact only with credentials of the account in the ARN: under another account, or under one that is
 * not known, it proves nothing, and the reading stays unknown. A fact has the code `binding-stale`,
 * and `unreadOf` does not count it as unread. The load balancer is found by way of the target groups.
 */
export function withGroupsGone(observed: Observed): Observed {
  const { account, loadBalancer } = observed;
  if (account?.ok !== true) return observed;
  const settled = new Map<Problem, Problem>();
  const targetGroups = Object.entries(observed.targetGroups).map(([arn, group]) => {
    const parts = parseArn(arn);
    if (group.ok || group.problem.code !== 'aws-not-found' || parts?.account !== account.value)
      return [arn, group] as const;
    const problem: Problem = {
      code: 'binding-stale',
      message: `Target group ${parts.name} does not exist (account ${parts.account}, ${parts.region}). A binding to it registers nothing.`,
      about: { targetGroup: arn },
      hints: look(observed, arn),
    };
    settled.set(group.problem, problem);
    return [arn, unknown<TargetGroup>(problem)] as const;
  });
  const gone = loadBalancer.ok ? undefined : settled.get(loadBalancer.problem);
  return {
    ...observed,
    targetGroups: Object.fromEntries(targetGroups),
    ...(gone ? { loadBalancer: unknown(gone) } : {}),
  };
}

/**
 * Bindings for the Service, by whatever name it has in the cluster, to a target group that does not
 * exist any more: the primary's was replaced, as when a port of its Service changed. Nothing of them
 * serves, and their controllers fail at each reconcile.
 */
export const staleBindings = (observed: Observed): readonly Problem[] => {
  const enrolled = enrolledArns(observed);
  return observed.clusters.flatMap((cluster) =>
    (cluster.bindings.ok ? cluster.bindings.value : [])
      .filter((binding) => isGroupGone(observed, binding.targetGroupArn))
      // Of a target group of the enrollment the verdict says it, as a problem.
      .filter((binding) => !enrolled.includes(binding.targetGroupArn))
      .filter((binding) =>
        [cluster.localService, observed.service].some((name) => sameName(serviceOf(binding), name)),
      )
      .map((binding): Problem => {
        const { namespace, name, targetGroupArn, terminating } = binding;
        return {
          code: 'binding-stale',
          message: `${nameText(binding)} in ${cluster.context} is bound to target group ${parseArn(targetGroupArn)?.name ?? targetGroupArn}, which no longer exists. The binding registers nothing.`,
          about: { cluster: cluster.context, binding: { namespace, name } },
          hints: [
            terminating
              ? describeBindingHint(cluster.context, binding)
              : kubectlHint(
                  { context: cluster.context, namespace },
                  'delete',
                  bindingKind(binding.flavour),
                  name,
                ),
          ],
        };
      }),
  );
};
