import { bindingKind, flavourOf } from '../model/flavours.ts';
import { asksForSharing, multiClusterAnnotation } from '../model/annotations.ts';
import { advice, type Hint, kubectlHint, noted, targetsHint } from '../model/hint.ts';
import type { WriteStep } from './plan.ts';

const ENDS_SHARING = 'only while no other cluster has joined: it deregisters their targets';

/**
 * What takes a step back, where no command of nlbmc's does. Taking the flag off, or making a binding
 * exclusive again, deregisters everybody else's targets: the comment behind it says so. What cannot
 * be undone is said in a sentence.
 */
export function undoOf(step: WriteStep): Hint {
  switch (step.kind) {
    case 'annotate-service': {
      const { cluster, service, before, after } = step;
      const words = Object.keys(after)
        .filter((key) => before[key] !== after[key])
        .map((key) => (before[key] === undefined ? `${key}-` : `${key}=${before[key]}`));
      const command = kubectlHint(
        { context: cluster, namespace: service.namespace },
        'annotate',
        'service',
        service.name,
        '--overwrite',
        ...words,
      );
      const keepsFlag = !(multiClusterAnnotation in after) || asksForSharing(before);
      return keepsFlag ? command : noted(command, ENDS_SHARING);
    }
    case 'create-service':
      return kubectlHint(
        { context: step.cluster, namespace: step.document.metadata.namespace },
        'delete',
        'service',
        step.document.metadata.name,
      );
    case 'apply-binding': {
      const { cluster, document, changes } = step;
      const where = { context: cluster, namespace: document.metadata.namespace };
      const kind = bindingKind(flavourOf(document.apiVersion) ?? 'lbc');
      if (changes.length === 0) {
        return kubectlHint(where, 'delete', kind, document.metadata.name);
      }
      const spec = Object.fromEntries(
        changes.map(({ path, before }) => [path.replace(/^spec\./, ''), before ?? null]),
      );
      const command = kubectlHint(
        where,
        'patch',
        kind,
        document.metadata.name,
        '--type=merge',
        '-p',
        JSON.stringify({ spec }),
      );
      return 'multiClusterTargetGroup' in spec ? noted(command, ENDS_SHARING) : command;
    }
    case 'set-flag': {
      const command = kubectlHint(
        { context: step.cluster, namespace: step.binding.namespace },
        'patch',
        bindingKind(step.binding.flavour),
        step.binding.name,
        '--type=merge',
        '-p',
        JSON.stringify({ spec: { multiClusterTargetGroup: !step.flag } }),
      );
      return step.flag ? noted(command, ENDS_SHARING) : command;
    }
    case 'delete-binding':
      return step.undo;
    case 'delete-service':
      return advice(
        `Apply the manifest of Service ${step.service.namespace}/${step.service.name} again, or join with --create-service.`,
      );
    case 'deregister-targets':
      return targetsHint('register', step.targetGroupArn, step.targets);
    case 'remove-finalizer':
      return advice('This cannot be undone: the binding no longer exists.');
    case 'delete-tracked':
      return advice(
        'This cannot be undone. The controller writes the ConfigMap again for a binding that exists.',
      );
    case 'reset-checkpoint':
      return advice('There is nothing to undo: the controller writes the checkpoint again.');
  }
}
