import type { Echo } from '../core/echo.ts';
import { clusterOf, sameName } from '../core/enrollment.ts';
import type { Observed } from '../core/observed.ts';
import type { KubeDocument, Rehearsal, Step } from '../core/plan.ts';
import { known, type Reading, valueOf } from '../core/problem.ts';
import { applyBinding, patchFlag } from '../kube/bindings.ts';
import { annotateService, createService } from '../kube/services.ts';
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
    rehearsals.map(async (rehearsal) => ({
      rehearsal,
      result: await (rehearsal.kind === 'step'
        ? rehearseStep(world, rehearsal.step)
        : rehearseFlag(world, observed, rehearsal)),
    })),
  );
  stopIfInterrupted(world);
  return echoes;
}

type Result = Promise<Reading<KubeDocument | undefined>>;

async function rehearseStep(world: World, step: Step): Result {
  const kube = clientOf(world, step.cluster);
  switch (step.kind) {
    case 'annotate-service':
      return accepted(await annotateService(kube, step, { dryRun: true }));
    case 'create-service':
      return accepted(await createService(kube, step.document, { dryRun: true }));
    case 'apply-binding':
      return applyBinding(kube, step.document, { force: step.force, dryRun: true });
  }
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

/** Of a Service it only matters that it would be taken. */
const accepted = (reading: Reading<unknown>): Reading<undefined> =>
  reading.ok ? known(undefined) : reading;
