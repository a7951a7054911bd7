import { managerOf } from '../model/annotations.ts';
import type { TaggedResource } from '../model/handover.ts';
import type { ClusterView } from '../model/cluster-view.ts';
import { advice, awsHint, kubectlHint, noted } from '../model/hint.ts';
import { millisOf } from '../model/instant.ts';
import { type KubeEvent, nameText, type Service } from '../model/kubernetes.ts';
import { type Problem, valueOf } from '../model/problem.ts';
import { listed } from '../model/words.ts';
import { bindingsOfService, clusterOf } from '../observed/enrollment.ts';
import { eventLines, serviceWarnings, SUCCESS } from '../observed/events.ts';
import { madeBeside } from '../observed/made-beside.ts';
import { serviceRead } from '../observed/member.ts';
import type { Observed } from '../observed/observed.ts';
import { showsAddress } from '../observed/owner-tags.ts';
import type { HandoverGoal } from '../plan/goal.ts';
import { toldOfAdoption } from './adoption-event.ts';
import { lasting, type Look, seconds } from './lasting.ts';
import {
  type Answer,
  converging,
  done,
  isActedOn,
  type Memory,
  unknownBy,
} from './progress-answer.ts';

/** A controller that does not find the load balancer makes another one within its first passes. */
const aloneMs = 60_000;
/** An event follows the pass at once; one that is not there by then was lost: the other proofs have to do. */
const eventMs = 120_000;

/** What the controller made because it did not find what was handed over. */
function besideOf(goal: AdoptedGoal, observed: Observed): readonly TaggedResource[] {
  const process = observed.handover?.controllers[goal.cluster];
  const clusterName = process && valueOf(process)?.flags['cluster-name'];
  return madeBeside(observed, { ...goal, clusterName });
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
      ...found.map(({ kind, arn }) =>
        kind === 'load-balancer'
          ? noted(
              awsHint(['elbv2', 'describe-load-balancers', '--load-balancer-arns', arn], arn),
              'made beside the one that was handed over',
            )
          : awsHint(['elbv2', 'describe-target-groups', '--target-group-arns', arn], arn),
      ),
    ],
  };
}

/** AWS refuses the name of a placeholder: the controller did not see the tags, and has stopped there. */
const STALE = 'DuplicateTargetGroupName';

function staleProblem({ cluster, service }: AdoptedGoal, observed: Observed): Problem {
  const controller = observed.handover?.controllers[cluster];
  const deployment = controller && valueOf(controller)?.deployment;
  return {
    code: 'reconcile-failed',
    message: `The controller of ${cluster} does not see the tags of the load balancer yet, and wants to make target groups of its own for Service ${nameText(service)}. The placeholders keep it from that: nothing has changed in AWS. When it starts again, it sees them.`,
    about: { cluster, service },
    hints: deployment
      ? [
          kubectlHint(
            { context: cluster, namespace: deployment.namespace },
            'rollout',
            'restart',
            'deployment',
            deployment.name,
          ),
          advice('Then run the same command again, or run it with --back.'),
        ]
      : [advice('Restart it. Then run the same command again, or run it with --back.')],
  };
}

/** Warnings of the controller about the Service since the tags settled, but for those that a success ended. */
function warnings(cluster: ClusterView, service: Service | undefined): readonly KubeEvent[] {
  const since = service?.handoverNote?.at;
  return (service ? serviceWarnings(cluster, service) : []).filter(
    ({ at }) => since !== undefined && millisOf(at) > millisOf(since),
  );
}

/** What is still open, with what the controller has said of it. */
function withWords(
  open: string,
  goal: AdoptedGoal,
  observed: Observed,
  said: readonly KubeEvent[],
): Answer {
  if (said.some(({ message }) => message.includes(STALE))) {
    const problem = staleProblem(goal, observed);
    return { state: 'stuck', done: 0, total: 1, text: problem.message, problem };
  }
  const [line] = eventLines(said, observed.at);
  return converging(line === undefined ? open : `${open}. It says: ${line}`);
}

/** How far the controller of the new owner is. It stops at the first thing that this one makes beside what was handed over. */
export function adopted(goal: AdoptedGoal, observed: Observed, memory: Memory): Look {
  const { cluster: context, service: name, targetGroupArns } = goal;
  const cluster = clusterOf(observed, context);
  if (!cluster) return { answer: converging(`${context} has not been observed`), memory };
  const facts = observed.handover;
  if (!facts) return { answer: converging('the tags have not been read'), memory };
  if (!facts.tagged.ok) return { answer: unknownBy(facts.tagged.problem), memory };
  const found = besideOf(goal, observed);
  if (found.length > 0) {
    const problem = strayProblem(goal, found);
    return {
      answer: { state: 'stuck', done: 0, total: 1, text: problem.message, problem },
      memory,
    };
  }
  const service = serviceRead(cluster, name);
  if (!service.ok) return { answer: unknownBy(service.problem), memory };
  const held = service.value;
  const managed = held !== undefined && managerOf(held) !== undefined;
  const shows = held !== undefined && showsAddress(observed, held);
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
  const before = `unmanaged/${context}`;
  const kept = managed ? last.memory : { ...last.memory, [before]: millisOf(observed.at) };
  const said = warnings(cluster, held);
  if (!held || open !== undefined) {
    return { answer: withWords(open ?? what, goal, observed, said), memory: kept };
  }
  const told = toldOfAdoption(observed, cluster, held, goal.note, {
    now: observed.at,
    fresh: before in kept,
  });
  // It has begun, and what it says is that it does not get to the end.
  if (told.kind !== 'reconciled' && said.length > 0) {
    const text = `its controller has not reconciled ${what} yet`;
    return { answer: withWords(text, goal, observed, said), memory: kept };
  }
  const enough = told.kind === 'silent' ? eventMs : aloneMs;
  const proof = told.kind === 'reconciled' ? '' : `, without the event ${SUCCESS}`;
  const text = `${what} owns the load balancer, and its controller has made no other`;
  return {
    answer:
      last.sinceMs >= enough
        ? done(`${text}${proof}`)
        : converging(`${text} for ${seconds(last.sinceMs)}${proof}`),
    memory: kept,
  };
}
