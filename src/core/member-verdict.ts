import { kubectl, nlbmc } from './commands.ts';
import { nameText } from './enrollment.ts';
import { serviceOf } from './facts.ts';
import type { VerifyIntent } from './intent.ts';
import type { ClusterView } from './kubernetes.ts';
import { eligibleKeys, isRegistered, unreadOf, type Member } from './member.ts';
import type { Observed } from './observed.ts';
import type { Problem } from './problem.ts';
import type { RegisteredTarget } from './target.ts';
import { targetKey, targetText, trackedKeys } from './target-key.ts';
import { targetWords } from './target-words.ts';
import type { MemberVerdict } from './verdict.ts';
import { count } from './words.ts';

/** What every row and note of a port is judged against. */
export interface PortCase {
  readonly observed: Observed;
  readonly intent: VerifyIntent;
  readonly primary: ClusterView;
  /** Bindings of all listed clusters on the target group. */
  readonly members: readonly Member[];
}

/** Problems that pass by themselves: a member with nothing else is converging. */
const passing = new Set<Problem['code']>(['target-converging']);

/** Whether the controller of a cluster is known to be down: then nothing is on its way. */
export const isControllerDown = ({ controller }: ClusterView): boolean =>
  controller.ok &&
  controller.value.deployments.length > 0 &&
  controller.value.deployments.every(({ readyReplicas }) => readyReplicas === 0);

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

function bindingProblems(
  { cluster, binding, service }: Member,
  context: PortCase,
): readonly Problem[] {
  const { observed, primary } = context;
  const problems: Problem[] = [];
  if (!binding.multiCluster) {
    const others = new Set(
      context.members
        .filter((member) => member.cluster !== cluster)
        .flatMap(({ tracked }) => (tracked.ok ? [...trackedKeys(tracked.value)] : [])),
    );
    problems.push({
      code: 'binding-exclusive',
      message: `${nameText(binding)} in ${cluster.context} is exclusive: its controller deregisters the targets of every other cluster.`,
      hint:
        cluster === primary
          ? nlbmc('enable', observed.service, '--context', cluster.context)
          : nlbmc(
              'join',
              observed.service,
              '--context',
              cluster.context,
              '--primary',
              primary.context,
              '--adopt',
            ),
      cluster: cluster.context,
      saves: others.size,
    });
  }
  if (service.ok && !service.value) {
    problems.push({
      code: 'service-missing',
      message: `${nameText(binding)} in ${cluster.context} is for Service ${nameText(serviceOf(binding))}, which is not there: the controller deregisters its targets.`,
      hint: kubectl({ context: cluster.context, namespace: binding.namespace }, 'get', 'services'),
      cluster: cluster.context,
    });
  }
  return problems;
}

/** Another cluster whose ConfigMap lists a live endpoint of this one: an address was used again. */
function claimant(key: string, own: Member, members: readonly Member[]): Member | undefined {
  return members.find(
    (other) => other !== own && other.tracked.ok && trackedKeys(other.tracked.value).has(key),
  );
}

