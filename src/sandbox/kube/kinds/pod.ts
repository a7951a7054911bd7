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

interface Toleration {
  readonly key?: string;
  readonly effect?: string;
  readonly tolerationSeconds?: number;
}

const tolerates = ({ key = '', effect = '' }: Toleration, taint: string): boolean =>
  ['', taint].includes(key) && ['', 'NoExecute'].includes(effect);

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
  const { activeDeadlineSeconds: now } = object.spec;
  const { activeDeadlineSeconds: was } = old.spec;
  const deadline = 'spec.activeDeadlineSeconds';
  const faults: FieldError[] = [];
  if (was !== undefined && now === undefined)
    faults.push(badValue(deadline, null, 'must not update from a positive integer to nil value'));
  else if (was < now)
    return [badValue(deadline, now, 'must be less than or equal to previous value')];
  const timeless = (one: Toleration): object => ({ ...one, tolerationSeconds: 0 });
  const tolerated = ((object.spec.tolerations ?? []) as Toleration[]).map(timeless);
  for (const one of (old.spec.tolerations ?? []) as Toleration[])
    if (!tolerated.some((other) => sameJson(other, timeless(one)))) {
      const why = 'existing toleration can not be modified except its tolerationSeconds';
      faults.push(notAllowed('spec.tolerations', why));
    }
  const assigned = old.spec.nodeName ? undefined : object.spec.nodeName;
  if (sameJson(fixedPart(old, assigned), fixedPart(object))) return faults;
  const why =
    'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';
  return [...faults, notAllowed('spec', why)];
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
    // Before it was refused, a negative one meant the least.
    if (spec.terminationGracePeriodSeconds < 0) spec.terminationGracePeriodSeconds = 1;
    // Limits are requests where nothing else is said, of a pod and not of a template.
    for (const { resources } of [...(spec.containers ?? []), ...(spec.initContainers ?? [])])
      if (resources?.limits) resources.requests = { ...resources.limits, ...resources.requests };
    spec.enableServiceLinks ??= true;
    if (!old) object.status = { phase: 'Pending', ...object.status };
    // Source: kubernetes pkg/apis/core/v1/conversion.go.
    const { podIP, podIPs = [] } = object.status ?? {};
    if (podIP && podIPs[0]?.ip !== podIP) object.status.podIPs = [{ ip: podIP }];
    else if (!podIP && podIPs.length > 0) object.status.podIP = podIPs[0].ip;
  },
  prepare(object, old) {
    const { spec } = object;
    // Set by the admission plugins ServiceAccount (of a new pod), Priority and DefaultTolerationSeconds.
    if (!old) spec.serviceAccountName ??= 'default';
    if (spec.serviceAccountName) spec.serviceAccount ??= spec.serviceAccountName;
    spec.priority ??= 0;
    spec.preemptionPolicy ??= 'PreemptLowerPriority';
    const given: readonly Toleration[] = spec.tolerations ?? [];
    const missing = ['not-ready', 'unreachable']
      .map((taint) => `node.kubernetes.io/${taint}`)
      .filter((key) => !given.some((one) => tolerates(one, key)));
    if (missing.length > 0) spec.tolerations = [...given, ...missing.map(toleration)];
    if (!old) object.status.qosClass ??= qosClass(spec.containers ?? []);
  },
  validate(object, old) {
    const faults = [...podSpecFaults(object.spec, 'spec'), ...imageFaults(object)];
    return old ? [...faults, ...changeFaults(object, old)] : faults;
  },
};
