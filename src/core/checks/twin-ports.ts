import { check, type Check, type Wrong } from '../plan/check.ts';
import { editServiceHint, kubectlHint, noted } from '../model/hint.ts';
import { nameText, type ServicePort } from '../model/kubernetes.ts';
import { valueOf } from '../model/problem.ts';
import { carriedBy } from '../model/protocols.ts';
import { portKey, portOf } from '../model/service-ports.ts';
import { listed } from '../model/words.ts';
import type { ClusterView } from '../model/cluster-view.ts';
import type { TargetType } from '../model/kubernetes.ts';
import { endpointPort } from '../observed/eligibility.ts';
import { ownBindings } from '../observed/enrollment.ts';
import { trafficPort } from '../observed/networking.ts';
import { aboutService, type ServiceCase } from './service-case.ts';

/** Merges two ports of one number into a TCP_UDP listener (`pkg/annotations/constants.go`). */
const mergeAnnotation = 'service.beta.kubernetes.io/aws-load-balancer-enable-tcp-udp-listener';

/**
 * Where traffic of both protocols arrives, as far as it differs: of pods by what their EndpointSlices
 * say, since two ports with names of their own may be one number; of nodes, and without pods, as the
 * Service says. Empty: at one port.
 */
export function differentPorts(
  { endpoints }: Pick<ClusterView, 'endpoints'>,
  serviceName: string,
  targetType: TargetType,
  both: readonly [ServicePort, ServicePort],
): readonly (number | string)[] {
  const read = endpoints[serviceName];
  const pods = (read && targetType === 'ip' && valueOf(read)) || [];
  const seen = pods.flatMap((pod) => {
    const [one, other] = both.map((port) => endpointPort(pod, port));
    return one !== undefined && other !== undefined && one !== other ? [[one, other]] : [];
  });
  if (seen[0]) return seen[0];
  const written = both.map((port) => trafficPort(port, targetType));
  const numbers = written.filter((port) => typeof port === 'number');
  return pods.length === 0 && numbers.length === 2 && numbers[0] !== numbers[1] ? numbers : [];
}

/** The ports of a Service whose number is two ports, with the group that its controller made for the number. */
function twins({ observed, cluster, service }: ServiceCase) {
  return ownBindings(cluster, service).flatMap((binding) => {
    const read = observed.targetGroups[binding.targetGroupArn];
    const own = portOf(service, binding.servicePort);
    const both = service.ports.filter(({ port }) => port === own?.port);
    const [first, second] = both;
    return read?.ok && first && second ? [{ group: read.value, first, second, both }] : [];
  });
}

/**
 * The controller makes one listener for each number. Of two ports it takes the first one, and tells
 * nothing about the other, unless it merges them (`pkg/service/model_build_listener.go`).
 */
const carried = check<ServiceCase>('port-unserved', 'caution', (subject) => {
  const { cluster, service } = subject;
  return twins(subject).flatMap(({ group, both }): readonly Wrong[] => {
    const protocols: readonly string[] = carriedBy(group.protocol);
    if (protocols.length === 0) return [];
    return both
      .filter(({ protocol }) => !protocols.includes(protocol))
      .map((port) => ({
        message: `No target group carries port ${portKey(port)} of Service ${nameText(service)} in ${cluster.context}: the controller makes one listener for each number, and its target group uses ${group.protocol}.`,
        about: { ...aboutService(subject), port: portKey(port) },
        hints: [
          noted(
            kubectlHint(
              { context: cluster.context, namespace: service.namespace },
              'annotate',
              'service',
              service.name,
              `${mergeAnnotation}=true`,
            ),
            'merges both ports into a TCP_UDP listener; controller v2.13 or newer',
          ),
        ],
      }));
  });
});

/** The group sends both protocols to the port of the Service port that the binding names. */
const onePort = check<ServiceCase>('target-ports-differ', 'caution', (subject) => {
  const { cluster, service } = subject;
  return twins(subject).flatMap(({ group, first, second }): readonly Wrong[] => {
    const { targetType } = group;
    if (targetType !== 'ip' && targetType !== 'instance') return [];
    if (carriedBy(group.protocol).length < 2) return [];
    const name = nameText(service);
    const numbers = differentPorts(cluster, name, targetType, [first, second]);
    if (numbers.length === 0) return [];
    const what = targetType === 'ip' ? 'target ports' : 'node ports';
    return [
      {
        message: `Ports ${portKey(first)} and ${portKey(second)} of Service ${name} in ${cluster.context} have the ${what} ${listed(numbers.map(String))}. The target group uses ${group.protocol}, and sends both protocols to one of them.`,
        about: { ...aboutService(subject), port: first.port },
        hints: [editServiceHint(cluster.context, service)],
      },
    ];
  });
});

/** What has to be true of two ports with one number, in the Service that made the load balancer. */
export const twinPortChecks: readonly Check<ServiceCase>[] = [carried, onePort];
