import { check, type Check } from '../plan/check.ts';
import { advice, heldByHint, kubectlHint, noted, type ToolHint } from '../model/hint.ts';
import { nameText } from '../model/kubernetes.ts';
import { onePort } from './both-ports.ts';
import { type JoinCase, type JoinPort, portOption } from './join-port.ts';
import { joinHint } from '../model/nlbmc-hints.ts';
import type { About } from '../model/problem.ts';
import { carriedBy } from '../model/protocols.ts';
import { portsText } from '../model/service-ports.ts';
import { listed } from '../model/words.ts';

const about = ({ joining, localService: { namespace, name } }: JoinCase): About => ({
  cluster: joining.context,
  service: { namespace, name },
});

const onService = (
  { joining, localService }: JoinCase,
  verb: string,
  ...words: readonly string[]
): ToolHint =>
  kubectlHint(
    { context: joining.context, namespace: localService.namespace },
    verb,
    'service',
    localService.name,
    ...words,
  );

const text = ({ joining, localService }: JoinCase): string =>
  `Service ${nameText(localService)} in ${joining.context}`;

const staying = check<JoinCase>('service-terminating', 'blocker', (subject) =>
  subject.localService.terminating
    ? {
        message: `${text(subject)} is being deleted. This cannot be undone.`,
        about: about(subject),
        hints: [
          heldByHint(subject.joining.context, subject.localService),
          noted(joinHint({ ...subject.intent, createService: true }), 'when it is gone'),
        ],
      }
    : undefined,
);

/** The ports that the target group of one port needs and the local Service lacks. */
function lacking({ port, localPort, beside, group }: JoinPort): readonly string[] {
  if (!localPort) return [String(port)];
  const needed = group.ok ? carriedBy(group.value.protocol) : [];
  if (needed.length < 2 || beside || !needed.some((one) => one === localPort.protocol)) return [];
  return needed
    .filter((protocol) => protocol !== localPort.protocol)
    .map((protocol) => `${localPort.port}/${protocol}`);
}

const allPorts = check<JoinCase>('port-missing', 'blocker', (subject) => {
  const { ports, localService, intent } = subject;
  const missing = ports.flatMap(lacking);
  if (missing.length === 0) return undefined;
  const has = portsText(localService);
  const others = ports
    .filter((port) => lacking(port).length === 0)
    .flatMap((port) => portOption(localService, port) ?? []);
  return {
    message: `${text(subject)} lacks port ${listed(missing)}, which ${subject.enrolled ? 'the other clusters serve' : 'its target group needs'}; it has ${has || 'none'}.`,
    about: about(subject),
    hints: [
      onService(subject, 'edit'),
      ...(others.length > 0 ? [joinHint({ ...intent, ports: others })] : []),
      ...(has === ''
        ? []
        : [advice('If it serves this port under another number or name, use --map-port.')]),
    ],
  };
});

const fittingProtocol = check<JoinCase>('protocol-mismatch', 'blocker', (subject) =>
  subject.ports.flatMap(({ port, localPort, group }) => {
    const wanted = group.ok ? carriedBy(group.value.protocol) : [];
    if (!localPort || wanted.length === 0 || wanted.some((one) => one === localPort.protocol)) {
      return [];
    }
    return [
      {
        message: `Port ${localPort.port} of ${text(subject)} is ${localPort.protocol}; the target group needs ${listed(wanted)}.`,
        about: { ...about(subject), port },
        hints: [onService(subject, 'edit')],
      },
    ];
  }),
);

const fittingType = check<JoinCase>('type-mismatch', 'blocker', (subject) => {
  const { ports, localService, joining } = subject;
  const { type } = localService;
  const instance = ports.some(({ targetType }) => targetType === 'instance');
  const where = { context: joining.context, namespace: localService.namespace };
  // An ExternalName has no endpoints; node ports come with NodePort and LoadBalancer only.
  if (type !== 'ExternalName' && (!instance || type !== 'ClusterIP')) return undefined;
  return {
    message: `${text(subject)} is of type ${type}. The target groups have ${instance ? 'instance targets, which require type NodePort' : 'pod addresses as targets, which require a Service with pods'}.`,
    about: about(subject),
    hints: [
      type === 'ExternalName'
        ? kubectlHint(where, 'get', 'services')
        : onService(subject, 'patch', '-p', '{"spec":{"type":"NodePort"}}'),
    ],
  };
});

const fittingFamily = check<JoinCase>('family-mismatch', 'blocker', (subject) => {
  const { ports, localService } = subject;
  const group = ports.flatMap(({ group: read }) => (read.ok ? read.value : []))[0];
  const wanted = group?.ipFamily === 'ipv6' ? 'IPv6' : 'IPv4';
  const fits =
    !group ||
    group.targetType === 'instance' ||
    localService.ipFamilies.length === 0 ||
    localService.ipFamilies.includes(wanted);
  if (fits) return undefined;
  return {
    message: `${text(subject)} has ${listed(localService.ipFamilies)} addresses, and target group ${group.name} requires ${wanted}.`,
    about: about(subject),
    hints: [onService(subject, 'edit')],
  };
});

/** Whether the local Service fits the target groups. */
export const localServiceChecks: readonly Check<JoinCase>[] = [
  staying,
  allPorts,
  fittingProtocol,
  onePort,
  fittingType,
  fittingFamily,
];
