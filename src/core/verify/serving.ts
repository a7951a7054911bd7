import { aboutMember } from './binding-problems.ts';
import { controllerChecks } from '../checks/controller.ts';
import { runChecks } from '../plan/check.ts';
import { heldByHint, type Hint, kubectlHint, noted, serviceEventsHint } from '../model/hint.ts';
import { nameText, type NetworkingPort, serviceOf } from '../model/kubernetes.ts';
import { accepting, joinHint, verifyHint } from '../model/nlbmc-hints.ts';
import { enrolledBeside, joinAgain } from './member-hints.ts';
import { primaryIn } from '../observed/owner.ts';
import { carriedBy } from '../model/protocols.ts';
import { checkPort, trafficPort } from '../observed/networking.ts';
import { scaledToZero } from '../observed/behind-service.ts';
import type { Member } from '../observed/member.ts';
import { trackingCollision } from '../observed/tracking-collision.ts';
import type { Part, PortCase } from '../observed/port-case.ts';
import { type Problem, valueOf } from '../model/problem.ts';
import { portOf } from '../model/service-ports.ts';
import { count, listed } from '../model/words.ts';

/**
 * Ports that targets of the binding are reached at, for traffic or health checks, and that none of
 * its rules opens, such as `31053/UDP`; of TCP the number alone.
 */
function closedPorts({ binding, service, eligible }: Member, { observed }: PortCase): string[] {
  const rules = binding.networking ?? [];
  const found = valueOf(service);
  const port = found && portOf(found, binding.servicePort);
  const named = port && trafficPort(port, binding.targetType);
  // Without rules the controller opens nothing and closes nothing.
  if (rules.length === 0 || named === undefined) return [];
  const read = observed.targetGroups[binding.targetGroupArn];
  const group = read && valueOf(read);
  const carried = carriedBy(group?.protocol ?? binding.protocol ?? 'TCP');
  // A check at the port of the traffic is made over TCP; one of its own port is no port of the Service.
  const checked = group && checkPort(group) === undefined ? ['TCP'] : [];
  const targets = valueOf(eligible) ?? [];
  const used =
    binding.targetType === 'instance' ? [named] : new Set(targets.map(({ target }) => target.port));
  const open: readonly NetworkingPort[] = rules.flatMap(({ ports }) =>
    ports.length === 0 ? [{}] : ports,
  );
  return [...new Set([...carried, ...checked])].flatMap((protocol) => {
    const ports = open.filter((rule) => (rule.protocol ?? 'TCP') === protocol);
    if (ports.some((rule) => rule.port === undefined || String(rule.port) === String(named))) {
      return [];
    }
    const opened = new Set(ports.map((rule) => String(rule.port)));
    return [...used]
      .map(String)
      .filter((one) => !opened.has(one))
      .map((one) => (protocol === 'TCP' ? one : `${one}/${protocol}`));
  });
}

/** Rules that no longer fit the port of the Service: the load balancer cannot reach the targets. */
function networkingProblems({ member }: Part, context: PortCase): readonly Problem[] {
  const { cluster, binding } = member;
  const closed = closedPorts(member, context);
  if (closed.length === 0) return [];
  const hint: Hint =
    binding.stack === undefined
      ? accepting(
          joinAgain(member, context, { adopt: true }),
          'nlbmc writes the rules of this binding',
        )
      : serviceEventsHint(cluster.context, serviceOf(binding));
  const what = binding.targetType === 'instance' ? 'node port' : 'port';
  return [
    {
      code: 'networking-stale',
      message: `spec.networking of ${nameText(binding)} in ${cluster.context} does not open ${what} ${listed(closed)}, where its targets are reached.`,
      hints: [hint],
      about: aboutMember(member),
    },
  ];
}

/** A Service that is being deleted takes its targets with it, however healthy they are now. */
function leavingProblems({ member }: Part, { enrollment, observed }: PortCase): readonly Problem[] {
  const { cluster, service } = member;
  const found = valueOf(service);
  // The primary's is judged with everything else that is required of it.
  if (!found?.terminating || cluster === primaryIn(enrollment)) return [];
  const { namespace, name } = found;
  return [
    {
      code: 'service-terminating',
      message: `Service ${nameText(found)} in ${cluster.context} is being deleted, and its targets are deregistered with it.`,
      hints: [
        heldByHint(cluster.context, found),
        noted(
          joinHint({
            service: observed.service,
            localService: { namespace, name },
            context: cluster.context,
            primary: enrolledBeside(enrollment, cluster.context),
            createService: true,
          }),
          'when it is gone',
        ),
      ],
      about: { cluster: cluster.context, service: { namespace, name } },
    },
  ];
}

/** Nodes take connections for a Service also when it has no pod: then nothing answers them. */
function emptyNodes({ member }: Part): readonly Problem[] {
  const { cluster, binding, eligible, port } = member;
  const name = serviceOf(binding);
  const endpoints = cluster.endpoints[nameText(name)];
  if (binding.targetType !== 'instance' || !endpoints?.ok) return [];
  const zero =
    nameText(name) === nameText(cluster.localService) ? scaledToZero(cluster) : undefined;
  const nodes = valueOf(eligible)?.length ?? 0;
  if (nodes === 0 || endpoints.value.some(({ ready }) => ready !== false)) return [];
  return [
    {
      code: 'no-endpoints',
      message: `Service ${nameText(name)} in ${cluster.context} has no ready pod on port ${port}: ${count(nodes, 'node')} ${nodes === 1 ? 'takes' : 'take'} connections, and nothing answers them${zero ? `: ${zero.why}` : ''}.`,
      hints: zero?.hints ?? [
        kubectlHint(
          { context: cluster.context, namespace: name.namespace },
          'get',
          'deployments,pods',
        ),
      ],
      about: aboutMember(member),
    },
  ];
}

/** `--local-service` names a Service that the cluster does not have: the row is about another one. */
function localProblems({ member }: Part, context: PortCase): readonly Problem[] {
  const { cluster, binding } = member;
  const { service: asked } = context.observed;
  const { localService, service } = cluster;
  const named =
    nameText(localService) !== nameText(asked) && cluster !== primaryIn(context.enrollment);
  if (!named || !service.ok || service.value) return [];
  const contexts = context.observed.clusters.map((one) => one.context);
  return [
    {
      code: 'service-missing',
      message: `There is no Service ${nameText(localService)} in ${cluster.context}; the binding there is for ${nameText(serviceOf(binding))}.`,
      hints: [verifyHint({ service: asked, localService: serviceOf(binding) }, contexts)],
      about: { cluster: cluster.context, service: localService },
    },
  ];
}

/**
 * Why a row whose targets are all healthy is about to lose them, or answers nothing: its Service is
 * being deleted or empty, its controller or CRD lost the feature, its rules open another port.
 */
export const servingProblems = (part: Part, context: PortCase): readonly Problem[] => {
  const { cluster, binding } = part.member;
  const { namespace, flavour } = binding;
  return [
    ...leavingProblems(part, context),
    ...localProblems(part, context),
    ...runChecks(controllerChecks, { cluster, namespace, flavour }).blockers,
    ...networkingProblems(part, context),
    ...[trackingCollision(cluster, binding)].filter((found) => found !== undefined),
    ...emptyNodes(part),
  ];
};
