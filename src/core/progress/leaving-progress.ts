import { purgeHint } from '../model/nlbmc-hints.ts';
import { attributeReader } from '../observed/attribute-reader.ts';
import { attributesAnnotation } from '../model/annotations.ts';
import { protectionAttribute, protectsDeletion } from '../model/attributes.ts';
import { bindingsOf, clusterOf, ownBindings } from '../observed/enrollment.ts';
import { nameText, sameName } from '../model/kubernetes.ts';
import type { LeavingGoal } from '../plan/goal.ts';
import { healthProgress } from './health-progress.ts';
import { millisOf } from '../model/instant.ts';
import type { Binding, ObjectName } from '../model/kubernetes.ts';
import type { ClusterView } from '../model/cluster-view.ts';
import {
  eligibleKeys,
  isRegistered,
  memberOf,
  readingOf,
  registeredIn,
} from '../observed/member.ts';
import type { Observed } from '../observed/observed.ts';
import type { Problem, Reading } from '../model/problem.ts';
import {
  type Answer,
  converging,
  done,
  isActedOn,
  type Memory,
  unknownBy,
} from './progress-answer.ts';
import { portNumber } from '../model/service-ports.ts';
import { targetKey, targetText, trackedKeys } from '../model/target-key.ts';
import { count } from '../model/words.ts';

interface Look {
  readonly answer: Answer;
  readonly memory: Memory;
}

/**
 * How far a goal is of the commands that take something away, or put it right; what is remembered
 * is since when all that is left is draining, for the countdown.
 */
export function leavingProgress(goal: LeavingGoal, observed: Observed, memory: Memory): Look {
  if (goal.kind === 'targets-gone') return drainProgress(goal, observed, memory);
  const cluster = clusterOf(observed, goal.cluster);
  const answer = cluster
    ? answerIn(goal, observed, cluster)
    : converging(`${goal.cluster} has not been observed`);
  return { answer, memory };
}

type ClusterGoal = Exclude<LeavingGoal, { kind: 'targets-gone' }>;

function answerIn(goal: ClusterGoal, observed: Observed, cluster: ClusterView): Answer {
  switch (goal.kind) {
    case 'binding-gone':
      return onBinding(goal.binding, cluster, (binding) => {
        if (!binding) return done(`${nameText(goal.binding)} is gone`);
        return converging(
          binding.terminating
            ? `${nameText(binding)} is being deleted: its controller deregisters its targets first`
            : `${nameText(binding)} is still there`,
        );
      });
    case 'service-gone':
      return serviceGone(goal.service, cluster);
    case 'tracking-gone': {
      const tracked = readingOf(
        cluster.tracked,
        nameText(goal.binding),
        `The tracked targets of ${nameText(goal.binding)}`,
      );
      if (!tracked.ok) return unknownBy(tracked.problem);
      return tracked.value.kind === 'missing'
        ? done(`there is no ConfigMap of ${nameText(goal.binding)}`)
        : converging(`the ConfigMap of ${nameText(goal.binding)} is still there`);
    }
    case 'binding-exclusive':
      return onBinding(goal.binding, cluster, (binding) => {
        if (!binding) return converging(`${nameText(goal.binding)} is not there`);
        if (binding.multiCluster) return converging(`${nameText(binding)} is still multi-cluster`);
        return isActedOn(binding)
          ? done(`${nameText(binding)} is exclusive`)
          : converging(`${nameText(binding)} is exclusive; the controller has not acted on it yet`);
      });
    case 'deletion-unprotected':
      return unprotected(goal, observed, cluster);
    case 'binding-back':
      return bindingBack(goal, observed, cluster);
    case 'tracked-exactly':
      return onBinding(goal.binding, cluster, (binding) =>
        exactly(binding, goal, observed, cluster),
      );
  }
}

const onBinding = (
  name: ObjectName,
  cluster: ClusterView,
  answer: (binding: Binding | undefined) => Answer,
): Answer =>
  cluster.bindings.ok
    ? answer(cluster.bindings.value.find((binding) => sameName(binding, name)))
    : unknownBy(cluster.bindings.problem);

type GoneGoal = Extract<LeavingGoal, { kind: 'targets-gone' }>;

function drainProgress(goal: GoneGoal, observed: Observed, memory: Memory): Look {
  const { targetGroupArn, targets, delaySeconds } = goal;
  const registered = registeredIn(observed, targetGroupArn);
  if (!registered.ok) return { answer: unknownBy(registered.problem), memory };
  const wanted = new Set(targets.map(targetKey));
  const there = registered.value.filter(
    ({ target, reason }) => wanted.has(targetKey(target)) && reason !== 'Target.NotRegistered',
  );
  const total = targets.length;
  const gone = total - there.length;
  const text = `${gone} of ${count(total, 'target')} gone`;
  const id = `targets-gone/${targetGroupArn}/${[...wanted].toSorted().join()}`;
  const { [id]: since, ...others } = memory;
  if (there.length === 0) return { answer: done(text, total, total), memory: others };
  const serving = there.filter(isRegistered);
  const [first] = serving;
  if (first) {
    const still = `${targetText(first.target)} is still registered`;
    const answer = converging(`${text}; ${still}`, gone, total);
    const problem = forsaken(goal, observed, serving.length);
    return { answer: problem ? { ...answer, problem } : answer, memory: others };
  }
  const now = millisOf(observed.at);
  const drainsSince = since ?? now;
  const left = Math.max(0, Math.ceil(delaySeconds - (now - drainsSince) / 1000));
  const answer = converging(`${text}; the others drain for at most ${left}s`, gone, total);
  return { answer, memory: { ...others, [id]: drainsSince } };
}

