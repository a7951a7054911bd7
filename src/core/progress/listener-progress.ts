import { clusterOf } from '../observed/enrollment.ts';
import { unlistened } from '../observed/listened.ts';
import { isRegistered, type Member, readingOf } from '../observed/member.ts';
import type { Observed } from '../observed/observed.ts';
import { verifyHint } from '../model/nlbmc-hints.ts';
import type { Problem } from '../model/problem.ts';
import type { Goal } from '../plan/goal.ts';
import { type Answer, converging, done, unknownBy } from './progress-answer.ts';

/** AWS names the load balancer of a target group as soon as a listener forwards to it; the listeners tell at which port. */
export function listenerProgress(
  { targetGroupArn: arn, cluster }: Extract<Goal, { kind: 'listener-back' }>,
  observed: Observed,
): Answer {
  const group = readingOf(observed.targetGroups, arn, `Target group ${arn}`);
  if (!group.ok) return unknownBy(group.problem);
  return unlistened(observed, arn, clusterOf(observed, cluster)) === undefined
    ? done(`a listener forwards to ${group.value.name}`)
    : converging(`no listener forwards to ${group.value.name} yet`);
}

/**
 * Why targets do not become healthy, however long one waits: no load balancer uses their target group, and
 * AWS makes no health checks then (`unused`, Target.NotInUse).
 */
export function unforwarded(
  { binding, cluster, registered, port }: Member,
  observed: Observed,
): Problem | undefined {
  const group = observed.targetGroups[binding.targetGroupArn];
  if (!group?.ok || group.value.loadBalancerArns.length > 0 || !registered.ok) return undefined;
  const own = registered.value.filter(isRegistered);
  if (own.length === 0 || own.some(({ state }) => state !== 'unused')) return undefined;
  const contexts = observed.clusters.map(({ context }) => context);
  return {
    code: 'listener-missing',
    message: `No listener of a load balancer forwards to the target group of port ${port}: AWS makes no health checks there, so no target becomes healthy.`,
    hints: [
      verifyHint({ service: observed.service, localService: cluster.localService }, contexts),
    ],
    about: { cluster: cluster.context, port, targetGroup: binding.targetGroupArn },
  };
}
