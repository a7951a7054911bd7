import { asksForSharing } from '../model/annotations.ts';
import { describeBindingHint, type Hint, kubectlHint, shareByHandHint } from '../model/hint.ts';
import { sharingHints } from '../checks/owner.ts';
import { accepting, enableHint, repairHint } from '../model/nlbmc-hints.ts';
import { isForwarded, overListed } from './endpoint-findings.ts';
import { isMadeFor } from '../observed/enrollment.ts';
import { listenerHint } from './listener-problems.ts';
import { joinAgain } from './member-hints.ts';
import { primaryIn } from '../observed/owner.ts';
import { nameText, serviceOf } from '../model/kubernetes.ts';
import type { Member } from '../observed/member.ts';
import { type Reverted, revertedBinding, revertedService } from './reverted.ts';
import { scaledToZero } from '../observed/behind-service.ts';
import type { Part, PortCase } from '../observed/port-case.ts';
import { type About, type Problem, valueOf } from '../model/problem.ts';
import { portOf, portsText } from '../model/service-ports.ts';
import { count } from '../model/words.ts';

/** What a problem of a row is about. */
export const aboutMember = ({ cluster, binding, port }: Member): About => ({
  cluster: cluster.context,
  binding: { namespace: binding.namespace, name: binding.name },
  port,
});

/** The only cure for a binding whose flag is off depends on who made it, and from what. */
function cureOf(member: Member, context: PortCase): readonly Hint[] {
  const { cluster, binding } = member;
  const { observed, enrollment } = context;
  const { service } = observed;
  if (enrollment.owner.kind === 'none') {
    return sharingHints(cluster.context, binding);
  }
  if (cluster === primaryIn(enrollment)) {
    if (!isMadeFor(binding, service)) return [shareByHandHint(cluster.context, binding)];
    const owner = valueOf(cluster.service);
    // Enabled already, the Service is not written again, and the binding stays as it is.
    if (!owner || !asksForSharing(owner.annotations)) {
      return [enableHint(service, cluster.context)];
    }
    return [overListed(context, repairHint)];
  }
  if (binding.stack) return sharingHints(cluster.context, binding);
  return [
    accepting(
      joinAgain(member, context, { adopt: true }),
      'nlbmc takes over this binding and sets its flag',
    ),
  ];
}

/** A binding that a controller made follows its Service; any other has a source of its own. */
function reverterOf({ cluster, binding }: Member, { enrollment, observed }: PortCase): Reverted {
  if (binding.stack === undefined) return revertedBinding(binding, observed.at);
  const owner = valueOf(cluster.service);
  const follows = cluster === primaryIn(enrollment) && isMadeFor(binding, observed.service);
  return owner && follows && !asksForSharing(owner.annotations)
    ? revertedService(owner, cluster.context, observed.at)
    : { text: '', hints: [] };
}

/** What is wrong with a binding and what it refers to, whatever its targets. */
export function bindingProblems(part: Part, context: PortCase): readonly Problem[] {
  const { cluster, binding, service } = part.member;
  const where = { context: cluster.context, namespace: binding.namespace };
  const about = aboutMember(part.member);
  const name = `${nameText(binding)} in ${cluster.context}`;
  const problems: Problem[] = [];
  if (binding.terminating) {
    problems.push({
      code: 'binding-terminating',
      message: `${name} is being deleted: its controller deregisters its targets.`,
      hints: [describeBindingHint(cluster.context, binding)],
      about,
    });
  }
  if (!binding.multiCluster) {
    const others = new Set(
      context.parts
        .filter(({ member }) => member.cluster !== cluster)
        .flatMap(({ tracked }) => [...tracked]),
    );
    const reverted = reverterOf(part.member, context);
    problems.push({
      code: 'binding-exclusive',
      message: `${name} is exclusive: its controller deregisters the targets of every other cluster${others.size > 0 ? ` (${others.size} here)` : ''}.${reverted.text}`,
      hints: [...reverted.hints, ...cureOf(part.member, context)],
      about,
      ...(reverted.setBack ? { setBack: reverted.setBack } : {}),
    });
  }
  if (service.ok && !service.value) {
    problems.push({
      code: 'service-missing',
      message: `${name} is for Service ${nameText(serviceOf(binding))}, which does not exist. The controller deregisters its targets.`,
      hints: [
        // Where no other cluster is in sight, none shows what the Service has to be like.
        ...(cluster === context.enrollment.source
          ? []
          : [joinAgain(part.member, context, { createService: true })]),
        kubectlHint(where, 'get', 'services'),
      ],
      about,
    });
  }
  if (service.ok && service.value && !portOf(service.value, binding.servicePort)) {
    problems.push({
      code: 'port-missing',
      message: `${name} is for port ${binding.servicePort} of Service ${nameText(service.value)}, which has ${portsText(service.value) || 'none'}: the controller deregisters its targets.`,
      hints: [kubectlHint(where, 'edit', `service/${service.value.name}`)],
      about,
    });
  }
  return problems;
}

/** Addresses in the slices of the Service that name no pod: the controller ignores them. */
const withoutPod = ({ cluster, binding }: Member): number => {
  const endpoints = cluster.endpoints[nameText(serviceOf(binding))];
  return endpoints?.ok && binding.targetType === 'ip'
    ? endpoints.value.filter(({ pod }) => pod === undefined).length
    : 0;
};

/** Too little to serve: nothing at all, or less than was required. */
export function capacityProblems(
  member: Member,
  healthy: number | undefined,
  context: PortCase,
): readonly Problem[] {
  const { minHealthy } = context.intent;
  const { cluster, binding, eligible, port } = member;
  const where = { context: cluster.context, namespace: binding.namespace };
  const about = aboutMember(member);
  const instance = binding.targetType === 'instance';
  const look = instance
    ? kubectlHint({ context: cluster.context }, 'get', 'nodes')
    : kubectlHint(where, 'get', 'deployments,pods');
  if (eligible.ok && eligible.value.length === 0) {
    const nameless = withoutPod(member);
    const own = nameText(serviceOf(binding)) === nameText(cluster.localService);
    const zero = nameless === 0 && own ? scaledToZero(cluster) : undefined;
    const why = zero
      ? zero.why
      : nameless === 0
        ? 'it serves nothing on this port'
        : `its EndpointSlices list ${count(nameless, 'address', 'addresses')} without a pod, which the controller ignores`;
    return [
      {
        code: 'no-endpoints',
        message: `Service ${nameText(serviceOf(binding))} in ${cluster.context} has no eligible endpoint on port ${port}: ${why}.`,
        hints: zero?.hints ?? [
          nameless === 0
            ? look
            : kubectlHint(
                where,
                'get',
                'endpointslices',
                '-l',
                `kubernetes.io/service-name=${binding.serviceName}`,
                '-o',
                'yaml',
              ),
        ],
        about,
      },
    ];
  }
  if (healthy === undefined || healthy >= minHealthy) return [];
  return [
    {
      code: 'below-minimum',
      message: `${cluster.context} has ${count(healthy, 'healthy target')} on port ${port}; at least ${minHealthy} ${minHealthy === 1 ? 'is' : 'are'} required.`,
      // Where no listener forwards, no target is in use, and no pod can change that.
      hints: [isForwarded(context) ? look : listenerHint(context)],
      about,
    },
  ];
}
