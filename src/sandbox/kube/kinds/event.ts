import { badValue, required } from '../faults.ts';
import type { KindRules } from './kind-rules.ts';

/** Source: kubernetes pkg/apis/core/validation/events.go, legacyValidateEvent. */
export const eventRules: KindRules = {
  validate({ metadata, involvedObject, eventTime, ...event }) {
    const namespace: string = involvedObject?.namespace ?? '';
    const clusterWide = eventTime ? ['default', 'kube-system'] : ['default'];
    const fits =
      namespace === ''
        ? clusterWide.includes(metadata.namespace ?? '')
        : Boolean(eventTime) || namespace === metadata.namespace;
    const faults = fits
      ? []
      : [badValue('involvedObject.namespace', namespace, 'does not match event.namespace')];
    if (!eventTime) return faults;
    const needed = ['reportingComponent', 'reportingInstance', 'action', 'reason'];
    return [...faults, ...needed.filter((field) => !event[field]).map((field) => required(field))];
  },
};
