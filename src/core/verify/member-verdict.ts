import { asksForSharing } from '../model/annotations.ts';
import { kubectl } from '../model/commands.ts';
import { type Hint, shareByHandHint } from '../model/hint.ts';
import { accepting, enableHint, joinHint, repairHint } from '../model/nlbmc-hints.ts';
import { endpointProblems, goneProblem, isControllerDown } from './endpoint-problems.ts';
import { isMadeFor } from '../observed/enrollment.ts';
import { nameText } from '../model/kubernetes.ts';
import { serviceOf } from '../observed/facts.ts';
import { isRegistered, unreadOf, type Member } from '../observed/member.ts';
import type { Part, PortCase } from '../observed/port-case.ts';
import { type Problem, valueOf } from '../model/problem.ts';
import { portOf, portsText } from '../model/service-ports.ts';
import { ownAddresses } from '../observed/strays.ts';
import type { RegisteredTarget } from '../model/target.ts';
import type { MemberVerdict } from '../plan/verdict.ts';
import { count } from '../model/words.ts';

/** Problems that pass by themselves: a member with nothing else is converging. */
const passing = new Set<Problem['code']>(['target-converging']);

function controllerProblems({ cluster }: Member): readonly Problem[] {
  if (!isControllerDown(cluster) || !cluster.controller.ok) return [];
  const deployment = cluster.controller.value.deployments[0];
  if (!deployment) return [];
  return [
    {
      code: 'controller-missing',
      message: `The AWS Load Balancer Controller of ${cluster.context} is not running: what changes there does not reach the target group.`,
      hint: kubectl(
        { context: cluster.context, namespace: deployment.namespace },
        'rollout',
        'status',
        `deployment/${deployment.name}`,
      ),
      cluster: cluster.context,
    },
  ];
}

/** The only cure for a binding whose flag is off depends on who made it, and from what. */
function sharingHint({ cluster, binding }: Member, { observed, primary }: PortCase): Hint {
  const { clusters, service } = observed;
  if (cluster === primary) {
    if (!isMadeFor(binding, service)) return shareByHandHint(cluster.context, binding);
    const owner = valueOf(cluster.service);
    // Enabled already, the Service is not written again, and nobody looks at the binding.
    if (!owner || !asksForSharing(owner.annotations)) return enableHint(service, cluster.context);
    const contexts = clusters.map(({ context }) => context);
    return repairHint({ service }, contexts);
  }
  const join = joinHint({
    service,
    localService: serviceOf(binding),
    context: cluster.context,
    primary: primary.context,
    adopt: true,
  });
  return accepting(join, 'nlbmc takes over this binding and sets its flag');
}

function bindingProblems(part: Part, context: PortCase): readonly Problem[] {
  const { cluster, binding, service } = part.member;
  const where = { context: cluster.context, namespace: binding.namespace };
  const about = { cluster: cluster.context };
  const name = `${nameText(binding)} in ${cluster.context}`;
  const problems: Problem[] = [];
  if (binding.terminating) {
    problems.push({
      code: 'binding-terminating',
      message: `${name} is being deleted: its controller deregisters its targets.`,
      hint: kubectl(where, 'describe', 'targetgroupbinding', binding.name),
      ...about,
    });
  }
  if (!binding.multiCluster) {
    const others = new Set(
      context.parts
        .filter(({ member }) => member.cluster !== cluster)
        .flatMap(({ tracked }) => [...tracked]),
    );
    problems.push({
      code: 'binding-exclusive',
      message: `${name} is exclusive: its controller deregisters the targets of every other cluster${others.size > 0 ? ` (${others.size} here)` : ''}.`,
      hints: [sharingHint(part.member, context)],
      ...about,
    });
  }
  if (service.ok && !service.value) {
    problems.push({
      code: 'service-missing',
      message: `${name} is for Service ${nameText(serviceOf(binding))}, which is not there: the controller deregisters its targets.`,
      hint: kubectl(where, 'get', 'services'),
      ...about,
    });
  }
  if (service.ok && service.value && !portOf(service.value, binding.servicePort)) {
    problems.push({
      code: 'port-missing',
      message: `${name} is for port ${binding.servicePort} of Service ${nameText(service.value)}, which has ${portsText(service.value.ports) || 'none'}: the controller deregisters its targets.`,
      hint: kubectl(where, 'edit', `service/${service.value.name}`),
      ...about,
    });
  }
  return problems;
}

