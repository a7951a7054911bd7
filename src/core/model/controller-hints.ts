import { kubectlHint, noted, type ToolHint } from './hint.ts';

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
