import { SUCCESS } from '../core/observed/events.ts';
import { parseArn } from '../core/model/arn.ts';
import type { Goal, Progress } from '../core/plan/goal.ts';
import { nameText, type ObjectName } from '../core/model/kubernetes.ts';
import { count } from '../core/model/words.ts';
import type { Style } from './style.ts';

const named = (binding: ObjectName, cluster: string): string =>
  `binding ${binding.namespace}/${binding.name} in ${cluster}`;

/** A goal as a sentence that is true when it is reached. */
export function goalText(goal: Goal): string {
  switch (goal.kind) {
    case 'binding-multi-cluster':
      return `${named(goal.binding, goal.cluster)} is multi-cluster, and its controller has acted on that`;
    case 'endpoints-tracked':
      return `${named(goal.binding, goal.cluster)} tracks every own registered endpoint`;
    case 'none-leaked':
      return `every endpoint of ${named(goal.binding, goal.cluster)} that disappears meanwhile is deregistered`;
    case 'endpoints-healthy':
      return `every eligible endpoint of ${named(goal.binding, goal.cluster)} is tracked, registered and healthy`;
    case 'still-multi-cluster':
      return `${named(goal.binding, goal.cluster)} is still multi-cluster`;
    case 'deletion-protection':
      return 'the load balancer has deletion protection';
    case 'targets-gone':
      return `${goal.targets.length === 1 ? 'the target' : `the ${goal.targets.length} targets`}${goal.cluster === undefined ? '' : ` of ${goal.cluster}`} ${goal.targets.length === 1 ? 'has' : 'have'} drained (${goal.delaySeconds}s) and AWS has nothing left of ${goal.targets.length === 1 ? 'it' : 'them'}`;
    case 'binding-gone':
      return `${named(goal.binding, goal.cluster)} is gone`;
    case 'service-gone':
      return `Service ${goal.service.namespace}/${goal.service.name} in ${goal.cluster} is gone`;
    case 'tracking-gone':
      return `the ConfigMap of ${named(goal.binding, goal.cluster)} is gone`;
    case 'binding-exclusive':
      return `${named(goal.binding, goal.cluster)} is exclusive, and its controller has acted on that`;
    case 'deletion-unprotected':
      return goal.aws
        ? 'deletion protection is off, for the Service and in AWS'
        : 'the Service no longer requires deletion protection';
    case 'binding-back':
      return `the controller of ${goal.cluster} has made a binding for port ${goal.port} of Service ${goal.service.namespace}/${goal.service.name} again, and all its endpoints are healthy`;
    case 'binding-mended':
      return `every eligible endpoint of ${named(goal.binding, goal.cluster)} is tracked and registered, and it has no registered target without an endpoint`;
    case 'listener-back':
      return `a listener forwards to target group ${parseArn(goal.targetGroupArn)?.name ?? goal.targetGroupArn} again`;
    case 'service-released':
      return `no controller manages Service ${nameText(goal.service)} in ${goal.cluster} any more`;
    case 'tags-settled':
      return `AWS gives the new tags of ${count(Object.keys(goal.tags).length, 'resource')} three times in a row, over 30s`;
    case 'controller-restarted':
      return `every pod of Deployment ${nameText(goal.deployment)} in ${goal.cluster} is new, and one of them leads`;
    case 'service-adopted':
      return `the controller of ${goal.cluster} manages Service ${nameText(goal.service)} with load balancer ${parseArn(goal.loadBalancerArn)?.name ?? goal.loadBalancerArn}, says so in an event (${SUCCESS}), and makes no other for a minute`;
    case 'rules-applied':
      return `the network rules of ${named(goal.binding, goal.cluster)} are in place`;
    case 'group-removed':
      return `the load balancer does not have security group ${goal.groupId} any more`;
    case 'tracked-exactly':
      return `${named(goal.binding, goal.cluster)} tracks its eligible endpoints and nothing else`;
  }
}

const tones = { done: 'good', converging: 'warn', stuck: 'bad', unknown: 'warn' } as const;
const glyphs = { done: 'good', converging: 'wait', stuck: 'bad', unknown: 'warn' } as const;

/** How far a goal is, in one line: glyph and word, and what it has reached or waits for. */
export function progressLine({ goal, state, text }: Progress, style: Style): string {
  const where = 'cluster' in goal && goal.cluster !== undefined ? `${goal.cluster}: ` : '';
  return `${style.paint(tones[state], `${style.glyph[glyphs[state]]} ${state}`)} ${where}${text}`;
}
