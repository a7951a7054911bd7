import { badFormat, badValue, labelFaults, notAllowed, required, unsupported } from '../faults.ts';
import { labelValue, percent, qualifiedName } from '../formats.ts';
import { sameJson } from '../object.ts';
import type { KubeObject } from '../object.ts';
import { matchesLabels } from '../selectors.ts';
import type { LabelSelector } from '../selectors.ts';
import type { FieldError } from '../status-error.ts';
import { podSpecDefaults } from './pod-defaults.ts';
import { podSpecFaults } from './pod-spec-faults.ts';
import { negativeFaults } from './probe-faults.ts';
import type { KindRules } from './kind-rules.ts';

const OPERATORS = ['In', 'NotIn', 'Exists', 'DoesNotExist'];

/** Source: apimachinery pkg/apis/meta/v1/validation/validation.go, ValidateLabelSelector. */
function selectorFaults(selector: LabelSelector, at: string): FieldError[] {
  const { matchLabels, matchExpressions = [] } = selector;
  return [
    ...labelFaults(`${at}.matchLabels`, matchLabels),
    ...matchExpressions.flatMap(({ key, operator, values = [] }, i) => {
      const here = `${at}.matchExpressions[${i}]`;
      const faults = badFormat(`${here}.key`, key, qualifiedName);
      if (!OPERATORS.includes(operator))
        faults.push(badValue(`${here}.operator`, operator, 'not a valid selector operator'));
      else if (operator.endsWith('In') && values.length === 0)
        faults.push(
          required(`${here}.values`, "must be specified when `operator` is 'In' or 'NotIn'"),
        );
      else if (!operator.endsWith('In') && values.length > 0)
        faults.push(
          notAllowed(
            `${here}.values`,
            "may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
          ),
        );
      return [
        ...faults,
        ...values.flatMap((value, n) => badFormat(`${here}.values[${n}]`, value, labelValue)),
      ];
    }),
  ];
}

function matches(selector: LabelSelector | null, labels: Record<string, string>): boolean {
  return selector !== null && matchesLabels(selector, labels);
}

/** Source: kubernetes pkg/apis/apps/validation/validation.go, ValidatePodTemplateSpecForReplicaSet. */
function templateFaults({ kind, spec }: KubeObject, old?: KubeObject): FieldError[] {
  const at = 'spec.template';
  const template = spec.template ?? {};
  const labels = template.metadata?.labels;
  const { selector } = spec;
  const faults: FieldError[] = [];
  if (!selector) faults.push(required('spec.selector'));
  else {
    faults.push(...selectorFaults(selector, 'spec.selector'));
    if (Object.values<object>(selector).every((part) => Object.keys(part).length === 0))
      faults.push(
        badValue('spec.selector', selector, `empty selector is invalid for ${kind.toLowerCase()}`),
      );
  }
  if (old && !sameJson(old.spec.selector, selector))
    faults.push(badValue('spec.selector', selector, 'field is immutable'));
  // What cannot be read is not compared (LabelSelectorAsSelector).
  const unreadable = selector?.matchExpressions?.some(
    ({ operator }: { operator: string }) => !OPERATORS.includes(operator),
  );
  if (unreadable) return [...faults, badValue('spec.selector', selector, 'invalid label selector')];
  if (!matches(selector ?? null, labels ?? {}))
    faults.push(
      badValue(`${at}.metadata.labels`, labels, '`selector` does not match template `labels`'),
    );
  const { restartPolicy: restart, activeDeadlineSeconds: deadline } = template.spec ?? {};
  if (restart !== undefined && restart !== 'Always')
    faults.push(unsupported(`${at}.spec.restartPolicy`, restart, ['Always']));
  if (deadline !== undefined)
    faults.push(
      notAllowed(
        `${at}.spec.activeDeadlineSeconds`,
        'activeDeadlineSeconds in ReplicaSet is not Supported',
      ),
    );
  return [
    ...faults,
    ...labelFaults(`${at}.labels`, template.metadata?.labels),
    ...podSpecFaults(template.spec, `${at}.spec`),
    ...['replicas', 'minReadySeconds', 'revisionHistoryLimit', 'progressDeadlineSeconds'].flatMap(
      (field) => negativeFaults(`spec.${field}`, spec[field]),
    ),
  ];
}

