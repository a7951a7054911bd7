import { badFormat, badValue, duplicate, notAllowed, required } from '../faults.ts';
import { labelValue, qualifiedName } from '../formats.ts';
import { copyOf } from '../object.ts';
import type { KindRules } from './kind-rules.ts';
import { effectFaults } from './pod-spec-faults.ts';

interface Taint {
  readonly key?: string;
  readonly value?: string;
  readonly effect?: string;
}

/** Source: kubernetes pkg/apis/core/validation/validation.go, validateNodeTaints and ValidateNodeUpdate. */
export const nodeRules: KindRules = {
  defaults(object) {
    const { status } = object;
    if (status?.capacity) status.allocatable ??= copyOf(status.capacity);
  },
  validate({ spec }, old) {
    const taints: readonly Taint[] = spec?.taints ?? [];
    // At `metadata`, as upstream has it.
    const faults = taints.flatMap(({ key = '', value = '', effect }, i) => {
      const at = `metadata.taints[${i}]`;
      const same = taints.findIndex((one) => one.key === key && one.effect === effect);
      return [
        ...badFormat(`${at}.key`, key, qualifiedName),
        ...labelValue(value).map((why) => badValue(`${at}.value`, value, why)),
        ...(effect ? effectFaults(`${at}.effect`, effect) : [required(`${at}.effect`)]),
        ...(same < i ? [duplicate(at, taints[i])] : []),
      ];
    });
    const was = old?.spec?.providerID;
    if (!was || was === spec?.providerID) return faults;
    const why = 'node updates may not change providerID except from "" to valid';
    return [...faults, notAllowed('spec.providerID', why)];
  },
};
