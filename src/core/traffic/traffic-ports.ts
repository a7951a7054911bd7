import { advice } from '../model/hint.ts';
import type { Listener } from '../model/aws.ts';
import { bindingsOf, enrolledArns, sharedGroups } from '../observed/enrollment.ts';
import type { Observed } from '../observed/observed.ts';
import type { Problem } from '../model/problem.ts';
import type { TrafficPort } from '../plan/traffic.ts';
import { memberOf, unreadOf } from '../observed/member.ts';

/** Listeners that can be spoken to over a stream. */
const streams = ['TCP', 'TCP_UDP', 'TLS'];

export interface TrafficPorts {
  readonly ports: readonly TrafficPort[];
  /** Why a port of the Service cannot be tried. */
  readonly problems: readonly Problem[];
}

/**
 * The listeners to connect to: every one that forwards to a target group of the Service. A port
 * without a listener is a problem; one that is not spoken to over a stream, and listeners that
 * could not be read, leave the verdict unknown.
 */
export function trafficPorts(observed: Observed): TrafficPorts {
  const { loadBalancer } = observed;
  const arns = enrolledArns(observed);
  if (arns.length === 0) return { ports: [], problems: [] };
  if (!loadBalancer.ok) return { ports: [], problems: unreadOf([loadBalancer]) };
  const { listeners, name, dnsName: host } = loadBalancer.value;
  if (!listeners?.ok) return { ports: [], problems: listeners ? unreadOf([listeners]) : [] };
  const found = arns.map((arn) => ({
    arn,
    servicePort: servicePortOf(observed, arn),
    listeners: listeners.value.filter(({ targetGroupArns }) => targetGroupArns.includes(arn)),
  }));
  return {
    ports: found.flatMap(({ arn, servicePort, listeners: own }) =>
      own
        .filter(({ protocol }) => streams.includes(protocol))
        .map(({ port, protocol }) => ({ port, servicePort, targetGroupArn: arn, protocol, host })),
    ),
    problems: found.flatMap(({ servicePort, listeners: own }) =>
      own.length === 0
        ? [
            {
              code: 'listener-missing' as const,
              message: `No listener of ${name} forwards to the target group of port ${servicePort}, so nothing can connect to it.`,
              hints: [
                advice('See the events of the Service: its controller creates the listeners.'),
              ],
            },
          ]
        : own.filter(({ protocol }) => !streams.includes(protocol)).map(untried),
    ),
  };
}

const untried = ({ port, protocol }: Listener): Problem => ({
  code: 'protocol-unsupported',
  message: `Port ${port} uses ${protocol}. --traffic can try TCP and TLS only.`,
  unread: true,
});

function servicePortOf(observed: Observed, arn: string): number | string {
  const source = sharedGroups(observed)?.source;
  const found = source ? [source, ...observed.clusters] : [];
  for (const cluster of found) {
    const [binding] = bindingsOf(cluster, arn);
    if (binding) return memberOf(observed, cluster, binding).port;
  }
  return '?';
}