type Step = number | string;

/** As Go prints it, without the names of JSON. */
const goStruct = (rolling?: Record<string, Step>): object | null =>
  rolling ? { MaxUnavailable: rolling.maxUnavailable ?? 0, MaxSurge: rolling.maxSurge ?? 0 } : null;

const isZero = (step: Step): boolean => Number.parseInt(String(step), 10) === 0;

/** Source: kubernetes pkg/apis/apps/validation/validation.go, ValidateDeploymentStrategy. */
function strategyFaults({ spec }: KubeObject): FieldError[] {
  const { type, rollingUpdate } = spec.strategy;
  const at = 'spec.strategy.rollingUpdate';
  if (!['Recreate', 'RollingUpdate'].includes(type))
    return [
      unsupported('spec.strategy', { Type: type, RollingUpdate: goStruct(rollingUpdate) }, [
        'Recreate',
        'RollingUpdate',
      ]),
    ];
  if (type === 'Recreate')
    return rollingUpdate
      ? [notAllowed(at, "may not be specified when strategy `type` is 'Recreate'")]
      : [];
  const { maxSurge, maxUnavailable } = rollingUpdate as Record<string, Step>;
  const faults = Object.entries({ maxSurge, maxUnavailable }).flatMap(([field, step]) =>
    typeof step === 'string'
      ? badFormat(`${at}.${field}`, step, percent)
      : negativeFaults(`${at}.${field}`, step),
  );
  if (isZero(maxSurge!) && isZero(maxUnavailable!))
    faults.push(
      badValue(`${at}.maxUnavailable`, maxUnavailable, 'may not be 0 when `maxSurge` is 0'),
    );
  if (/^\d+%$/.test(String(maxUnavailable)) && Number.parseInt(String(maxUnavailable), 10) > 100)
    faults.push(badValue(`${at}.maxUnavailable`, maxUnavailable, 'must not be greater than 100%'));
  return faults;
}

function deploymentFaults(object: KubeObject, old?: KubeObject): FieldError[] {
  const { progressDeadlineSeconds: deadline, minReadySeconds: ready = 0 } = object.spec;
  return [
    ...templateFaults(object, old),
    ...strategyFaults(object),
    ...(deadline <= ready
      ? [badValue('spec.progressDeadlineSeconds', deadline, 'must be greater than minReadySeconds')]
      : []),
  ];
}

/** Source: kubernetes pkg/apis/apps/v1/defaults.go, pkg/apis/apps/validation/validation.go. */
export const deploymentRules: KindRules = {
  defaults(object) {
    const { spec } = object;
    if (!spec) return;
    spec.replicas ??= 1;
    spec.revisionHistoryLimit ??= 10;
    spec.progressDeadlineSeconds ??= 600;
    spec.strategy ??= {};
    spec.strategy.type ??= 'RollingUpdate';
    if (spec.strategy.type === 'RollingUpdate')
      spec.strategy.rollingUpdate = {
        maxSurge: '25%',
        maxUnavailable: '25%',
        ...spec.strategy.rollingUpdate,
      };
    if (spec.template?.spec) podSpecDefaults(spec.template.spec);
    object.status ??= {};
  },
  validate: deploymentFaults,
};

export const replicaSetRules: KindRules = {
  defaults(object) {
    const { spec } = object;
    if (!spec) return;
    spec.replicas ??= 1;
    if (spec.template?.spec) podSpecDefaults(spec.template.spec);
    object.status ??= { replicas: 0 };
  },
  validate: templateFaults,
};
