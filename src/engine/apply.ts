import { deregisterTargets } from '../aws/deregister-targets.ts';
import { createPlaceholder, deleteTargetGroup } from '../aws/placeholder.ts';
import { writeTags } from '../aws/write-tags.ts';
import { type AwsStep, type ClusterStep, isAwsStep, type WriteStep } from '../core/plan/plan.ts';
import { known, type Reading } from '../core/model/problem.ts';
import { applyBinding, setFlag } from '../kube/bindings.ts';
import { patchBinding, patchService, restartController } from '../kube/patches.ts';
import {
  deleteBinding,
  deleteService,
  deleteTracked,
  removeFinalizer,
  resetCheckpoint,
} from '../kube/removals.ts';
import { annotateService, createService } from '../kube/services.ts';
import { clientOf, type World } from './world.ts';

/** Makes one change. A problem tells that it was refused, or that it is not known to be made. */
export async function apply(world: World, step: WriteStep): Promise<Reading<undefined>> {
  const result = await (isAwsStep(step)
    ? callAws(world, step)
    : sendStep(world, step, { dryRun: false }));
  return result.ok ? known(undefined) : result;
}

function callAws({ aws }: World, step: AwsStep): Promise<Reading<undefined>> {
  switch (step.kind) {
    case 'deregister-targets':
      return deregisterTargets(aws, step.targetGroupArn, step.targets);
    case 'write-tags':
      return writeTags(aws, step);
    case 'create-placeholder':
      return createPlaceholder(aws, step);
    case 'delete-target-group':
      return deleteTargetGroup(aws, step);
  }
}

/**
 * Sends a step to its cluster. With `dryRun` it is a rehearsal (dryRun=All): nothing is changed by
 * it. The answer is the server's object, where it gives one.
 */
export function sendStep(
  world: World,
  step: ClusterStep,
  o: { readonly dryRun: boolean },
): Promise<Reading<unknown>> {
  const kube = clientOf(world, step.cluster);
  switch (step.kind) {
    case 'annotate-service':
      return annotateService(kube, step, o);
    case 'create-service':
      return createService(kube, step.document, o);
    case 'apply-binding':
      return applyBinding(kube, step.document, { force: step.force, ...o });
    case 'set-flag':
      return setFlag(kube, step, o);
    case 'delete-binding':
      return deleteBinding(kube, step, o);
    case 'delete-service':
      return deleteService(kube, step, o);
    case 'remove-finalizer':
      return removeFinalizer(kube, step, o);
    case 'delete-tracked':
      return deleteTracked(kube, step, o);
    case 'reset-checkpoint':
      return resetCheckpoint(kube, step, o);
    case 'patch-service':
      return patchService(kube, step, o);
    case 'patch-binding':
      return patchBinding(kube, step, o);
    case 'restart-controller':
      return restartController(kube, step, o);
  }
}
