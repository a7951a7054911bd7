import { groupChecks } from './groups.ts';
import { twinPortChecks } from './twin-ports.ts';
import { aboutService, type ServiceCase } from './service-case.ts';
import { managerOf } from '../model/annotations.ts';
import { isLetGo } from '../model/service-settings.ts';
import { type Check, check, skipped } from '../plan/check.ts';
import {
  advice,
  describeHint,
  editServiceHint,
  type Hint,
  kubectlHint,
  serviceEventsHint,
} from '../model/hint.ts';
import { accepting, disableHint } from '../model/nlbmc-hints.ts';
import { ownBindings } from '../observed/enrollment.ts';
import { nameText, type ObjectName, type Service } from '../model/kubernetes.ts';
import type { ClusterView } from '../model/cluster-view.ts';
import type { Problem } from '../model/problem.ts';
import { listed, nearest } from '../model/words.ts';

/** The Service does not exist: the message lists the most similar names, the hint has a likely typing error. */
export function serviceMissing(
  cluster: ClusterView,
  name: ObjectName,
  retry: (name: string) => Hint,
): Problem {
  const near = nearest(name.name, cluster.serviceNames);
  return {
    code: 'service-missing',
    message: `There is no Service ${nameText(name)} in ${cluster.context}${
      near.length > 0
        ? `; there ${near.length === 1 ? 'is' : 'are'} ${listed(near.map((one) => one.name))}`
        : ''
    }.`,
    // A name that is not similar is no advice: the Service is probably in another namespace or cluster.
    hints: [
      near[0]?.near
        ? retry(near[0].name)
        : kubectlHint({ context: cluster.context }, 'get', 'services', '--all-namespaces'),
    ],
    about: { cluster: cluster.context, service: name },
  };
}

/**
 * Nothing keeps the Service: what is left is to let it go. Deletion protection, which holds its
 * controller up, is turned off by `disable`, and only while no other cluster needs the load balancer.
 */
const staying = check<ServiceCase>('service-terminating', 'blocker', (subject) => {
  const { observed, cluster, service } = subject;
  if (!service.terminating) return undefined;
  const others = observed.clusters.filter((one) => one !== cluster).map(({ context }) => context);
  return {
    message: `Service ${nameText(service)} in ${cluster.context} is being deleted. This cannot be undone.`,
    about: aboutService(subject),
    hints: [
      accepting(
        disableHint(service, [cluster.context, ...others], { allowDeletion: true }),
        'its load balancer is deleted with it',
      ),
    ],
  };
});

/**
 * Whether the controller makes a load balancer for the Service. Not `type: LoadBalancer`: LBC also
 * serves NodePort, and leaves other classes alone.
 */
export const isServed = (cluster: ClusterView, service: Service): boolean =>
  managerOf(service) !== undefined || ownBindings(cluster, service).length > 0;

const served = check<ServiceCase>('service-not-lbc', 'blocker', (subject) => {
  const { cluster, service } = subject;
  const { type, loadBalancerClass: className } = service;
  if (isLetGo(service)) {
    return {
      message: `Service ${nameText(service)} in ${cluster.context} (type ${type}) has no load balancer class any more: at its next reconcile the controller deletes the load balancer and the target groups that all clusters share. Deletion protection in the attributes annotation only delays it.`,
      about: aboutService(subject),
      hints: [editServiceHint(cluster.context, service)],
    };
  }
  if (isServed(cluster, service)) return undefined;
  return {
    message: `Service ${nameText(service)} in ${cluster.context} (type ${type}${
      className === undefined ? '' : `, class ${className}`
    }) has no load balancer of the AWS Load Balancer Controller, and no TargetGroupBinding is for it.`,
    about: aboutService(subject),
    hints: [
      describeHint(cluster.context, 'service', service),
      advice(
        'To bind the Service to a load balancer that no cluster owns, use join with --load-balancer.',
      ),
    ],
  };
});

const bound = check<ServiceCase>('bindings-missing', 'blocker', (subject) => {
  const { cluster, service } = subject;
  const bindings = ownBindings(cluster, service).filter(({ terminating }) => !terminating);
  if (bindings.length === 0 && managerOf(service) === undefined) {
    return skipped('The Service does not belong to the controller.');
  }
  const without = service.ports.filter(
    ({ port, name }) =>
      !bindings.some(({ servicePort }) => servicePort === port || servicePort === name),
  );
  if (without.length === 0 && service.ports.length > 0) return undefined;
  const ports = listed(without.map(({ port }) => String(port)));
  return {
    message: `The controller of ${cluster.context} has made no TargetGroupBinding yet for port ${ports} of Service ${nameText(service)}.`,
    about: aboutService(subject),
    hints: [serviceEventsHint(cluster.context, service)],
  };
});

/** What has to be true of the primary's Service before a command changes anything. */
export const serviceChecks: readonly Check<ServiceCase>[] = [
  staying,
  served,
  bound,
  ...groupChecks,
  ...twinPortChecks,
];
