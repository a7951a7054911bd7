import { badFormat, badValue, duplicate, labelFaults, required, unsupported } from '../faults.ts';
import { dnsLabel, dnsSubdomain, labelValue, qualifiedName } from '../formats.ts';
import type { Format } from '../formats.ts';
import type { FieldError } from '../status-error.ts';
import { containerFaults, type Container } from './container-faults.ts';

interface Toleration {
  readonly key?: string;
  readonly operator?: string;
  readonly value?: string;
  readonly effect?: string;
  readonly tolerationSeconds?: number;
}

/** A pod's spec, or a template's, as far as it is judged. */
export interface PodSpec {
  readonly containers?: readonly Container[] | null;
  readonly initContainers?: readonly Container[];
  readonly volumes?: readonly { readonly name?: string }[];
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly readinessGates?: readonly { readonly conditionType: string }[];
  readonly tolerations?: readonly Toleration[];
  readonly activeDeadlineSeconds?: number;
  readonly [field: string]: unknown;
}

const ENUMS: Readonly<Record<string, readonly string[]>> = {
  restartPolicy: ['Always', 'OnFailure', 'Never'],
  dnsPolicy: ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'],
};
const TEXTS: Readonly<Record<string, Format>> = {
  serviceAccountName: dnsSubdomain,
  nodeName: dnsSubdomain,
  hostname: dnsLabel,
  subdomain: dnsLabel,
  priorityClassName: dnsSubdomain,
};
const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

/** The effect of a taint or a toleration. */
export function effectFaults(field: string, effect: string): FieldError[] {
  return EFFECTS.includes(effect) ? [] : [unsupported(field, effect, EFFECTS)];
}

function tolerationFaults(toleration: Toleration, at: string): FieldError[] {
  const { key = '', operator = '', value = '', effect = '' } = toleration;
  const faults = key ? badFormat(`${at}.key`, key, qualifiedName) : [];
  if (!key && operator !== 'Exists')
    faults.push(
      badValue(
        `${at}.operator`,
        operator,
        'operator must be Exists when `key` is empty, which means "match all values and all keys"',
      ),
    );
  if (toleration.tolerationSeconds !== undefined && effect !== 'NoExecute')
    faults.push(
      badValue(
        `${at}.effect`,
        effect,
        "effect must be 'NoExecute' when `tolerationSeconds` is set",
      ),
    );
  const wrong = labelValue(value).join(';');
  if (['', 'Equal'].includes(operator)) {
    if (wrong) faults.push(badValue(`${at}.operator`, value, wrong));
  } else if (operator !== 'Exists')
    faults.push(unsupported(`${at}.operator`, operator, ['Equal', 'Exists']));
  else if (value)
    faults.push(
      badValue(`${at}.operator`, value, "value must be empty when `operator` is 'Exists'"),
    );
  return [...faults, ...(effect ? effectFaults(`${at}.effect`, effect) : [])];
}

function volumeFaults(spec: PodSpec, at: string): FieldError[] {
  const names = (spec.volumes ?? []).map(({ name }) => name);
  return (spec.volumes ?? []).flatMap((volume, i) => [
    ...(volume.name
      ? badFormat(`${at}[${i}].name`, volume.name, dnsLabel)
      : [required(`${at}[${i}].name`)]),
    ...(volume.name && names.indexOf(volume.name) < i
      ? [duplicate(`${at}[${i}].name`, volume.name)]
      : []),
  ]);
}

function containersFaults(spec: PodSpec, at: string): FieldError[] {
  const { initContainers = [] } = spec;
  const containers = spec.containers ?? [];
  if (containers.length === 0) return [required(`${at}.containers`)];
  const volumes = new Set((spec.volumes ?? []).flatMap(({ name }) => (name ? [name] : [])));
  const seen = new Set<string>();
  const each = (list: readonly Container[], field: string, init: boolean): FieldError[] =>
    list.flatMap((container, i) => {
      const here = `${at}.${field}[${i}]`;
      const { name = '' } = container;
      const again = seen.has(name) && !(init && name === '');
      seen.add(name);
      return [
        ...containerFaults(container, { at: here, volumes, init }),
        ...(again ? [duplicate(`${here}.name`, name)] : []),
      ];
    });
  return [
    ...each(containers, 'containers', false),
    ...each(initContainers, 'initContainers', true),
  ];
}

/**
 * What is wrong with a pod's or a template's spec found at `at`. Source: kubernetes
 * pkg/apis/core/validation/validation.go, ValidatePodSpec; what is not practised here is not judged.
 */
export function podSpecFaults(given: PodSpec | undefined, at: string): FieldError[] {
  const spec = given ?? {};
  const { activeDeadlineSeconds: deadline } = spec;
  return [
    ...volumeFaults(spec, `${at}.volumes`),
    ...containersFaults(spec, at),
    ...Object.entries(ENUMS).flatMap(([field, values]) => {
      const value = spec[field];
      return value === undefined || values.includes(value as string)
        ? []
        : [unsupported(`${at}.${field}`, value, values)];
    }),
    ...Object.entries(TEXTS).flatMap(([field, format]) => {
      const value = spec[field];
      return value === undefined ? [] : badFormat(`${at}.${field}`, value as string, format);
    }),
    ...labelFaults(`${at}.nodeSelector`, spec.nodeSelector),
    ...(spec.readinessGates ?? []).flatMap(({ conditionType }, i) =>
      badFormat(`${at}.readinessGates[${i}].conditionType`, conditionType, qualifiedName),
    ),
    ...(deadline !== undefined && deadline < 1
      ? [
          badValue(
            `${at}.activeDeadlineSeconds`,
            deadline,
            'must be between 1 and 2147483647, inclusive',
          ),
        ]
      : []),
    ...(spec.tolerations ?? []).flatMap((one, i) =>
      tolerationFaults(one, `${at}.tolerations[${i}]`),
    ),
  ];
}
