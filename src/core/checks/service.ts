import { serviceFinalizer } from '../model/annotations.ts';
import { failing, skipped, type Check } from '../plan/check.ts';
import { describeObject, eventsOfService, kubectl, nlbmc } from '../model/commands.ts';
import { nameText, ownBindings } from '../observed/enrollment.ts';
import type { ClusterView, ObjectName, Service } from '../model/kubernetes.ts';
import type { Observed } from '../observed/observed.ts';
import type { Problem } from '../model/problem.ts';
import { listed, nearest } from '../model/words.ts';

/** A Service that was read, in its cluster: what is asked of the primary's, whoever asks. */
export interface ServiceCase {
  readonly observed: Observed;
  readonly cluster: ClusterView;
  readonly service: Service;
}

/** The Service is not there: the names most like it are listed, a likely slip in the hint. */
export function serviceMissing(
  cluster: ClusterView,
  name: ObjectName,
  retry: (name: string) => string,
): Problem {
  const near = nearest(name.name, cluster.serviceNames);
  return {
    code: 'service-missing',
    message: `There is no Service ${nameText(name)} in ${cluster.context}${
      near.length > 0
        ? `; there ${near.length === 1 ? 'is' : 'are'} ${listed(near.map((one) => one.name))}`
        : ''
    }.`,
    // A name that is nothing like it is no advice: it is rather in another namespace or cluster.
    hint: near[0]?.near
      ? retry(near[0].name)
      : kubectl({ context: cluster.context }, 'get', 'services', '--all-namespaces'),
    cluster: cluster.context,
  };
}

const staying: Check<ServiceCase> = {
  id: 'service-terminating',
  severity: 'blocker',
  run: ({ cluster, service }) =>
    failing(
      service.terminating
        ? [
            {
              code: 'service-terminating',
              message: `Service ${nameText(service)} in ${cluster.context} is being deleted, and a Service cannot be un-deleted.`,
              hint: describeObject(cluster.context, 'service', service),
              cluster: cluster.context,
            },
          ]
        : [],
    ),
};

const served: Check<ServiceCase> = {
  id: 'service-not-lbc',
  severity: 'blocker',
  run({ cluster, service }) {
    // Not `type: LoadBalancer`: LBC also serves NodePort, and leaves other classes alone.
    const isLbc =
      service.finalizers.includes(serviceFinalizer) || ownBindings(cluster, service).length > 0;
    return failing(
      isLbc
        ? []
        : [
            {
              code: 'service-not-lbc',
              message: `Service ${nameText(service)} in ${cluster.context} (type ${service.type}${
                service.loadBalancerClass === undefined
                  ? ''
                  : `, class ${service.loadBalancerClass}`
              }) is not served by the AWS Load Balancer Controller: it has neither its finalizer nor a binding.`,
              hint: describeObject(cluster.context, 'service', service),
              cluster: cluster.context,
            },
          ],
    );
  },
};

const bound: Check<ServiceCase> = {
  id: 'bindings-missing',
  severity: 'blocker',
  run({ cluster, service }) {
    const bindings = ownBindings(cluster, service).filter(({ terminating }) => !terminating);
    if (bindings.length === 0 && !service.finalizers.includes(serviceFinalizer)) {
      return skipped('The Service is not one of the controller.');
    }
    const without = service.ports.filter(
      ({ port, name }) =>
        !bindings.some(({ servicePort }) => servicePort === port || servicePort === name),
    );
    return failing(
      without.length === 0 && service.ports.length > 0
        ? []
        : [
            {
              code: 'bindings-missing',
              message: `The controller of ${cluster.context} has made no TargetGroupBinding yet for port ${listed(
                without.map(({ port }) => String(port)),
              )} of Service ${nameText(service)}.`,
              hint: eventsOfService(cluster.context, service),
              cluster: cluster.context,
            },
          ],
    );
  },
};

const tcp: Check<ServiceCase> = {
  id: 'protocol-unsupported',
  severity: 'blocker',
  run({ observed, cluster, service }) {
    const ports = service.ports
      .filter(({ protocol }) => protocol !== 'TCP')
      .map(({ port, protocol }) => `port ${port} is ${protocol}`);
    const groups = ownBindings(cluster, service).flatMap((binding) => {
      const group = observed.targetGroups[binding.targetGroupArn];
      const protocol = group?.ok ? group.value.protocol : binding.protocol;
      return protocol === undefined || protocol === 'TCP'
        ? []
        : [`the target group of port ${binding.servicePort} speaks ${protocol}`];
    });
    return failing(
      [ports, groups].flat().length === 0
        ? []
        : [
            {
              code: 'protocol-unsupported',
              message: `This version of nlbmc handles TCP only, and of Service ${nameText(service)} ${listed(
                [...ports, ...groups],
              )}.`,
              hint: nlbmc('show', service, '--context', cluster.context),
              cluster: cluster.context,
            },
          ],
    );
  },
};

/** What has to be true of the primary's Service before anything is done about it. */
export const serviceChecks: readonly Check<ServiceCase>[] = [staying, served, bound, tcp];
