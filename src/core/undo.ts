import { multiClusterAnnotation, parseFlag } from './annotations.ts';
import { kubectl } from './commands.ts';
import type { Step } from './plan.ts';

/**
 * The command that takes a step back. Taking the flag off, or making a binding exclusive again,
 * deregisters everybody else's targets: the comment behind it says so.
 */
export function undoOf(step: Step): string {
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
      return parseFlag(before[multiClusterAnnotation] ?? '') === true
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
  }
}
