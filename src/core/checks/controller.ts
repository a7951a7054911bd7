import { failing, skipped, type Check } from '../plan/check.ts';
import { kubectl, shellWord } from '../model/commands.ts';
import { nameText } from '../model/kubernetes.ts';
import type { ClusterView, ControllerDeployment, Flavour } from '../model/kubernetes.ts';
import { isBefore } from '../model/version.ts';
import { listed } from '../model/words.ts';

/** The first version with multi-cluster target groups. */
export const firstMultiCluster = '2.10.0';

/** A cluster whose controller shall act on a namespace. */
export interface ControllerCase {
  readonly cluster: ClusterView;
  readonly namespace: string;
  readonly flavour: Flavour;
}

const autoMode = 'EKS Auto Mode runs its controller outside the cluster.';

/** The controllers that watch the namespace. */
const watching = (
  { namespace }: ControllerCase,
  deployments: readonly ControllerDeployment[],
): readonly ControllerDeployment[] =>
  deployments.filter(
    ({ watchNamespace }) => watchNamespace === undefined || watchNamespace === namespace,
  );

/** How the controller is upgraded where its chart installed it. */
export const upgradeController = (context: string, namespace = 'kube-system'): string =>
  `helm upgrade aws-load-balancer-controller eks/aws-load-balancer-controller --kube-context ${shellWord(context)} -n ${namespace} --reuse-values   # and its CRDs: helm does not upgrade them`;

/** How the CRDs are upgraded. */
export const upgradeDefinitions = (context: string): string =>
  `${kubectl({ context }, 'apply', '-k', 'github.com/aws/eks-charts/stable/aws-load-balancer-controller/crds?ref=master')}   # helm does not upgrade CRDs`;

const versionText = ({ version }: ControllerDeployment): string => version ?? 'unknown version';

/** A controller that watches the namespace has a ready replica. */
export const controllerRuns: Check<ControllerCase> = {
  id: 'controller-missing',
  severity: 'blocker',
  run(subject) {
    const { cluster, namespace, flavour } = subject;
    if (flavour === 'auto-mode') return skipped(autoMode);
    if (!cluster.controller.ok) return skipped(cluster.controller.problem.message);
    const { deployments } = cluster.controller.value;
    const [first] = deployments;
    if (!first) return skipped(`No Deployment of the controller was found in ${cluster.context}.`);
    const able = watching(subject, deployments);
    if (able.length === 0) {
      return failing([
        {
          code: 'controller-missing',
          message: `The AWS Load Balancer Controller of ${cluster.context} watches only namespace ${first.watchNamespace}, not ${namespace}.`,
          hint: kubectl(
            { context: cluster.context, namespace: first.namespace },
            'edit',
            `deployment/${first.name}`,
          ),
          cluster: cluster.context,
        },
      ]);
    }
    if (able.some(({ readyReplicas }) => readyReplicas > 0)) return failing([]);
    return failing(
      able.slice(0, 1).map((deployment) => ({
        code: 'controller-missing',
        message: `The AWS Load Balancer Controller of ${cluster.context} is not running: Deployment ${nameText(deployment)} has no ready replica.`,
        hint: kubectl(
          { context: cluster.context, namespace: deployment.namespace },
          'rollout',
          'status',
          `deployment/${deployment.name}`,
        ),
        cluster: cluster.context,
      })),
    );
  },
};

const newEnough: Check<ControllerCase> = {
  id: 'controller-too-old',
  severity: 'blocker',
  run(subject) {
    const { cluster, flavour } = subject;
    if (flavour === 'auto-mode') return skipped(autoMode);
    if (!cluster.controller.ok) return skipped(cluster.controller.problem.message);
    const able = watching(subject, cluster.controller.value.deployments);
    // A new CRD lets the flag pass, and an old controller then ignores it: the echo cannot tell.
    const old = able.filter(
      ({ version }) => version !== undefined && isBefore(version, firstMultiCluster) === true,
    );
    if (old.length > 0) {
      return failing([
        {
          code: 'controller-too-old',
          message: `The AWS Load Balancer Controller of ${cluster.context} is ${listed(old.map(versionText))}; multi-cluster target groups came with ${firstMultiCluster}.`,
          hint: upgradeController(cluster.context, old[0]?.namespace),
          cluster: cluster.context,
        },
      ]);
    }
    return able.some(({ version }) => version !== undefined && isBefore(version, '0.0') === false)
      ? failing([])
      : skipped(`The version of the controller in ${cluster.context} was not found.`);
  },
};

const fieldInSchema: Check<ControllerCase> = {
  id: 'field-stripped',
  severity: 'blocker',
  run({ cluster, flavour }) {
    if (flavour === 'auto-mode') return skipped(autoMode);
    if (!cluster.crdMultiCluster.ok) return skipped(cluster.crdMultiCluster.problem.message);
    return failing(
      cluster.crdMultiCluster.value
        ? []
        : [
            {
              code: 'field-stripped',
              message: `The CRD targetgroupbindings.elbv2.k8s.aws of ${cluster.context} does not know multiClusterTargetGroup, so the API server drops it.`,
              hint: upgradeDefinitions(cluster.context),
              cluster: cluster.context,
            },
          ],
    );
  },
};

const testedFlavour: Check<ControllerCase> = {
  id: 'flavour-unverified',
  severity: 'caution',
  run({ cluster, flavour }) {
    return failing(
      flavour === 'lbc'
        ? []
        : [
            {
              code: 'flavour-unverified',
              message: `${cluster.context} uses EKS Auto Mode (eks.amazonaws.com/v1), which this version of nlbmc has not been tested with.`,
              cluster: cluster.context,
            },
          ],
    );
  },
};

/** What has to be true of a controller before something multi-cluster is asked of it. */
export const controllerChecks: readonly Check<ControllerCase>[] = [
  controllerRuns,
  newEnough,
  fieldInSchema,
  testedFlavour,
];
