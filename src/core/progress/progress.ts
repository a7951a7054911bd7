import { registrationDenied } from '../observed/denied-registration.ts';
import { enableHint } from '../model/nlbmc-hints.ts';
import { protectionAttribute } from '../model/attributes.ts';
import { bindingsOf, clusterOf } from '../observed/enrollment.ts';
import { nameText, sameName } from '../model/kubernetes.ts';
import { handoverProgress } from './handover-progress.ts';
import { healthProgress } from './health-progress.ts';
import type { Goal, HandoverGoal, LeavingGoal, Progress } from '../plan/goal.ts';
import { millisOf } from '../model/instant.ts';
import type { Binding } from '../model/kubernetes.ts';
import { listenerProgress, unforwarded } from './listener-progress.ts';
import { leakedAnswer } from './leaked-progress.ts';
import { leavingProgress } from './leaving-progress.ts';
import { eligibleKeys, isRegistered, memberOf, type Member } from '../observed/member.ts';
import type { Observed } from '../observed/observed.ts';
import {
  type Answer,
  converging,
  isActedOn,
  type Memory,
  staleAfterMs,
  unknownBy,
} from './progress-answer.ts';
import { repairProgress } from './repair-progress.ts';
import { staleCure } from './stale-cure.ts';
import { targetKey, trackedKeys } from '../model/target-key.ts';
import { count } from '../model/words.ts';

/**
 * How long no endpoint at all must last: the slices of a Service that was just made come a moment
 * after it, and the controller may have acted on the binding before.
 */
const emptyAfterMs = 5_000;

/**
 * A binding with the flag counts when its generation was acted on, or when its tracked set is whole
 * anyway: a controller that finds spec and endpoints as at its last pass (the flag off and on again,
 * a crash before the status was written) skips the status too
 * (`controllers/elbv2/targetgroupbinding_controller.go`), and the number would lag for half an hour.
 */
function flagProgress(binding: Binding, waitsForGates: boolean, isTracked: boolean): Answer {
  if (!binding.multiCluster) {
    return converging(`${nameText(binding)} is not multi-cluster yet`);
  }
  if (isActedOn(binding) || isTracked) {
    return { state: 'done', done: 1, total: 1, text: `${nameText(binding)} is multi-cluster` };
  }
  return converging(
    waitsForGates
      ? `${nameText(binding)} is multi-cluster; pods wait for their readiness gates`
      : `${nameText(binding)} is multi-cluster; the controller has not acted on it yet`,
  );
}

function sharedProgress(observed: Observed, binding: Binding, cluster: string): Answer {
  if (binding.multiCluster) {
    return { state: 'done', done: 1, total: 1, text: `${nameText(binding)} is multi-cluster` };
  }
  const lost = observed.clusters
    .filter(({ context }) => context !== cluster)
    .flatMap((other) =>
      bindingsOf(other, binding.targetGroupArn).map((b) => memberOf(observed, other, b)),
    )
    .reduce((sum, { tracked }) => sum + (tracked.ok ? trackedKeys(tracked.value).size : 0), 0);
  const text = `${nameText(binding)} in ${cluster} is now exclusive: its controller deregisters the targets of every other cluster`;
  return {
    state: 'stuck',
    done: 0,
    total: 1,
    text,
    problem: {
      code: 'binding-exclusive',
      message: `${text}.`,
      hints: [enableHint(observed.service, cluster)],
      about: { cluster, binding: { namespace: binding.namespace, name: binding.name } },
      saves: lost,
    },
  };
}

/** The binding a goal is about: read, and there; else how far that leaves the goal. */
function bindingFor(goal: BindingGoal, observed: Observed): Binding | Answer {
  const cluster = clusterOf(observed, goal.cluster);
  if (!cluster) return converging(`${goal.cluster} has not been observed`);
  if (!cluster.bindings.ok) return unknownBy(cluster.bindings.problem);
  return (
    cluster.bindings.value.find((binding) => sameName(binding, goal.binding)) ??
    converging(`${nameText(goal.binding)} is not there yet`)
  );
}

function protectionProgress({ loadBalancer }: Observed): Answer {
  if (!loadBalancer.ok) return unknownBy(loadBalancer.problem);
  if (!loadBalancer.value.attributes.ok) return unknownBy(loadBalancer.value.attributes.problem);
  return loadBalancer.value.attributes.value[protectionAttribute] === 'true'
    ? { state: 'done', done: 1, total: 1, text: 'deletion protection is on' }
    : converging(`deletion protection of ${loadBalancer.value.name} is not on in AWS yet`);
}

