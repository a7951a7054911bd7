import { multiClusterAnnotation, asksForSharing } from '../model/annotations.ts';
import { kubectl, targetsCommand } from '../model/commands.ts';
import type { WriteStep } from './plan.ts';

/**
 * The command that takes a step back. Taking the flag off, or making a binding exclusive again,
 * deregisters everybody else's targets: the comment behind it says so. Of what cannot be taken back
 * there is a comment alone.
 */
export function undoOf(step: WriteStep): string {
  switch (step.kind) {
    case 'annotate-service': {
      const { cluster, service, before, after } = step;
      const words = Object.keys(after)
        .filter((key) => before[key] !== after[key])
        .map((key) => (before[key] === undefined ? `${key}-` : `${key}=${before[key]}`));
      const command = kubectl(
        { context: cluster, namespace: service.namespace },
        'annotate',
        'service',
        service.name,
        '--overwrite',
        ...words,
      );
      const keepsFlag = !(multiClusterAnnotation in after) || asksForSharing(before);
      return keepsFlag
        ? command
        : `${command}   # only while no other cluster has joined: it deregisters their targets`;
    }
    case 'create-service':
      return kubectl(
        { context: step.cluster, namespace: step.document.metadata.namespace },
        'delete',
        'service',
        step.document.metadata.name,
      );
    case 'apply-binding': {
      const { cluster, document, changes } = step;
      const where = { context: cluster, namespace: document.metadata.namespace };
      if (changes.length === 0) {
        return kubectl(where, 'delete', 'targetgroupbinding', document.metadata.name);
      }
      const spec = Object.fromEntries(
        changes.map(({ path, before }) => [path.replace(/^spec\./, ''), before ?? null]),
      );
      const command = kubectl(
        where,
        'patch',
        'targetgroupbinding',
        document.metadata.name,
        '--type=merge',
        '-p',
        JSON.stringify({ spec }),
      );
      return 'multiClusterTargetGroup' in spec
        ? `${command}   # only while no other cluster has joined: it deregisters their targets`
        : command;
    }
    case 'delete-binding':
      return step.undo;
    case 'delete-service':
      return `# apply the manifest of Service ${step.service.namespace}/${step.service.name} again, or join with --create-service`;
    case 'deregister-targets':
      return targetsCommand('register', step.targetGroupArn, step.targets);
    case 'remove-finalizer':
      return '# it cannot be taken back: the binding is gone';
    case 'delete-tracked':
      return '# it cannot be taken back; a controller writes its ConfigMap anew for a binding that it has';
    case 'reset-checkpoint':
      return '# nothing to take back: the controller writes the checkpoint anew';
  }
}
