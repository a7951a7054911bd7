import type { KindRules } from './kind-rules.ts';

/** Source: kubernetes pkg/apis/discovery/v1/defaults.go. */
export const endpointSliceRules: KindRules = {
  defaults(object) {
    object.endpoints ??= [];
    for (const port of object.ports ?? []) {
      port.name ??= '';
      port.protocol ??= 'TCP';
    }
  },
};