/** Too little to serve: nothing at all, or less than was asked for. */
function capacityProblems(
  { cluster, binding, eligible, port }: Member,
  healthy: number | undefined,
  minHealthy: number,
): readonly Problem[] {
  const where = { context: cluster.context, namespace: binding.namespace };
  if (eligible.ok && eligible.value.length === 0) {
    return [
      {
        code: 'no-endpoints',
        message: `Service ${nameText(serviceOf(binding))} in ${cluster.context} has no eligible endpoint on port ${port}: nothing of it serves.`,
        hint: kubectl(where, 'get', binding.targetType === 'instance' ? 'nodes' : 'pods'),
        cluster: cluster.context,
      },
    ];
  }
  if (healthy === undefined || healthy >= minHealthy) return [];
  return [
    {
      code: 'below-minimum',
      message: `${cluster.context} has ${count(healthy, 'healthy target')} on port ${port}; at least ${minHealthy} ${minHealthy === 1 ? 'is' : 'are'} asked for.`,
      hint:
        binding.targetType === 'instance'
          ? kubectl({ context: cluster.context }, 'get', 'nodes')
          : kubectl(where, 'get', 'deployments,pods'),
      cluster: cluster.context,
    },
  ];
}

function stateOf(problems: readonly Problem[]): MemberVerdict['state'] {
  if (problems.some(({ unread }) => unread)) return 'unknown';
  if (problems.length === 0) return 'ready';
  // Too few healthy targets is the consequence of some that are still on their way in.
  const serious = problems.some(({ code }) => !passing.has(code) && code !== 'below-minimum');
  const moving = problems.some(({ code }) => passing.has(code));
  return moving && !serious ? 'converging' : 'degraded';
}

/** One row: four sets compared for a cluster on a port, each of them read or the row is unknown. */
export function memberVerdict(
  part: Part,
  role: MemberVerdict['role'],
  context: PortCase,
): MemberVerdict {
  const { member, tracked, eligible } = part;
  const { cluster, binding } = member;
  const mine: RegisteredTarget[] = [];
  const draining: RegisteredTarget[] = [];
  // A pod that ends is untracked before it is drained: its address still tells whose it was.
  const past = ownAddresses(member);
  for (const [key, found] of context.registered) {
    const own = eligible.has(key) || tracked.has(key);
    if (isRegistered(found)) {
      if (own) mine.push(found);
    } else if (own || past.has(key)) draining.push(found);
  }
  const sets = member.eligible.ok && member.tracked.ok && member.registered.ok;
  const healthy = sets ? mine.filter(({ state }) => state === 'healthy').length : null;
  const problems: readonly Problem[] = [
    ...unreadOf([member.service, member.eligible, member.tracked], cluster.context),
    ...unreadOf([member.registered]),
    ...bindingProblems(part, context),
    ...controllerProblems(member),
    ...(sets
      ? [
          ...[...eligible.values()].flatMap((one) => endpointProblems(one, part, context)),
          ...[...tracked].flatMap((key) =>
            eligible.has(key) ? [] : (goneProblem(key, part, context) ?? []),
          ),
        ]
      : []),
    ...capacityProblems(member, healthy ?? undefined, context.intent.minHealthy),
  ];
  return {
    cluster: cluster.context,
    role,
    binding: { namespace: binding.namespace, name: binding.name },
    multiCluster: binding.multiCluster,
    eligible: member.eligible.ok ? eligible.size : null,
    tracked: member.tracked.ok ? tracked.size : null,
    registered: sets ? mine.length : null,
    healthy,
    draining: sets ? draining.length : null,
    state: stateOf(problems),
    problems,
  };
}
