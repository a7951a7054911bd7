import { advice } from '../model/hint.ts';
import { nameText } from '../model/kubernetes.ts';
import type { ClusterView } from '../model/cluster-view.ts';
import { type Problem, valueOf } from '../model/problem.ts';
import { eventLines, serviceWarnings } from '../observed/events.ts';
import type { Observed } from '../observed/observed.ts';

/**
 * What the controller reports when it cannot give a Service's load balancer what the Service requires
 * (pkg/k8s/events.go). It retries, at most 17 minutes apart, and each attempt renews the event.
 */
const failures = new Set(['FailedBuildModel', 'FailedDeployModel']);

/**
 * The controller of the primary cannot reconcile the Service: everything may serve as it
 * is, and nothing that changes there from now on reaches the load balancer. None where events could
 * not be read: that is a skip.
 */
export function reconcileFailed(observed: Observed, primary: ClusterView): readonly Problem[] {
  const { service } = observed;
  const warnings = serviceWarnings(primary, valueOf(primary.service) ?? service).filter(
    ({ reason }) => failures.has(reason),
  );
  if (warnings.length === 0) return [];
  return [
    {
      code: 'reconcile-failed',
      message: `The controller of ${primary.context} cannot reconcile Service ${nameText(service)}: changes of the Service do not reach the load balancer.`,
      details: eventLines(warnings, observed.at),
      hints: [
        advice(
          'The owner of the Service must correct what the message names. The controller tries again by itself.',
        ),
      ],
      about: { cluster: primary.context, service },
    },
  ];
}
