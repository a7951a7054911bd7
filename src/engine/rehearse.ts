import type { Echo } from '../core/plan/echo.ts';
import { clusterOf } from '../core/observed/enrollment.ts';
import { sameName } from '../core/model/kubernetes.ts';
import type { Observed } from '../core/observed/observed.ts';
import type { ClusterStep, KubeDocument, Rehearsal } from '../core/plan/plan.ts';
import { known, type Reading, valueOf } from '../core/model/problem.ts';
import { patchFlag } from '../kube/bindings.ts';
import { listWebhookConfigurations } from '../kube/webhook-configurations.ts';
import { sendStep } from './apply.ts';
import { clientOf, stopIfInterrupted, type World } from './world.ts';

/**
 * Sends every rehearsal of a plan at once, with dryRun=All: nothing is changed by it. Gives what
 * the servers would have stored, or why they refuse. Raises Interrupted.
 */
export async function rehearse(
  world: World,
  observed: Observed,
  rehearsals: readonly Rehearsal[],
): Promise<readonly Echo[]> {
  const echoes = await Promise.all(
    rehearsals.map(async (rehearsal) => {
      const result = await (rehearsal.kind === 'step'
        ? rehearseStep(world, rehearsal.step)
        : rehearseFlag(world, observed, rehearsal));
      const webhooks = await unanswered(world, rehearsal, result);
      return { rehearsal, result, ...(webhooks ? { webhooks } : {}) };
    }),
  );
  stopIfInterrupted(world);
  return echoes;
}

/** A finalizer must be removed while nothing answers the webhooks: the configurations that name them matter. */
async function unanswered(world: World, rehearsal: Rehearsal, result: Reading<unknown>) {
  if (result.ok || result.problem.code !== 'webhook-unreachable') return undefined;
  if (rehearsal.kind !== 'step' || rehearsal.step.kind !== 'remove-finalizer') return undefined;
  return valueOf(await listWebhookConfigurations(clientOf(world, rehearsal.step.cluster)));
}

type Result = Promise<Reading<KubeDocument | undefined>>;

async function rehearseStep(world: World, step: ClusterStep): Result {
  const answer = await sendStep(world, step, { dryRun: true });
  if (!answer.ok) return answer;
  // Of the others it only matters that they would be taken.
  const isBinding = step.kind === 'apply-binding' || step.kind === 'set-flag';
  return known(isBinding ? (answer.value as KubeDocument) : undefined);
}

async function rehearseFlag(
  world: World,
  observed: Observed,
  { cluster, binding }: Extract<Rehearsal, { kind: 'set-flag' }>,
): Result {
  const view = clusterOf(observed, cluster);
  const there = (view && valueOf(view.bindings)) ?? [];
  const flavour = there.find((one) => sameName(one, binding))?.flavour ?? 'lbc';
  return patchFlag(clientOf(world, cluster), { ...binding, flavour }, { dryRun: true });
}
