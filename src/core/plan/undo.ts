import { bindingKind, flavourOf } from '../model/flavours.ts';
import { asksForSharing, multiClusterAnnotation } from '../model/annotations.ts';
import { advice, awsHint, type Hint, kubectlHint, noted, targetsHint } from '../model/hint.ts';
import type { ObjectName } from '../model/kubernetes.ts';
import { patchBack } from './patch-back.ts';
import type { WriteStep } from './plan.ts';

type StepOf<Kind extends WriteStep['kind']> = Extract<WriteStep, { kind: Kind }>;

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
    case 'patch-service':
      return undoPatch(step, 'service', step.service, step.subresource);
    case 'patch-binding':
      return undoPatch(step, bindingKind(step.binding.flavour), step.binding);
    case 'restart-controller':
      return advice('There is nothing to undo: the pods of the controller are new.');
    case 'write-tags':
      return undoTags(step);
    case 'create-placeholder':
      return advice(
        `Delete target group ${step.name}: it has no tags, no targets and no listener.`,
      );
    case 'delete-target-group':
      return advice(`There is nothing to undo: target group ${step.name} served nothing.`);
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

/** The patch with the values of before. What only a controller may put back is left to it. */
function undoPatch(
  { cluster, changes }: StepOf<'patch-service' | 'patch-binding'>,
  kind: string,
  { namespace, name }: ObjectName,
  subresource?: string,
): Hint {
  const patch = patchBack(changes);
  if (patch === undefined) {
    return advice('This cannot be undone by hand: the controller puts its finalizer back itself.');
  }
  return kubectlHint(
    { context: cluster, namespace },
    'patch',
    kind,
    name,
    ...(subresource === undefined ? [] : [`--subresource=${subresource}`]),
    '--type=merge',
    '-p',
    JSON.stringify(patch),
  );
}

/** The tags of before, as the aws CLI writes them. */
function undoTags({ of, region, resources, set, remove, before }: StepOf<'write-tags'>): Hint {
  const keys = [...Object.keys(set), ...remove];
  const added = keys.filter((key) => before[key] === undefined);
  const back = keys.flatMap((key) => {
    const value = before[key];
    return value === undefined ? [] : [`Key=${key},Value=${value}`];
  });
  const ec2 = of === 'security-group';
  const where = ec2 ? ['--resources', ...resources] : ['--resource-arns', ...resources];
  if (back.length === 0) {
    const words = ec2
      ? ['ec2', 'delete-tags', ...where, '--tags', ...added.map((key) => `Key=${key}`)]
      : ['elbv2', 'remove-tags', ...where, '--tag-keys', ...added];
    return awsHint([...words, '--region', region]);
  }
  const command = awsHint([
    ...(ec2 ? ['ec2', 'create-tags'] : ['elbv2', 'add-tags']),
    ...where,
    '--tags',
    ...back,
    '--region',
    region,
  ]);
  return added.length === 0 ? command : noted(command, `and remove ${added.join(', ')}`);
}
