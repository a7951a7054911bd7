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
  /** Why a port of the Service cannot be tried, where that leaves the verdict open. */
  readonly problems: readonly Problem[];
  /** Listeners where connections prove nothing, beside others that are tried. */
  readonly skips: readonly Problem[];
}

/**
 * The listeners to connect to: every one that forwards to a target group of the Service. A port
 * without a listener is a problem; listeners that could not be read leave the verdict unknown. One
 * that is not spoken to over a stream is a skip; where there is no other, nothing is proven. TCP_UDP
 * is tried by TCP.
 */
export function trafficPorts(observed: Observed): TrafficPorts {
  const { loadBalancer } = observed;
  const arns = enrolledArns(observed);
  if (arns.length === 0) return none;
  if (!loadBalancer.ok) return { ...none, problems: unreadOf([loadBalancer]) };
  const { listeners, name, dnsName: host } = loadBalancer.value;
  if (!listeners?.ok) return { ...none, problems: listeners ? unreadOf([listeners]) : [] };
  const found = arns.map((arn) => ({
    arn,
    servicePort: servicePortOf(observed, arn),
    listeners: listeners.value.filter(({ targetGroupArns }) => targetGroupArns.includes(arn)),
  }));
  const ports = found.flatMap(({ arn, servicePort, listeners: own }) =>
    own
      .filter(({ protocol }) => streams.includes(protocol))
      .map(({ port, protocol }) => ({ port, servicePort, targetGroupArn: arn, protocol, host })),
  );
  const missing = found
    .filter(({ listeners: own }) => own.length === 0)
    .map(({ servicePort }) => ({
      code: 'listener-missing' as const,
      message: `No listener of ${name} forwards to the target group of port ${servicePort}, so nothing can connect to it.`,
      hints: [advice('See the events of the Service: its controller creates the listeners.')],
    }));
  const untried = found
    .flatMap(({ listeners: own }) => own.filter(({ protocol }) => !streams.includes(protocol)))
    .map((listener) => untriedProblem(listener, host));
  return ports.length > 0
    ? { ports, problems: missing, skips: untried }
    : {
        ports,
        problems: [...missing, ...untried.map((problem) => ({ ...problem, unread: true }))],
        skips: [],
      };
}

/** Nothing answers a datagram but the application: only a client of its protocol tells. */
const untriedProblem = ({ port, protocol }: Listener, host: string): Problem => ({
  code: 'traffic-untried',
  message: `Port ${port} uses ${protocol}, which has no connections: --traffic did not try it and proves nothing there.`,
  hints: [
    advice(
      `The verdict has the health checks of its targets, which are made over TCP. Try the port with a client of its protocol, such as dig @${host} for DNS.`,
    ),
  ],
});

const none: TrafficPorts = { ports: [], problems: [], skips: [] };

function servicePortOf(observed: Observed, arn: string): number | string {
  const source = sharedGroups(observed)?.source;
  const found = source ? [source, ...observed.clusters] : [];
  for (const cluster of found) {
    const [binding] = bindingsOf(cluster, arn);
    if (binding) return memberOf(observed, cluster, binding).port;
  }
  return '?';
}
