import { badValue, required } from '../names.ts';
import { sameJson } from '../object.ts';
import type { KubeObject } from '../object.ts';
import { matchesLabels } from '../selectors.ts';
import type { FieldError } from '../status-error.ts';
import { podSpecDefaults } from './pod-defaults.ts';
import { podSpecFaults } from './pod.ts';
import type { KindRules } from './kind-rules.ts';

function templateFaults(object: KubeObject, old?: KubeObject): FieldError[] {
  const { spec } = object;
  if (!spec) return [required('spec')];
  const faults: FieldError[] = [];
  const labels = spec.template?.metadata?.labels ?? {};
  if (!spec.selector) faults.push(required('spec.selector'));
  else if (old && !sameJson(old.spec.selector, spec.selector))
    faults.push(badValue('spec.selector', spec.selector, 'field is immutable'));
  if (spec.selector && !matchesLabels(spec.selector, labels))
    faults.push(
      badValue(
        'spec.template.metadata.labels',
        labels,
        '`selector` does not match template `labels`',
      ),
    );
  if (spec.replicas < 0)
    faults.push(badValue('spec.replicas', spec.replicas, 'must be greater than or equal to 0'));
  return [...faults, ...podSpecFaults(spec.template?.spec, 'spec.template.spec')];
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
  validate: templateFaults,
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
