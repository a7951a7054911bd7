import { isBefore } from '../model/version.ts';
import { firstMultiCluster } from '../checks/controller.ts';
import { upgradeController, upgradeDefinitions } from '../model/controller-hints.ts';
import { kubectlHint, type ToolHint } from '../model/hint.ts';
import type { Echo } from '../plan/echo.ts';
import { clusterOf } from '../observed/enrollment.ts';
import { nameText, type ObjectName } from '../model/kubernetes.ts';
import type { ClusterView } from '../model/cluster-view.ts';
import type { Observed } from '../observed/observed.ts';
import type { KubeDocument, Plan, Rehearsal } from '../plan/plan.ts';
import type { Problem } from '../model/problem.ts';
import { cautionsOf } from '../plan/check.ts';
import { refused } from '../plan/refused.ts';
import { isRejection } from '../plan/rejections.ts';

/** The flag in a document as the server would have stored it. */
export const echoedFlag = (document: KubeDocument | undefined): boolean =>
  (document?.['spec'] as { multiClusterTargetGroup?: unknown } | undefined)
    ?.multiClusterTargetGroup === true;

/** Who of the two would drop the field, as far as that is known. */
export function whoStrips(cluster: ClusterView | undefined): string {
  if (cluster?.crdMultiCluster.ok && !cluster.crdMultiCluster.value) return 'its CRD is too old';
  if (cluster?.crdMultiCluster.ok) return 'its controller is too old';
  return 'its CRD or its controller is too old';
}

const explainField = (context: string): ToolHint =>
  kubectlHint({ context }, 'explain', 'targetgroupbinding.spec.multiClusterTargetGroup');

/** What to type about it; where either may be the cause, what shows whether it is the CRD. */
export function cureOfStripping(cluster: ClusterView | undefined, context: string): ToolHint {
  if (!cluster?.crdMultiCluster.ok) return explainField(context);
  if (!cluster.crdMultiCluster.value) return upgradeDefinitions(context);
  const [deployment] = cluster.controller.ok ? cluster.controller.value.deployments : [];
  return upgradeController(context, deployment?.namespace);
}

const inCluster = (cluster: string, problem: Problem): Problem => ({
  ...problem,
  about: { cluster, ...problem.about },
});

/** The binding whose flag a rehearsal sets, as a probe or as the step itself. */
function flaggedBy(rehearsal: Rehearsal): ObjectName | undefined {
  if (rehearsal.kind === 'set-flag') return rehearsal.binding;
  const { step } = rehearsal;
  return step.kind === 'set-flag' && step.flag ? step.binding : undefined;
}

/** Whether something else than the echo shows support. */
function isVouchedFor(cluster: ClusterView | undefined): boolean {
  if (!cluster) return false;
  const versions = cluster.controller.ok
    ? cluster.controller.value.deployments.map(({ version }) => version ?? '')
    : [];
  return (
    (cluster.crdMultiCluster.ok && cluster.crdMultiCluster.value) ||
    versions.some((version) => isBefore(version, firstMultiCluster) === false)
  );
}

/**
 * Adds to a plan what its rehearsals showed: an echo without the flag refuses; where the person may
 * not patch bindings, CRD and controller version replace the echo, and where neither could be
 * read a caution asks. A write that would be forbidden refuses before the first one is made.
 */
export function judgeEnable(plan: Plan, observed: Observed, echoes: readonly Echo[]): Plan {
  const blockers: Problem[] = [];
  const cautions: Problem[] = [];
  const skips: Problem[] = [];
  for (const { rehearsal, result } of echoes) {
    const context = rehearsal.kind === 'set-flag' ? rehearsal.cluster : rehearsal.step.cluster;
    const cluster = clusterOf(observed, context);
    const flagged = flaggedBy(rehearsal);
    if (flagged && result.ok && !echoedFlag(result.value)) {
      const { namespace, name } = flagged;
      blockers.push({
        code: 'field-stripped',
        message: `${context} drops multiClusterTargetGroup from ${nameText(flagged)}: ${whoStrips(cluster)}.`,
        about: { cluster: context, binding: { namespace, name } },
        hints: [cureOfStripping(cluster, context)],
      });
    } else if (
      !result.ok &&
      rehearsal.kind === 'set-flag' &&
      result.problem.code === 'api-forbidden'
    ) {
      if (isVouchedFor(cluster)) skips.push(inCluster(context, result.problem));
      else {
        cautions.push({
          code: 'support-unproven',
          message: `Whether ${context} supports multi-cluster target groups is not proven: nlbmc could neither try it, nor read its CRD, nor read the version of its controller.`,
          about: { cluster: context },
          hints: [explainField(context)],
          details: [result.problem.message],
        });
      }
    } else if (!result.ok) {
      const unread = isRejection(result.problem.code) ? {} : { unread: true };
      blockers.push({ ...inCluster(context, result.problem), ...unread });
    }
  }
  if (blockers.length > 0) return refused(blockers, [...plan.skips, ...skips]);
  const all = [...plan.cautions, ...(plan.notes ?? []), ...cautions];
  return {
    ...plan,
    ...cautionsOf({ cautions: all }, plan.steps),
    skips: [...plan.skips, ...skips],
  };
}