/** How far a tracked set is; `waits`: the binding has caught up, so the time counts from here on. */
function trackedAnswer(
  member: Member,
  gates: boolean,
  waitedMs: number,
): { readonly answer: Answer; readonly waits: boolean } {
  const { binding, eligible, tracked, registered } = member;
  // What cannot be read this time does not stop the clock: it was running for what is unread.
  if (!eligible.ok) return { answer: unknownBy(eligible.problem), waits: waitedMs > 0 };
  if (!tracked.ok) return { answer: unknownBy(tracked.problem), waits: waitedMs > 0 };
  if (!registered.ok) return { answer: unknownBy(registered.problem), waits: waitedMs > 0 };
  const keys = eligibleKeys(eligible.value);
  const own = registered.value
    .filter(isRegistered)
    .map(({ target }) => targetKey(target))
    .filter((key) => keys.has(key));
  const recorded = trackedKeys(tracked.value);
  const missing = own.filter((key) => !recorded.has(key));
  const total = own.length;
  const done = total - missing.length;
  const text = `${nameText(binding)} tracks ${done} of ${count(total, 'own registered endpoint')}`;
  if (binding.multiCluster && tracked.value.kind === 'set' && missing.length === 0) {
    return { answer: { state: 'done', done, total, text }, waits: false };
  }
  if (!binding.multiCluster || !isActedOn(binding)) {
    const why = gates ? `${text}; pods wait for their readiness gates` : text;
    return { answer: converging(why, done, total), waits: false };
  }
  if (waitedMs < staleAfterMs) return { answer: converging(text, done, total), waits: true };
  const problem = staleCure(member, missing);
  return { answer: { state: 'stuck', done, total, text, problem }, waits: true };
}

/** How far one goal is, and what to remember for the next look. */
interface Look {
  readonly progress: Progress;
  readonly memory: Memory;
}

/**
 * How far a goal is, and what to remember for the next look. A fold: the same observations in the
 * same order give the same answers. Thirty seconds after a binding has the flag and its generation
 * was acted on, a tracked set that is still missing or lacks an own registered endpoint will not
 * come by waiting: the controller goes on with what it has in memory and does not write
 * (`pkg/targetgroupbinding/multicluster_manager.go`).
 */
export function progressOf(goal: Goal, observed: Observed, memory: Memory): Look {
  const same = (answer: Answer): Look => ({
    progress: { goal, ...answer },
    memory,
  });
  switch (goal.kind) {
    case 'deletion-protection':
      return same(protectionProgress(observed));
    case 'listener-back':
      return same(listenerProgress(goal, observed));
    case 'service-released':
    case 'tags-settled':
    case 'controller-restarted':
    case 'service-adopted':
    case 'rules-applied':
    case 'group-removed': {
      const look = handoverProgress(goal, observed, memory);
      return { progress: { goal, ...look.answer }, memory: look.memory };
    }
    case 'targets-gone':
    case 'binding-gone':
    case 'service-gone':
    case 'tracking-gone':
    case 'binding-exclusive':
    case 'deletion-unprotected':
    case 'binding-back':
    case 'tracked-exactly': {
      const look = leavingProgress(goal, observed, memory);
      return { progress: { goal, ...look.answer }, memory: look.memory };
    }
    default:
      return bindingProgress(goal, observed, memory);
  }
}

type BindingGoal = Exclude<
  Goal,
  LeavingGoal | HandoverGoal | { kind: 'deletion-protection' } | { kind: 'listener-back' }
>;

function bindingProgress(goal: BindingGoal, observed: Observed, memory: Memory): Look {
  const same = (answer: Answer): Look => ({
    progress: { goal, ...answer },
    memory,
  });
  const binding = bindingFor(goal, observed);
  const cluster = clusterOf(observed, goal.cluster);
  if ('state' in binding || !cluster) return same(binding as Answer);
  const member = memberOf(observed, cluster, binding);
  const gates = member.eligible.ok && member.eligible.value.some(({ gatePending }) => gatePending);
  const id = `${goal.kind}/${goal.cluster}/${nameText(binding)}`;
  const { [id]: since, ...others } = memory;
  const now = millisOf(observed.at);
  const first = since ?? now;
  switch (goal.kind) {
    case 'binding-multi-cluster':
      return same(
        flagProgress(binding, gates, trackedAnswer(member, gates, 0).answer.state === 'done'),
      );
    case 'still-multi-cluster':
      return same(sharedProgress(observed, binding, goal.cluster));
    case 'endpoints-healthy': {
      const unread = [member.eligible, member.tracked, member.registered].find(({ ok }) => !ok);
      if (unread && !unread.ok) return same(unknownBy(unread.problem));
      const denied = registrationDenied(member);
      const answer = { ...healthProgress(member), ...(denied ? { problem: denied } : {}) };
      const hopeless = answer.state === 'done' ? undefined : unforwarded(member, observed);
      if (hopeless) {
        const state = now - first >= emptyAfterMs ? 'stuck' : 'converging';
        const progress = { goal, ...answer, state, problem: hopeless } as const;
        return { progress, memory: { ...others, [id]: first } };
      }
      if (answer.state !== 'done' || answer.total > 0) {
        return { progress: { goal, ...answer }, memory: others };
      }
      const lasted = now - first >= emptyAfterMs;
      return {
        progress: { goal, ...answer, state: lasted ? 'done' : 'converging' },
        memory: { ...others, [id]: first },
      };
    }
    case 'binding-mended': {
      const look = repairProgress(goal, observed, cluster, binding, memory);
      return { progress: { goal, ...look.answer }, memory: look.memory };
    }
    case 'none-leaked': {
      const { answer, waits } = leakedAnswer(member, goal.targets, now - first);
      return { progress: { goal, ...answer }, memory: waits ? { ...others, [id]: first } : others };
    }
    case 'endpoints-tracked': {
      const { answer, waits } = trackedAnswer(member, gates, now - first);
      return { progress: { goal, ...answer }, memory: waits ? { ...others, [id]: first } : others };
    }
  }
}
