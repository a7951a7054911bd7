import { check, type Check } from '../plan/check.ts';
import type { TargetGroup } from '../model/aws.ts';
import { upgradeController } from '../model/controller-hints.ts';
import { advice, heldByHint, kubectlHint, noted, type ToolHint } from '../model/hint.ts';
import { nameText } from '../model/kubernetes.ts';
import { onePort } from './both-ports.ts';
import { aboutLocal, type JoinCase, type JoinPort, portOption } from './join-port.ts';
import { joinHint } from '../model/nlbmc-hints.ts';
import { carriedBy } from '../model/protocols.ts';
import { portsText } from '../model/service-ports.ts';
import { isBefore } from '../model/version.ts';
import { listed } from '../model/words.ts';

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
        about: aboutLocal(subject),
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
    about: aboutLocal(subject),
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
        about: { ...aboutLocal(subject), port },
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
    about: aboutLocal(subject),
    hints: [
      type === 'ExternalName'
        ? kubectlHint(where, 'get', 'services')
        : onService(subject, 'patch', '-p', '{"spec":{"type":"NodePort"}}'),
    ],
  };
});

/** Registers addresses of the other family no more (`pkg/backend/endpoint_resolver.go`). */
const filtersFamilies = '3.4.3';

/** A controller of the cluster that registers the addresses of both families of a Service. */
const mixingController = ({ joining, localService }: JoinCase) =>
  localService.ipFamilies.length < 2 || !joining.controller.ok
    ? undefined
    : joining.controller.value.deployments.find(
        ({ version }) => version !== undefined && isBefore(version, filtersFamilies) === true,
      );

const fittingFamily = check<JoinCase>('family-mismatch', 'blocker', (subject) => {
  const { ports, localService, joining } = subject;
  const { ipFamilies } = localService;
  const groups = ports
    .flatMap(({ group: read }) => (read.ok ? read.value : []))
    .filter(({ targetType }) => targetType !== 'instance');
  const wantedBy = ({ ipFamily }: TargetGroup): string => (ipFamily === 'ipv6' ? 'IPv6' : 'IPv4');
  const misfit = groups.find(
    (group) => ipFamilies.length > 0 && !ipFamilies.includes(wantedBy(group)),
  );
  if (misfit) {
    return {
      message: `${text(subject)} has ${listed(ipFamilies)} addresses, and target group ${misfit.name} requires ${wantedBy(misfit)}.`,
      about: aboutLocal(subject),
      hints: [onService(subject, 'edit')],
    };
  }
  const [group] = groups;
  const old = mixingController(subject);
  if (!group || !old) return undefined;
  const one = { spec: { ipFamilyPolicy: 'SingleStack' } };
  return {
    message: `${text(subject)} has ${listed(ipFamilies)} addresses. The controller of ${joining.context} is ${old.version}, which registers the addresses of both families; AWS refuses them, because target group ${group.name} takes ${wantedBy(group)} only. Since ${filtersFamilies} the controller leaves out the others.`,
    about: aboutLocal(subject),
    hints: [
      upgradeController(joining.context, old.namespace),
      // Kubernetes keeps the first family of such a Service.
      ...(ipFamilies[0] === wantedBy(group)
        ? [onService(subject, 'patch', '-p', JSON.stringify(one))]
        : []),
    ],
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
