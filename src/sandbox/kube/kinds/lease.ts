import { badValue } from '../faults.ts';
import type { KindRules } from './kind-rules.ts';

/** Source: kubernetes pkg/apis/coordination/validation/validation.go, ValidateLeaseSpec. */
export const leaseRules: KindRules = {
  validate({ spec = {} }) {
    const { leaseDurationSeconds: duration, leaseTransitions: transitions } = spec;
    return [
      ...(duration !== undefined && duration <= 0
        ? [badValue('spec.leaseDurationSeconds', duration, 'must be greater than 0')]
        : []),
      ...(transitions !== undefined && transitions < 0
        ? [badValue('spec.leaseTransitions', transitions, 'must be greater than or equal to 0')]
        : []),
    ];
  },
  // The feature gate CoordinatedLeaderElection is off (pkg/registry/coordination/lease/strategy.go).
  prepare({ spec }) {
    delete spec?.strategy;
    delete spec?.preferredHolder;
  },
};
