import type { Webhook } from '../../kube/cluster/admission.ts';
import type { KubeCluster } from '../../kube/cluster/cluster.ts';
import type { KubeObject } from '../../kube/object.ts';
import type { ResourceKey } from '../../kube/resources.ts';
import { chartLabels, NAMESPACE } from './installation.ts';

/** Both configurations of the chart have this name (helm/…/templates/webhook.yaml). */
export const CONFIGURATION = 'aws-load-balancer-webhook';

export const configurationKinds = [
  'MutatingWebhookConfiguration',
  'ValidatingWebhookConfiguration',
] as const;

export const configurationKey = (kind: string): ResourceKey =>
  `${kind.toLowerCase()}s.admissionregistration.k8s.io`;

const kindOf = ({ kind }: Webhook): string =>
  kind === 'mutating' ? 'MutatingWebhookConfiguration' : 'ValidatingWebhookConfiguration';

function entryOf({ name, resource, operations }: Webhook): Record<string, unknown> {
  const [plural = '', ...group] = resource.split('.');
  return {
    name,
    admissionReviewVersions: ['v1beta1'],
    clientConfig: {
      service: {
        name: `${CONFIGURATION}-service`,
        namespace: NAMESPACE,
        path: `/${name}`,
        port: 443,
      },
    },
    failurePolicy: 'Fail',
    matchPolicy: 'Equivalent',
    rules: [
      {
        apiGroups: [group.join('.')],
        apiVersions: [group.length > 0 ? 'v1beta1' : 'v1'],
        operations: [...operations],
        resources: [plural],
        scope: '*',
      },
    ],
    sideEffects: 'None',
    timeoutSeconds: 10,
  };
}

/** The objects by which the chart registers the webhooks. */
export const webhookConfigurations = (
  hooks: readonly Webhook[],
  version: string,
): readonly (KubeObject & { kind: string })[] =>
  configurationKinds.map((kind) => ({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind,
    metadata: { name: CONFIGURATION, labels: chartLabels(version) },
    webhooks: hooks.filter((hook) => kindOf(hook) === kind).map(entryOf),
  }));

/** The failure policy of a webhook in the present configuration; undefined: none names it. */
export function policyOf(cluster: KubeCluster, hook: Webhook): 'Fail' | 'Ignore' | undefined {
  const found = cluster.get(configurationKey(kindOf(hook)), '', CONFIGURATION);
  const entries = (found?.['webhooks'] ?? []) as { name: string; failurePolicy?: string }[];
  const entry = entries.find(({ name }) => name === hook.name);
  return entry && (entry.failurePolicy === 'Ignore' ? 'Ignore' : 'Fail');
}
