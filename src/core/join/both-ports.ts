import { check, type Wrong } from '../plan/check.ts';
import { editServiceHint } from '../model/hint.ts';
import { nameText } from '../model/kubernetes.ts';
import { portKey } from '../model/service-ports.ts';
import { listed } from '../model/words.ts';
import { differentPorts } from '../checks/twin-ports.ts';
import type { JoinCase } from './join-port.ts';

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
    const numbers = differentPorts(joining, nameText(localService), port.targetType, [
      localPort,
      beside,
    ]);
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
        hints: [editServiceHint(joining.context, localService)],
      },
    ];
  });
});
