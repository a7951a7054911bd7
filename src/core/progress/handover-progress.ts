import { managerOf } from '../model/annotations.ts';
import { nameText, sameName } from '../model/kubernetes.ts';
import { valueOf } from '../model/problem.ts';
import { count } from '../model/words.ts';
import { clusterOf } from '../observed/enrollment.ts';
import { serviceRead } from '../observed/member.ts';
import type { Observed } from '../observed/observed.ts';
import type { HandoverGoal } from '../plan/goal.ts';
import { adopted } from './adoption-progress.ts';
import { lasting, type Look, seconds } from './lasting.ts';
import {
  type Answer,
  converging,
  done,
  isActedOn,
  type Memory,
  unknownBy,
} from './progress-answer.ts';
import { restarted } from './restart-progress.ts';

/** A pass that was under way may put the finalizer back; one takes less than that. */
const releasedMs = 5_000;
/** From the first of three equal answers to the last: DescribeTags may lag behind AddTags. */
const settledMs = 30_000;
const settledReads = 3;

function released(
  goal: Extract<HandoverGoal, { kind: 'service-released' }>,
  observed: Observed,
  memory: Memory,
): Look {
  const cluster = clusterOf(observed, goal.cluster);
  if (!cluster) return { answer: converging(`${goal.cluster} has not been observed`), memory };
  const service = serviceRead(cluster, goal.service);
  if (!service.ok) return { answer: unknownBy(service.problem), memory };
  const free = service.value === undefined || managerOf(service.value) === undefined;
  const last = lasting(`released/${goal.cluster}`, free, observed, memory);
  // The finalizer is there again: the wait is over, and what is planned next takes it off again.
  if (!free) return { answer: done('the finalizer is there again'), memory: last.memory };
  const text = `no controller manages Service ${nameText(goal.service)}`;
  const answer =
    last.sinceMs >= releasedMs ? done(text) : converging(`${text}, for ${seconds(last.sinceMs)}`);
  return { answer, memory: last.memory };
}

function tagsOf(observed: Observed, id: string): Readonly<Record<string, string>> | undefined {
  const balancer = valueOf(observed.loadBalancer);
  const group = observed.targetGroups[id];
  const read = id === balancer?.arn ? balancer.tags : group && valueOf(group)?.tags;
  if (read) return valueOf(read);
  const listeners = observed.handover && valueOf(observed.handover.listenerTags);
  if (listeners?.[id]) return listeners[id];
  const groups = balancer?.securityGroups && valueOf(balancer.securityGroups);
  return groups?.find((one) => one.id === id)?.tags;
}

function settled(
  { tags }: Extract<HandoverGoal, { kind: 'tags-settled' }>,
  observed: Observed,
  memory: Memory,
): Look {
  const read = Object.entries(tags).map(([id, wanted]) => ({
    wanted,
    found: tagsOf(observed, id),
  }));
  const equal = read.filter(
    ({ wanted, found }) =>
      found && Object.entries(wanted).every(([key, value]) => (found[key] ?? null) === value),
  ).length;
  const total = read.length;
  const last = lasting('tags', equal === total, observed, memory);
  const text = `AWS gives the new tags of ${equal} of ${count(total, 'resource')}`;
  if (equal < total) return { answer: converging(text, equal, total), memory: last.memory };
  const enough = last.reads >= settledReads && last.sinceMs >= settledMs;
  return {
    answer: enough
      ? done(`${text}, for ${settledMs / 1000}s`, equal, total)
      : converging(`${text}, for ${seconds(last.sinceMs)}`, equal, total),
    memory: last.memory,
  };
}

function rulesApplied(
  goal: Extract<HandoverGoal, { kind: 'rules-applied' }>,
  observed: Observed,
): Answer {
  const cluster = clusterOf(observed, goal.cluster);
  if (!cluster) return converging(`${goal.cluster} has not been observed`);
  if (!cluster.bindings.ok) return unknownBy(cluster.bindings.problem);
  const binding = cluster.bindings.value.find((one) => sameName(one, goal.binding));
  if (!binding) return converging(`${nameText(goal.binding)} is not there`);
  return isActedOn(binding)
    ? done(`the network rules of ${nameText(binding)} are in place`)
    : converging(`the controller has not acted on the network rules of ${nameText(binding)} yet`);
}

function groupRemoved(groupId: string, { loadBalancer }: Observed): Answer {
  if (!loadBalancer.ok) return unknownBy(loadBalancer.problem);
  return loadBalancer.value.securityGroupIds.includes(groupId)
    ? converging(`the load balancer still has security group ${groupId}`)
    : done(`the load balancer does not have security group ${groupId}`);
}

/**
 * How far a goal of a handover is. What has to last is remembered: since when it does, and how often it
 * was seen in a row.
 */
export function handoverProgress(goal: HandoverGoal, observed: Observed, memory: Memory): Look {
  switch (goal.kind) {
    case 'service-released':
      return released(goal, observed, memory);
    case 'tags-settled':
      return settled(goal, observed, memory);
    case 'controller-restarted':
      return { answer: restarted(goal, observed), memory };
    case 'service-adopted':
      return adopted(goal, observed, memory);
    case 'rules-applied':
      return { answer: rulesApplied(goal, observed), memory };
    case 'group-removed':
      return { answer: groupRemoved(goal.groupId, observed), memory };
  }
}
