import type { KindRules } from './kind-rules.ts';

/** Source: kubernetes pkg/registry/core/namespace/strategy.go. */
export const namespaceRules: KindRules = {
  defaults(object, old) {
    object.metadata.labels = {
      ...object.metadata.labels,
      'kubernetes.io/metadata.name': object.metadata.name,
    };
    // Held by the namespace controller until the last object inside is gone.
    object.spec = old?.spec ?? { finalizers: ['kubernetes'] };
    object.status ??= { phase: 'Active' };
  },
};
