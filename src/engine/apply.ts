import type { Step } from '../core/plan.ts';
import { known, type Reading } from '../core/problem.ts';
import { applyBinding } from '../kube/bindings.ts';
import { annotateService, createService } from '../kube/services.ts';
import { clientOf, type World } from './world.ts';

/** Makes one change. A problem tells that it was refused, or that it is not known to be made. */
export async function apply(world: World, step: Step): Promise<Reading<undefined>> {
  const kube = clientOf(world, step.cluster);
  const result = await send();
  return result.ok ? known(undefined) : result;

  function send(): Promise<Reading<unknown>> {
    switch (step.kind) {
      case 'annotate-service':
        return annotateService(kube, step, { dryRun: false });
      case 'create-service':
        return createService(kube, step.document, { dryRun: false });
      case 'apply-binding':
        return applyBinding(kube, step.document, { force: step.force, dryRun: false });
    }
  }
}