function endpointProblems(
  member: Member,
  registered: ReadonlyMap<string, RegisteredTarget>,
  context: PortCase,
): readonly Problem[] {
  const { cluster, eligible, tracked } = member;
  const recorded = tracked.ok ? trackedKeys(tracked.value) : new Set<string>();
  return (eligible.ok ? eligible.value : []).flatMap(({ target, pod }): readonly Problem[] => {
    const key = targetKey(target);
    const name = `${targetText(target)}${pod === undefined ? '' : ` (pod ${pod})`} of ${cluster.context}`;
    const found = registered.get(key);
    const about = { cluster: cluster.context };
    const log = kubectl(
      { context: cluster.context, namespace: member.binding.namespace },
      'describe',
      'targetgroupbinding',
      member.binding.name,
    );
    if (!found || !isRegistered(found)) {
      const other = claimant(key, member, context.members);
      if (other) {
        return [
          {
            code: 'endpoint-unregistered',
            message: `${name} is not registered, and ${nameText(other.binding)} in ${other.cluster.context} lists that address as its own: it was a pod's there before, and its controller deregistered it.`,
            hint: kubectl(
              { context: cluster.context, namespace: member.binding.namespace },
              'delete',
              'pod',
              pod ?? 'POD',
            ),
            ...about,
          },
        ];
      }
      // Recorded but not registered: somebody took it out, and the controller will not notice soon.
      if (recorded.has(key) || isControllerDown(cluster)) {
        return [
          {
            code: 'endpoint-unregistered',
            message: `${name} is not registered.`,
            hint: log,
            ...about,
          },
        ];
      }
      return [
        {
          code: 'target-converging',
          message: `${name} is not registered yet.`,
          hint: log,
          ...about,
        },
      ];
    }
    const problems: Problem[] = [];
    if (!recorded.has(key)) {
      problems.push({
        code: 'endpoint-untracked',
        message: `${name} is registered and not tracked: it would stay registered when the pod is gone.`,
        hint: log,
        ...about,
      });
    }
    if (found.state !== 'healthy') {
      const words = targetWords(found);
      problems.push({
        code: found.state === 'initial' ? 'target-converging' : 'target-unhealthy',
        message: `${name} ${words.text}.`,
        ...(words.hint === undefined ? {} : { hint: words.hint }),
        ...about,
      });
    }
    return problems;
  });
}

/** One row: four sets compared for a cluster on a port, each of them read or the row is unknown. */
export function memberVerdict(
  member: Member,
  role: MemberVerdict['role'],
  context: PortCase,
): MemberVerdict {
  const { cluster, binding, eligible, tracked, registered } = member;
  const { minHealthy } = context.intent;
  const byKey = new Map(
    (registered.ok ? registered.value : []).map((target) => [targetKey(target.target), target]),
  );
  const own = new Set([
    ...(eligible.ok ? eligibleKeys(eligible.value) : []),
    ...(tracked.ok ? trackedKeys(tracked.value) : []),
  ]);
  const mine = [...own].flatMap((key) => byKey.get(key) ?? []);
  const sets = eligible.ok && tracked.ok && registered.ok;
  const healthy = mine.filter(({ state }) => state === 'healthy').length;
  const unread = unreadOf([member.service, eligible, tracked, registered], cluster.context);

  const problems: Problem[] = [
    ...unread,
    ...bindingProblems(member, context),
    ...controllerProblems(member),
    ...(sets ? endpointProblems(member, byKey, context) : []),
  ];
  if (eligible.ok && eligible.value.length === 0) {
    problems.push({
      code: 'no-endpoints',
      message: `Service ${nameText(serviceOf(binding))} in ${cluster.context} has no eligible endpoint: nothing of it serves.`,
      hint: kubectl({ context: cluster.context, namespace: binding.namespace }, 'get', 'pods'),
      cluster: cluster.context,
    });
  } else if (sets && healthy < minHealthy) {
    problems.push({
      code: 'below-minimum',
      message: `${cluster.context} has ${count(healthy, 'healthy target')} on port ${member.port}; at least ${minHealthy} ${minHealthy === 1 ? 'is' : 'are'} asked for.`,
      cluster: cluster.context,
    });
  }
  const serious = problems.some(({ code }) => !passing.has(code) && code !== 'below-minimum');
  const moving = problems.some(({ code }) => passing.has(code));
  return {
    cluster: cluster.context,
    role,
    binding: { namespace: binding.namespace, name: binding.name },
    multiCluster: binding.multiCluster,
    eligible: eligible.ok ? eligible.value.length : null,
    tracked: tracked.ok ? trackedKeys(tracked.value).size : null,
    registered: sets ? mine.filter(isRegistered).length : null,
    healthy: sets ? healthy : null,
    draining: sets ? mine.filter((target) => !isRegistered(target)).length : null,
    state:
      unread.length > 0
        ? 'unknown'
        : problems.length === 0
          ? 'ready'
          : // Too few healthy targets is the consequence of some that are still on their way in.
            moving && !serious
            ? 'converging'
            : 'degraded',
    problems,
  };
}