/** What to do about targets whose cluster has no binding any more: no controller deregisters them. */
function forsaken(
  { cluster, targetGroupArn }: GoneGoal,
  { clusters, service }: Observed,
  left: number,
): Problem | undefined {
  const view = clusters.find(({ context }) => context === cluster);
  if (!view?.bindings.ok || bindingsOf(view, targetGroupArn).length > 0) return undefined;
  const contexts = clusters.map(({ context }) => context);
  const listed = contexts.length > 1 ? contexts : [{ any: true } as const, ...contexts];
  return {
    code: 'target-unclaimed',
    message: `${count(left, 'target')} of ${view.context} ${left === 1 ? 'is' : 'are'} still registered, but no binding is left, so no controller deregisters ${left === 1 ? 'it' : 'them'}.`,
    hints: [
      {
        ...purgeHint({ service }, listed),
        where: 'with the context of a cluster that is enrolled for …',
      },
    ],
    about: { cluster: view.context, targetGroup: targetGroupArn },
  };
}

function serviceGone(service: ObjectName, cluster: ClusterView): Answer {
  const key = nameText(service);
  const reading: Reading<unknown> = sameName(service, cluster.localService)
    ? cluster.service
    : readingOf(cluster.services, key, `Service ${key}`);
  if (!reading.ok) return unknownBy(reading.problem);
  return reading.value === undefined
    ? done(`Service ${key} is gone`)
    : converging(`Service ${key} is still there`);
}

function unprotected(
  goal: Extract<LeavingGoal, { kind: 'deletion-unprotected' }>,
  { loadBalancer }: Observed,
  cluster: ClusterView,
): Answer {
  if (!cluster.service.ok) return unknownBy(cluster.service.problem);
  const asks = protectsDeletion(
    cluster.service.value?.annotations[attributesAnnotation],
    attributeReader(cluster),
  );
  if (asks) return converging('the Service still requires deletion protection');
  if (!goal.aws) return done('the Service no longer requires deletion protection');
  if (!loadBalancer.ok) return unknownBy(loadBalancer.problem);
  const { attributes, name } = loadBalancer.value;
  if (!attributes.ok) return unknownBy(attributes.problem);
  return attributes.value[protectionAttribute] === 'true'
    ? converging(`deletion protection of ${name} is still on in AWS`)
    : done('deletion protection is off');
}

function bindingBack(
  goal: Extract<LeavingGoal, { kind: 'binding-back' }>,
  observed: Observed,
  cluster: ClusterView,
): Answer {
  if (!cluster.bindings.ok) return unknownBy(cluster.bindings.problem);
  const service = cluster.service.ok ? cluster.service.value : undefined;
  const binding = ownBindings(cluster, goal.service).find(
    ({ servicePort, terminating }) =>
      !terminating && Number(portNumber(service, servicePort)) === goal.port,
  );
  if (!binding)
    return converging(`the controller has not made a binding for port ${goal.port} yet`);
  const member = memberOf(observed, cluster, binding);
  const unread = [member.eligible, member.tracked, member.registered].find(({ ok }) => !ok);
  if (unread && !unread.ok) return unknownBy(unread.problem);
  return healthProgress(member);
}

function exactly(
  binding: Binding | undefined,
  goal: Extract<LeavingGoal, { kind: 'tracked-exactly' }>,
  observed: Observed,
  cluster: ClusterView,
): Answer {
  if (!binding) return converging(`${nameText(goal.binding)} is not there`);
  const { eligible, tracked } = memberOf(observed, cluster, binding);
  if (!eligible.ok) return unknownBy(eligible.problem);
  if (!tracked.ok) return unknownBy(tracked.problem);
  const keys = eligibleKeys(eligible.value);
  const recorded = trackedKeys(tracked.value);
  const missing = [...keys].filter((key) => !recorded.has(key)).length;
  const stale = [...recorded].filter((key) => !keys.has(key)).length;
  if (tracked.value.kind === 'set' && missing === 0 && stale === 0) {
    return done(
      `${nameText(binding)} tracks its ${count(keys.size, 'endpoint')}`,
      keys.size,
      keys.size,
    );
  }
  return converging(
    `${nameText(binding)} tracks ${count(recorded.size, 'target')}, ${stale} of them gone, and lacks ${missing}`,
    keys.size - missing,
    keys.size,
  );
}
