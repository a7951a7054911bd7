import { check, skipped, type Check, skippedUnread } from '../plan/check.ts';
import {
  notReadyText,
  startController,
  upgradeController,
  upgradeDefinitions,
} from '../model/controller-hints.ts';
import { untested } from './auto-mode.ts';
import { flavours } from '../model/flavours.ts';
import { advice, kubectlHint } from '../model/hint.ts';
import { nameText } from '../model/kubernetes.ts';
import type { ControllerDeployment, Flavour } from '../model/kubernetes.ts';
import type { ClusterView } from '../model/cluster-view.ts';
import { watching } from '../observed/the-controller.ts';
import { isBefore } from '../model/version.ts';
import { listed } from '../model/words.ts';

/** The first version with multi-cluster target groups. */
export const firstMultiCluster = '2.10.0';

/** A cluster whose controller has to act in a namespace. */
export interface ControllerCase {
  readonly cluster: ClusterView;
  readonly namespace: string;
  readonly flavour: Flavour;
}

const autoMode = 'EKS Auto Mode runs its controller outside the cluster.';

const versionText = ({ version }: ControllerDeployment): string => version ?? 'unknown version';

/** A controller that watches the namespace has a ready replica. */
export const controllerRuns = check<ControllerCase>(
  'controller-missing',
  'blocker',
  ({ cluster, namespace, flavour }) => {
    const about = { cluster: cluster.context };
    if (flavour === 'auto-mode') return skipped(autoMode);
    if (!cluster.controller.ok) return skippedUnread(cluster.controller.problem);
    const { deployments } = cluster.controller.value;
    const [first] = deployments;
    if (!first) return skipped(`No Deployment of the controller was found in ${cluster.context}.`);
    const able = watching(namespace, deployments);
    if (able.length === 0) {
      return {
        message: `The AWS Load Balancer Controller of ${cluster.context} watches only namespace ${first.watchNamespace}, not ${namespace}.`,
        about,
        hints: [
          kubectlHint(
            { context: cluster.context, namespace: first.namespace },
            'edit',
            `deployment/${first.name}`,
          ),
        ],
      };
    }
    if (able.some(({ readyReplicas }) => readyReplicas > 0)) return undefined;
    return able.slice(0, 1).map((deployment) => ({
      message: `The AWS Load Balancer Controller of ${cluster.context} is not running: Deployment ${nameText(deployment)} ${notReadyText(deployment)}.`,
      about,
      hints: [startController(cluster.context, deployment)],
    }));
  },
);

/** Its version has multi-cluster target groups. */
export const controllerNewEnough = check<ControllerCase>(
  'controller-too-old',
  'blocker',
  ({ cluster, namespace, flavour }) => {
    if (flavour === 'auto-mode') return skipped(autoMode);
    if (!cluster.controller.ok) return skippedUnread(cluster.controller.problem);
    const able = watching(namespace, cluster.controller.value.deployments);
    // With a new CRD the API server keeps the flag, but an old controller ignores it: the echo does not show that.
    const old = able.filter(
      ({ version }) => version !== undefined && isBefore(version, firstMultiCluster) === true,
    );
    if (old.length > 0) {
      return {
        message: `The AWS Load Balancer Controller of ${cluster.context} is ${listed(old.map(versionText))}; multi-cluster target groups need ${firstMultiCluster} or later.`,
        about: { cluster: cluster.context },
        hints: [upgradeController(cluster.context, old[0]?.namespace)],
      };
    }
    return able.some(({ version }) => version !== undefined && isBefore(version, '0.0') === false)
      ? undefined
      : skipped(`The version of the controller in ${cluster.context} was not found.`);
  },
);

/** Multi-cluster target groups came on 2026-08-05 (EKS user guide, auto-change). */
const awaitDefinitions = advice(
  'EKS updates this CRD itself. Update the cluster, or ask AWS Support for multi-cluster target groups in EKS Auto Mode.',
);

/** The CRD has the field, so that the API server keeps it. */
export const fieldInSchema = check<ControllerCase>(
  'field-stripped',
  'blocker',
  ({ cluster: { context, crdMultiCluster, servedFlavours = [] }, flavour }) => {
    // Where both are served, what was read is the other one's definition.
    if (flavour === 'auto-mode' && servedFlavours.includes('lbc')) {
      return skipped(`The definition of EKS Auto Mode in ${context} was not read.`);
    }
    if (!crdMultiCluster.ok) return skippedUnread(crdMultiCluster.problem);
    if (crdMultiCluster.value) return undefined;
    return {
      message: `The CRD targetgroupbindings.${flavours[flavour].group} of ${context} does not have the field multiClusterTargetGroup, so the API server drops it.`,
      about: { cluster: context },
      hints: [flavour === 'lbc' ? upgradeDefinitions(context) : awaitDefinitions],
    };
  },
);

const testedFlavour = check<ControllerCase>(
  'flavour-unverified',
  'caution',
  ({ cluster: { context }, flavour }) =>
    flavours[flavour].tested ? undefined : untested([context]),
);

/** What has to be true of a controller before something multi-cluster is required of it. */
export const controllerChecks: readonly Check<ControllerCase>[] = [
  controllerRuns,
  controllerNewEnough,
  fieldInSchema,
  testedFlavour,
];
