import type { ClusterView } from '../model/cluster-view.ts';
import { advice, kubectlHint } from '../model/hint.ts';
import { type ControllerDeployment, nameText } from '../model/kubernetes.ts';
import { known, type Reading, unknown } from '../model/problem.ts';

/** The controllers that watch the namespace. */
export const watching = (
  namespace: string,
  deployments: readonly ControllerDeployment[],
): readonly ControllerDeployment[] =>
  deployments.filter(
    ({ watchNamespace }) => watchNamespace === undefined || watchNamespace === namespace,
  );

/**
 * The one Deployment of the controller that looks after a namespace. Problem `controller-missing`: there is
 * none, as with EKS Auto Mode; `several-controllers`: it cannot be told which of several it is.
 */
export function theController(
  { context, controller }: ClusterView,
  namespace: string,
): Reading<ControllerDeployment> {
  if (!controller.ok) return controller;
  const able = watching(namespace, controller.value.deployments);
  const [only] = able;
  if (only && able.length === 1) return known(only);
  const about = { cluster: context };
  if (!only) {
    return unknown({
      code: 'controller-missing',
      message: `No Deployment of the AWS Load Balancer Controller in ${context} watches namespace ${namespace}.`,
      about,
      hints: [
        kubectlHint(
          { context },
          'get',
          'deployments',
          '-A',
          '-l',
          'app.kubernetes.io/name=aws-load-balancer-controller',
        ),
      ],
    });
  }
  return unknown({
    code: 'several-controllers',
    message: `${context} has ${able.length} Deployments of the AWS Load Balancer Controller that watch namespace ${namespace}: it cannot be told which one manages the Service.`,
    about,
    details: able.map(nameText),
    hints: [advice('Let one controller watch the namespace: two of them act against each other.')],
  });
}
