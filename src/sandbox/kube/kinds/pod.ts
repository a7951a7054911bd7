import { badValue, notAllowed, required } from '../faults.ts';
import { copyOf, sameJson } from '../object.ts';
import type { KubeObject } from '../object.ts';
import type { FieldError } from '../status-error.ts';
import type { KindRules } from './kind-rules.ts';
import { podSpecDefaults } from './pod-defaults.ts';
import { podSpecFaults } from './pod-spec-faults.ts';
import { qosClass } from './resource-faults.ts';

/** The parts of a pod's spec that never change; nodeName is set once, by the scheduler. */
function fixedPart(pod: KubeObject, nodeName?: string): unknown {
  const spec = copyOf(pod.spec);
  for (const container of [...spec.containers, ...(spec.initContainers ?? [])])
    delete container.image;
  for (const field of ['activeDeadlineSeconds', 'tolerations', 'schedulingGates'])
    delete spec[field];
  return { ...spec, nodeName: nodeName ?? spec.nodeName };
}

function toleration(key: string): object {
  return { key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 };
}

/** Images must be there, and nothing may be padded, in pods that are no template (ValidateContainerUpdates). */
function imageFaults(pod: KubeObject): FieldError[] {
  return ['containers', 'initContainers'].flatMap((field) =>
    (pod.spec[field] ?? []).flatMap(({ image }: { image?: string }, i: number) => {
      const at = `spec.${field}[${i}].image`;
      if (!image) return [required(at)];
      return image.trim() === image
        ? []
        : [badValue(at, image, 'must not have leading or trailing whitespace')];
    }),
  );
}

function changeFaults(object: KubeObject, old: KubeObject): FieldError[] {
  for (const field of ['containers', 'initContainers'])
    if ((object.spec[field] ?? []).length !== (old.spec[field] ?? []).length)
      return [notAllowed(`spec.${field}`, 'pod updates may not add or remove containers')];
  const assigned = old.spec.nodeName ? undefined : object.spec.nodeName;
  if (sameJson(fixedPart(old, assigned), fixedPart(object))) return [];
  const why =
    'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';
  return [notAllowed('spec', why)];
}

/**
 * Source: kubernetes pkg/apis/core/v1/defaults.go, pkg/registry/core/pod/strategy.go,
 * pkg/apis/core/validation/validation.go.
 */
export const podRules: KindRules = {
  defaults(object, old) {
    const { spec } = object;
    if (!spec) return;
    podSpecDefaults(spec);
    // Limits are requests where nothing else is said, of a pod and not of a template.
    for (const { resources } of [...(spec.containers ?? []), ...(spec.initContainers ?? [])])
      if (resources?.limits) resources.requests = { ...resources.limits, ...resources.requests };
    spec.enableServiceLinks ??= true;
    if (!old) object.status = { phase: 'Pending', ...object.status };
  },
  prepare(object, old) {
    const { spec } = object;
    // Set by the admission plugins ServiceAccount (of a new pod), Priority and DefaultTolerationSeconds.
    if (!old) spec.serviceAccountName ??= 'default';
    if (spec.serviceAccountName) spec.serviceAccount ??= spec.serviceAccountName;
    spec.priority ??= 0;
    spec.preemptionPolicy ??= 'PreemptLowerPriority';
    spec.tolerations ??= ['not-ready', 'unreachable'].map((taint) =>
      toleration(`node.kubernetes.io/${taint}`),
    );
    if (!old) object.status.qosClass ??= qosClass(spec.containers ?? []);
  },
  validate(object, old) {
    const faults = [...podSpecFaults(object.spec, 'spec'), ...imageFaults(object)];
    return old ? [...faults, ...changeFaults(object, old)] : faults;
  },
};
