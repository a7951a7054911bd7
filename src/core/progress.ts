import { protectionAttribute } from './attributes.ts';
import { bindingsOf, clusterOf, nameText, sameName } from './enrollment.ts';
import { healthProgress } from './health-progress.ts';
import type { Goal, Progress } from './goal.ts';
import { millisOf } from './instant.ts';
import type { Binding } from './kubernetes.ts';
import { eligibleKeys, isRegistered, memberOf } from './member.ts';
import type { Observed } from './observed.ts';
import type { Problem } from './problem.ts';
import { staleCure } from './stale-cure.ts';
import { targetKey, trackedKeys } from './target-key.ts';
import { count } from './words.ts';

/** When a binding was first seen with the flag and its generation acted on: ms since the epoch. */
export type Memory = Readonly<Record<string, number>>;

/** How long a tracked set may lag behind the binding before the controller's memory is to blame. */
const staleAfterMs = 30_000;

type Answer = Omit<Progress, 'goal'>;

const unknownBy = (problem: Problem): Answer => ({
  state: 'unknown',
  done: 0,
  total: 1,
  text: problem.message,
  problem: { ...problem, unread: true },
});

const converging = (text: string, done = 0, total = 1): Answer => ({
  state: 'converging',
  done,
  total,
  text,
});

/** Whether the controller has acted on the binding as it is now. */
const isActedOn = ({ generation, observedGeneration }: Binding): boolean =>
  (observedGeneration ?? 0) >= generation;

function flagProgress(binding: Binding, waitsForGates: boolean): Answer {
  if (!binding.multiCluster) {
    return converging(`${nameText(binding)} is not multi-cluster yet`);
  }
  if (isActedOn(binding)) {
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
  const text = `${nameText(binding)} in ${cluster} has turned exclusive: its controller deregisters the targets of every other cluster`;
  return {
    state: 'stuck',
    done: 0,
    total: 1,
    text,
    problem: {
      code: 'binding-exclusive',
      message: `${text}.`,
      hint: `nlbmc enable ${observed.service.name} -n ${observed.service.namespace} --context ${cluster}`,
      cluster,
      saves: lost,
    },
  };
}

/** The binding a goal is about: read, and there; else how far that leaves the goal. */
function bindingFor(
  goal: Exclude<Goal, { kind: 'deletion-protection' }>,
  observed: Observed,
): Binding | Answer {
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

/**
 * How far a goal is, and what to remember for the next look. A fold: the same observations in the
 * same order give the same answers. Thirty seconds after a binding has the flag and its generation
 * was acted on, a tracked set that is still missing or lacks an own registered endpoint will not
 * come by waiting: the controller goes on with what it has in memory and does not write
 * (`pkg/targetgroupbinding/multicluster_manager.go`).
 */
export function progressOf(
  goal: Goal,
  observed: Observed,
  memory: Memory,
): { readonly progress: Progress; readonly memory: Memory } {
  const same = (answer: Answer): { progress: Progress; memory: Memory } => ({
    progress: { goal, ...answer },
    memory,
  });
  if (goal.kind === 'deletion-protection') return same(protectionProgress(observed));
  const binding = bindingFor(goal, observed);
  const cluster = clusterOf(observed, goal.cluster);
  if ('state' in binding || !cluster) return same(binding as Answer);
  const member = memberOf(observed, cluster, binding);
  const gates = member.eligible.ok && member.eligible.value.some(({ gatePending }) => gatePending);
  switch (goal.kind) {
    case 'binding-multi-cluster':
      return same(flagProgress(binding, gates));
    case 'still-multi-cluster':
      return same(sharedProgress(observed, binding, goal.cluster));
    case 'endpoints-healthy': {
      const unread = [member.eligible, member.tracked, member.registered].find(({ ok }) => !ok);
      return same(unread && !unread.ok ? unknownBy(unread.problem) : healthProgress(member));
    }
    case 'endpoints-tracked':
      break;
  }

  const { eligible, tracked, registered } = member;
  if (!eligible.ok) return same(unknownBy(eligible.problem));
  if (!tracked.ok) return same(unknownBy(tracked.problem));
  if (!registered.ok) return same(unknownBy(registered.problem));
  const keys = eligibleKeys(eligible.value);
  const own = registered.value
    .filter(isRegistered)
    .map(({ target }) => targetKey(target))
    .filter((key) => keys.has(key));
  const recorded = trackedKeys(tracked.value);
  const missing = own.filter((key) => !recorded.has(key));
  const text = `${nameText(binding)} tracks ${own.length - missing.length} of ${count(own.length, 'own registered endpoint')}`;
  const done = own.length - missing.length;
  if (binding.multiCluster && tracked.value.kind === 'set' && missing.length === 0) {
    return same({ state: 'done', done, total: own.length, text });
  }
  const id = `${goal.cluster}/${nameText(binding)}`;
  const caughtUp = binding.multiCluster && isActedOn(binding);
  const { [id]: since, ...others } = memory;
  if (!caughtUp) {
    return {
      progress: {
        goal,
        ...converging(
          gates ? `${text}; pods wait for their readiness gates` : text,
          done,
          own.length,
        ),
      },
      memory: others,
    };
  }
  const now = millisOf(observed.at);
  const first = since ?? now;
  const answer: Answer =
    now - first < staleAfterMs
      ? converging(text, done, own.length)
      : { state: 'stuck', done, total: own.length, text, problem: staleCure(member, missing) };
  return { progress: { goal, ...answer }, memory: { ...others, [id]: first } };
}
