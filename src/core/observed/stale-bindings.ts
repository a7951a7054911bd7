import { parseArn } from '../model/arn.ts';
import { describeHint, kubectlHint } from '../model/hint.ts';
import { nameText, sameName } from '../model/kubernetes.ts';
import type { Observed } from './observed.ts';
import { serviceOf } from './facts.ts';
import type { Problem } from '../model/problem.ts';

/**
 * Whether AWS has said that a target group does not exist: it was asked in the group's own region,
 * with credentials of the group's own account. Under another account the answer proves nothing.
 */
export function isGroupGone({ targetGroups, account }: Observed, arn: string): boolean {
  const group = targetGroups[arn];
  return (
    group?.ok === false &&
    group.problem.code === 'aws-not-found' &&
    account?.ok === true &&
    parseArn(arn)?.account === account.value
  );
}

/**
 * Bindings for the Service, by whatever name it has in the cluster, to a target group that does not
 * exist any more: the primary's was replaced, as when a port of its Service changed. Nothing of them
 * serves, and their controllers fail at each reconcile.
 */
export const staleBindings = (observed: Observed): readonly Problem[] =>
  observed.clusters.flatMap((cluster) =>
    (cluster.bindings.ok ? cluster.bindings.value : [])
      .filter((binding) => isGroupGone(observed, binding.targetGroupArn))
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
              ? describeHint(cluster.context, 'targetgroupbinding', binding)
              : kubectlHint(
                  { context: cluster.context, namespace },
                  'delete',
                  'targetgroupbinding',
                  name,
                ),
          ],
        };
      }),
  );
