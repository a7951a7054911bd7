import type { KindRules } from './kind-rules.ts';

/** Source: kubernetes pkg/registry/core/namespace/strategy.go. */
export const namespaceRules: KindRules = {
  defaults(object) {
    object.metadata.labels = {
      ...object.metadata.labels,
      'kubernetes.io/metadata.name': object.metadata.name,
    };
    object.status = { phase: 'Active', ...object.status };
  },
  prepare(object, old) {
    // Held by the namespace controller until the last object inside is gone.
    object.spec = old?.spec ?? { finalizers: ['kubernetes'] };
  },
};
