import { describeHint, kubectlHint, noted, type ToolHint } from './hint.ts';
import type { ControllerDeployment } from './kubernetes.ts';

/** As many as the chart of the controller has (`helm/aws-load-balancer-controller/values.yaml`). */
const chartReplicas = 2;

/**
 * What makes a controller without a ready replica run again: a Deployment that was scaled to 0 is
 * scaled up; of any other the description tells why its pods are not ready. Not `rollout status`: it
 * calls a Deployment fine that was scaled to 0.
 */
export const startController = (context: string, deployment: ControllerDeployment): ToolHint =>
  deployment.replicas === 0
    ? kubectlHint(
        { context, namespace: deployment.namespace },
        'scale',
        `deployment/${deployment.name}`,
        `--replicas=${chartReplicas}`,
      )
    : describeHint(context, 'deployment', deployment);

/** How a Deployment is told that no replica is ready, and whether none is required. */
export const notReadyText = ({ replicas }: ControllerDeployment): string =>
  replicas === 0 ? 'is scaled to 0' : 'has no ready replica';

/** How the controller is upgraded where its chart installed it. */
export const upgradeController = (context: string, namespace = 'kube-system'): ToolHint => ({
  kind: 'tool',
  argv: [
    'helm',
    'upgrade',
    'aws-load-balancer-controller',
    'eks/aws-load-balancer-controller',
    '--kube-context',
    context,
    '-n',
    namespace,
    '--reuse-values',
  ],
  note: 'and its CRDs: helm does not upgrade them',
});

/** How the CRDs are upgraded. */
export const upgradeDefinitions = (context: string): ToolHint =>
  noted(
    kubectlHint(
      { context },
      'apply',
      '-k',
      'github.com/aws/eks-charts/stable/aws-load-balancer-controller/crds?ref=master',
    ),
    'helm does not upgrade CRDs',
  );
