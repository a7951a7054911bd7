import { managerOf } from '../model/annotations.ts';
import type { ControllerProcess, TaggedResource } from '../model/handover.ts';
import { advice } from '../model/hint.ts';
import { millisOf } from '../model/instant.ts';
import { nameText, sameName } from '../model/kubernetes.ts';
import type { Problem } from '../model/problem.ts';
import { valueOf } from '../model/problem.ts';
import { count, listed } from '../model/words.ts';
import { bindingsOfService, clusterOf } from '../observed/enrollment.ts';
import { serviceRead } from '../observed/member.ts';
import type { Observed } from '../observed/observed.ts';
import { ownerInTags, showsAddress } from '../observed/owner-tags.ts';
import type { HandoverGoal } from '../plan/goal.ts';
import {
  type Answer,
  converging,
  done,
  isActedOn,
  type Memory,
  unknownBy,
} from './progress-answer.ts';

interface Look {
  readonly answer: Answer;
  readonly memory: Memory;
}

/** A pass that was under way may put the finalizer back; one takes less than that. */
const releasedMs = 5_000;
/** From the first of three equal answers to the last: DescribeTags may lag behind AddTags. */
const settledMs = 30_000;
const settledReads = 3;
/** A controller that does not find the load balancer makes another one within its first passes. */
const aloneMs = 60_000;

/** What has to last: `since` is when it began to, `reads` how often it was seen in a row. */
function lasting(
  id: string,
  holds: boolean,
  observed: Observed,
  memory: Memory,
): { readonly sinceMs: number; readonly reads: number; readonly memory: Memory } {
  const { [id]: since, [`${id}#`]: reads = 0, ...others } = memory;
  if (!holds) return { sinceMs: 0, reads: 0, memory: others };
  const now = millisOf(observed.at);
  const first = since ?? now;
  return {
    sinceMs: now - first,
    reads: reads + 1,
    memory: { ...others, [id]: first, [`${id}#`]: reads + 1 },
  };
}

const seconds = (ms: number): string => `${Math.floor(ms / 1000)}s`;

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

/** Whether the holder of a Lease, `POD_UUID`, is this pod (controller-runtime, pkg/leaderelection). */
const leads = (leader: string | undefined, pod: string): boolean =>
  leader?.startsWith(`${pod}_`) === true;

/** Whether every process of a controller began after that time, and one of them leads. */
export function hasRestarted(process: ControllerProcess, since: string): boolean {
  const { pods, rolledOut, leader, replicas } = process;
  return (
    rolledOut &&
    pods.length === replicas &&
    replicas > 0 &&
    pods.every(
      ({ startedAt, ready }) =>
        ready && startedAt !== undefined && millisOf(startedAt) > millisOf(since),
    ) &&
    pods.some(({ name }) => leads(leader, name))
  );
}

function restarted(
  {
    cluster,
    deployment,
    service: named,
    note,
  }: Extract<HandoverGoal, { kind: 'controller-restarted' }>,
  observed: Observed,
): Answer {
  const process = observed.handover?.controllers[cluster];
  const view = clusterOf(observed, cluster);
  if (!process || !view) return converging(`the controller of ${cluster} has not been observed`);
  if (!process.ok) return unknownBy(process.problem);
  const service = serviceRead(view, named);
  if (!service.ok) return unknownBy(service.problem);
  const written = service.value?.handoverNote;
  if (written?.value !== note) {
    return converging(
      `Service ${nameText(named)} in ${cluster} does not have the note "${note}" yet`,
    );
  }
  const since = written.at;
  const { pods, rolledOut, leader, replicas } = process.value;
  const name = `${nameText(deployment)} in ${cluster}`;
  if (hasRestarted(process.value, since)) {
    return done(`each pod of ${name} is new, and one of them leads`, replicas, replicas);
  }
  const fresh = pods.filter(
    ({ startedAt }) => startedAt !== undefined && millisOf(startedAt) > millisOf(since),
  );
  if (fresh.length < replicas || !rolledOut) {
    return converging(`${fresh.length} of ${count(replicas, 'pod')} of ${name} restarted`, 0, 1);
  }
  return converging(
    leader === undefined
      ? `no pod of ${name} leads yet`
      : `the pod that leads ${name} is not one of the new ones yet`,
  );
}

/** A load balancer or group with the tags of the Service that is not the one that was handed over. */
function strays(
  { cluster, service, loadBalancerArn, targetGroupArns }: AdoptedGoal,
  observed: Observed,
): readonly TaggedResource[] {
  const tagged = (observed.handover && valueOf(observed.handover.tagged)) ?? [];
  const process = observed.handover?.controllers[cluster];
  const clusterName = process && valueOf(process)?.flags['cluster-name'];
  return tagged.filter(({ arn, tags }) => {
    const owner = ownerInTags(tags);
    return (
      arn !== loadBalancerArn &&
      !targetGroupArns.includes(arn) &&
      owner?.clusterName === clusterName &&
      owner !== undefined &&
      sameName(owner.name, service)
    );
  });
}

type AdoptedGoal = Extract<HandoverGoal, { kind: 'service-adopted' }>;

/** The controller made something beside what was handed over: what it does next costs targets. */
function strayProblem(goal: AdoptedGoal, found: readonly TaggedResource[]): Problem {
  const { cluster, service } = goal;
  return {
    code: 'owner-strays',
    message: `The controller of ${cluster} did not find what was handed over, and has made ${listed(found.map(({ name }) => name))} for Service ${nameText(service)}. Its next pass would move the listeners. Do not restart it.`,
    about: { cluster, service },
    hints: [
      advice(
        'Run the same command again with --back: it takes the Service from that controller first.',
      ),
    ],
  };
}

function adopted(goal: AdoptedGoal, observed: Observed, memory: Memory): Look {
  const { cluster: context, service: name, targetGroupArns } = goal;
  const cluster = clusterOf(observed, context);
  if (!cluster) return { answer: converging(`${context} has not been observed`), memory };
  const facts = observed.handover;
  if (!facts) return { answer: converging('the tags have not been read'), memory };
  if (!facts.tagged.ok) return { answer: unknownBy(facts.tagged.problem), memory };
  const found = strays(goal, observed);
  if (found.length > 0) {
    const problem = strayProblem(goal, found);
    return {
      answer: { state: 'stuck', done: 0, total: 1, text: problem.message, problem },
      memory,
    };
  }
  const service = serviceRead(cluster, name);
  if (!service.ok) return { answer: unknownBy(service.problem), memory };
  const managed = service.value !== undefined && managerOf(service.value) !== undefined;
  const shows = service.value !== undefined && showsAddress(observed, service.value);
  const bindings = bindingsOfService(cluster, targetGroupArns, name);
  const acted = bindings.length === targetGroupArns.length && bindings.every(isActedOn);
  const last = lasting(`adopted/${context}`, managed && shows && acted, observed, memory);
  const what = `Service ${nameText(name)} in ${context}`;
  const open = !managed
    ? `its controller has not taken ${what} on yet`
    : !shows
      ? `${what} does not show the address of the load balancer yet`
      : !acted
        ? `its controller has not acted on every binding of ${what} yet`
        : undefined;
  if (open !== undefined) return { answer: converging(open), memory: last.memory };
  const text = `${what} owns the load balancer, and its controller has made no other`;
  return {
    answer:
      last.sinceMs >= aloneMs ? done(text) : converging(`${text} for ${seconds(last.sinceMs)}`),
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
