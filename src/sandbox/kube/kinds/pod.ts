import { notAllowed, required } from '../names.ts';
import { copyOf, sameJson } from '../object.ts';
import type { KubeObject } from '../object.ts';
import type { FieldError } from '../status-error.ts';
import type { KindRules } from './kind-rules.ts';
import { podSpecDefaults } from './pod-defaults.ts';

interface PodSpec {
  containers?: { name?: string; image?: string }[];
}

/** What is wrong with a pod's or a template's spec found at `field`. */
export function podSpecFaults(spec: PodSpec | undefined, field: string): FieldError[] {
  if (!spec?.containers?.length) return [required(`${field}.containers`)];
  const faults: FieldError[] = [];
  const seen = new Set<string>();
  for (const [i, container] of spec.containers.entries()) {
    const at = `${field}.containers[${i}]`;
    if (!container.name) faults.push(required(`${at}.name`));
    else if (seen.has(container.name))
      faults.push({
        field: `${at}.name`,
        message: `Duplicate value: "${container.name}"`,
        reason: 'FieldValueDuplicate',
      });
    seen.add(container.name ?? '');
    if (!container.image) faults.push(required(`${at}.image`));
  }
  return faults;
}

/** The parts of a pod's spec that never change; nodeName is set once, by the scheduler. */
function fixedPart(pod: KubeObject, nodeName?: string): unknown {
  const spec = copyOf(pod.spec);
  for (const container of [...spec.containers, ...(spec.initContainers ?? [])])
    delete container.image;
  for (const field of ['activeDeadlineSeconds', 'terminationGracePeriodSeconds', 'tolerations'])
    delete spec[field];
  return { ...spec, nodeName: nodeName ?? spec.nodeName };
}

function toleration(key: string): object {
  return { key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 };
}

/** Source: kubernetes pkg/apis/core/v1/defaults.go, pkg/registry/core/pod/strategy.go. */
export const podRules: KindRules = {
  defaults(object, old) {
    if (!object.spec) return;
    podSpecDefaults(object.spec);
    object.spec.enableServiceLinks ??= true;
    object.spec.serviceAccountName ??= 'default';
    object.spec.serviceAccount ??= object.spec.serviceAccountName;
    object.spec.priority ??= 0;
    object.spec.preemptionPolicy ??= 'PreemptLowerPriority';
    // Added by the DefaultTolerationSeconds admission plugin.
    object.spec.tolerations ??= ['not-ready', 'unreachable'].map((taint) =>
      toleration(`node.kubernetes.io/${taint}`),
    );
    if (!old) object.status = { phase: 'Pending', qosClass: 'BestEffort', ...object.status };
  },
  validate(object, old) {
    const faults = podSpecFaults(object.spec, 'spec');
    if (faults.length > 0 || !old) return faults;
    const assigned = old.spec.nodeName ? undefined : object.spec.nodeName;
    if (!sameJson(fixedPart(old, assigned), fixedPart(object)))
      faults.push(
        notAllowed(
          'spec',
          'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)',
        ),
      );
    return faults;
  },
};
