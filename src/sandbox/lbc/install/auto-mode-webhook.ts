import type { KubeObject } from '../../kube/object.ts';
import type { Webhook } from '../../kube/cluster/admission.ts';

/**
 * The object by which EKS registers the webhooks of its controller: seen in clusters of others, with
 * hooks for Services and pods. Whether it has one for bindings is not documented: none here.
 */
export function autoModeWebhookConfiguration(hooks: readonly Webhook[]): KubeObject {
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingWebhookConfiguration',
    metadata: { name: 'eks-load-balancing-webhook' },
    webhooks: hooks.map(({ name, path = '/', resource, operations }) => ({
      name,
      admissionReviewVersions: ['v1'],
      clientConfig: { url: `https://127.0.0.1:9443${path}` },
      failurePolicy: 'Ignore',
      matchPolicy: 'Equivalent',
      rules: [
        {
          apiGroups: [''],
          apiVersions: ['v1'],
          operations: [...operations],
          resources: [resource],
          scope: '*',
        },
      ],
      sideEffects: 'None',
      timeoutSeconds: 10,
    })),
  };
}
