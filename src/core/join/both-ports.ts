import { check, type Wrong } from '../plan/check.ts';
import { kubectlHint } from '../model/hint.ts';
import { nameText, type ServicePort } from '../model/kubernetes.ts';
import { valueOf } from '../model/problem.ts';
import { portKey } from '../model/service-ports.ts';
import { listed } from '../model/words.ts';
import { endpointPort } from '../observed/eligibility.ts';
import { trafficPort } from '../observed/networking.ts';
import type { JoinCase, JoinPort } from './join-port.ts';

/**
 * Where traffic of both protocols arrives, as far as it differs: of pods by what their EndpointSlices
 * say, since two ports with names of their own may be one number; of nodes, and without pods, as the
 * Service says.
 */
function different(
  { joining, localService }: JoinCase,
  { targetType }: JoinPort,
  both: readonly [ServicePort, ServicePort],
): readonly (number | string)[] {
  const endpoints = joining.endpoints[nameText(localService)];
  const pods = (endpoints && targetType === 'ip' && valueOf(endpoints)) || [];
  const seen = pods.flatMap((pod) => {
    const [one, other] = both.map((port) => endpointPort(pod, port));
    return one !== undefined && other !== undefined && one !== other ? [[one, other]] : [];
  });
  if (seen[0]) return seen[0];
  const written = both.map((port) => trafficPort(port, targetType));
  const numbers = written.filter((port) => typeof port === 'number');
  return pods.length === 0 && numbers.length === 2 && numbers[0] !== numbers[1] ? numbers : [];
}

/**
 * A TCP_UDP target group sends both protocols to one port of a target, and the controller registers
 * the port of the one Service port that the binding names
 * (`pkg/service/model_build_listener.go`, `pkg/backend/endpoint_resolver.go`).
 */
export const onePort = check<JoinCase>('target-ports-differ', 'blocker', (subject) => {
  const { ports, localService, joining } = subject;
  return ports.flatMap((port): readonly Wrong[] => {
    const { localPort, beside } = port;
    if (!localPort || !beside) return [];
    const numbers = different(subject, port, [localPort, beside]);
    if (numbers.length === 0) return [];
    const what = port.targetType === 'ip' ? 'target ports' : 'node ports';
    return [
      {
        message: `Ports ${portKey(localPort)} and ${portKey(beside)} of Service ${nameText(localService)} in ${joining.context} have the ${what} ${listed(numbers.map(String))}. The target group uses TCP_UDP, so both protocols need one of them.`,
        about: {
          cluster: joining.context,
          service: { namespace: localService.namespace, name: localService.name },
          port: port.port,
        },
        hints: [
          kubectlHint(
            { context: joining.context, namespace: localService.namespace },
            'edit',
            'service',
            localService.name,
          ),
        ],
      },
    ];
  });
});
