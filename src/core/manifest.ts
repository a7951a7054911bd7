import type { KubeDocument, Plan } from './plan.ts';

/**
 * The documents to apply, in order, for `-o manifest`: exactly what the steps of the plan write.
 * For an annotated Service that is its name, its namespace and the two annotations, merged.
 */
export const manifestOf = (plan: Plan): readonly KubeDocument[] =>
  plan.steps.map((step) =>
    step.kind === 'annotate-service'
      ? {
          apiVersion: 'v1',
          kind: 'Service',
          metadata: { ...step.service, annotations: step.after },
        }
      : step.document,
  );
