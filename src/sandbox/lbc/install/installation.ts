import type { KubeObject } from '../../kube/object.ts';
import { containerArgs } from '../process/flags.ts';
import type { LbcFlags } from '../process/flags.ts';

export const NAME = 'aws-load-balancer-controller';
export const NAMESPACE = 'kube-system';

/** Labels of the controller's pods. */
export const SELECTOR = { 'app.kubernetes.io/instance': NAME, 'app.kubernetes.io/name': NAME };

/** The ServiceAccount that the chart makes. */
export function serviceAccount(version: string): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: NAME, namespace: NAMESPACE, labels: chartLabels(version) },
  };
}

/** The Deployment that the chart makes (helm/aws-load-balancer-controller/templates/deployment.yaml). */
export function deployment(o: {
  readonly version: string;
  readonly clusterName: string;
  readonly vpcId: string;
  readonly flags: LbcFlags;
}): KubeObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name: NAME,
      namespace: NAMESPACE,
      labels: chartLabels(o.version),
      annotations: {
        'meta.helm.sh/release-name': NAME,
        'meta.helm.sh/release-namespace': NAMESPACE,
      },
    },
    spec: {
      replicas: 2,
      revisionHistoryLimit: 10,
      selector: { matchLabels: SELECTOR },
      template: {
        metadata: { labels: SELECTOR },
        spec: {
          serviceAccountName: NAME,
          containers: [
            {
              name: NAME,
              image: `public.ecr.aws/eks/${NAME}:${o.version}`,
              args: containerArgs(o.clusterName, o.vpcId, o.flags),
              ports: [
                { name: 'webhook-server', containerPort: 9443, protocol: 'TCP' },
                { name: 'metrics-server', containerPort: 8080, protocol: 'TCP' },
              ],
            },
          ],
          terminationGracePeriodSeconds: 10,
        },
      },
    },
  };
}

/** Labels of everything that the chart makes. */
export function chartLabels(version: string): Record<string, string> {
  return {
    'app.kubernetes.io/instance': NAME,
    'app.kubernetes.io/managed-by': 'Helm',
    'app.kubernetes.io/name': NAME,
    'app.kubernetes.io/version': version,
    'helm.sh/chart': `${NAME}-${chartVersion(version)}`,
  };
}

/** Chart 1.x brings the controller 2.x; from 3.0 on the numbers are equal. */
function chartVersion(version: string): string {
  const number = version.replace(/^v/, '');
  return number.startsWith('2.') ? `1.${number.slice(2)}` : number;
}
