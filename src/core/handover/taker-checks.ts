import { releasedClass } from '../model/handover.ts';
import { managerOf } from '../model/annotations.ts';
import { awsHint, describeHint, editServiceHint, type Hint, noted } from '../model/hint.ts';
import { parseArn } from '../model/arn.ts';
import { valueOf } from '../model/problem.ts';
import { count, listed } from '../model/words.ts';
import { clusterTag, isTaggedFor, showsAddress } from '../observed/owner-tags.ts';
import { registeredOn, saving } from './at-stake.ts';
import { processOf, textOf } from './controller-flags.ts';
import type { HandoverCase, Side } from './handover-case.ts';
import { aboutSide, needed, sideCheck, sideText, typedAgain } from './side-check.ts';

/**
 * Of two target groups with the same tags the controller takes the last one it finds, and of two load
 * balancers too (`target_group_synthesizer.go`, matchResAndSDKTargetGroups): then a listener moves to a
 * target group without targets.
 */
const nothingElse = sideCheck('to', 'stack-taken', 'blocker', (to, subject) => {
  const { facts, enrollment, loadBalancer } = subject;
  if (!facts.tagged.ok) return needed(facts.tagged.problem);
  if (!facts.groups.ok) return needed(facts.groups.problem);
  const own = new Set([loadBalancer.arn, ...enrollment.arns, ...loadBalancer.securityGroupIds]);
  const stray = [
    ...facts.tagged.value.map(({ arn, name, kind, tags }) => ({
      id: arn,
      text: `${kind === 'load-balancer' ? 'load balancer' : 'target group'} ${name}`,
      tags,
    })),
    ...facts.groups.value.map(({ id, name, tags }) => ({
      id,
      text: `security group ${id} (${name})`,
      tags,
    })),
  ].filter(({ id, tags }) => !own.has(id) && isTaggedFor(tags, to.service, to.clusterName));
  const [first] = stray;
  if (!first) return undefined;
  const is = stray.length === 1 ? 'has' : 'have';
  return {
    message: `${listed(stray.map(({ text }) => text))} ${is} the tags of ${sideText(to)} already (${clusterTag}=${to.clusterName}). Of two with these tags its controller takes the wrong one, and the listeners lose ${count(registeredOn(subject).length, 'target')}.`,
    about: aboutSide(to),
    hints: [
      first.id.startsWith('arn:')
        ? awsHint(
            ['elbv2', 'remove-tags', '--resource-arns', first.id, '--tag-keys', clusterTag],
            first.id,
          )
        : awsHint(
            ['ec2', 'delete-tags', '--resources', first.id, '--tags', `Key=${clusterTag}`],
            loadBalancer.arn,
          ),
    ],
    details: stray.map(({ id }) => parseArn(id)?.name ?? id),
    ...saving(registeredOn(subject)),
  };
});

/** Whether the Service is on its way to this load balancer: its controller has only to act on it. */
const isOnItsWay = ({ loadBalancer }: HandoverCase, side: Side): boolean =>
  isTaggedFor(
    (loadBalancer.tags && valueOf(loadBalancer.tags)) ?? {},
    side.service,
    side.clusterName,
  );

/**
 * On the way back, a Service that has no load balancer was set back by a tool after its release. An edit by
 * hand would leave it in between: the handover releases it as a whole.
 */
const releasedAgain = (subject: HandoverCase): Hint =>
  noted(
    typedAgain(subject, { back: false, until: 'release' }),
    'first pause the tool that sets the Service back; afterwards run it with --back',
  );

/** A load balancer of the Service's own would be lost with the address that its clients use. */
const noOther = sideCheck('to', 'other-load-balancer', 'blocker', (to, subject) => {
  const { found, cluster, service } = to;
  if (!found || found.type !== 'LoadBalancer') return undefined;
  if (showsAddress(subject.observed, found)) return undefined;
  const controller = processOf(subject, to);
  const own = controller.ok ? textOf(controller.value, 'load-balancer-class') : undefined;
  const { loadBalancerClass: className, hostname } = found;
  if (className === releasedClass) return undefined;
  const isOwn = managerOf(found) === 'lbc' || className === own;
  if (isOwn && hostname === undefined && isOnItsWay(subject, to)) return undefined;
  return {
    message: `${sideText(to)} is of type LoadBalancer${className === undefined ? '' : ` (class ${className})`}${
      hostname === undefined ? '' : ` and has the load balancer ${hostname}`
    }. A Service has one load balancer: it can take ${subject.loadBalancer.name} over only without one of its own.`,
    about: aboutSide(to),
    hints:
      subject.intent.back && hostname === undefined
        ? [releasedAgain(subject)]
        : [
            describeHint(cluster.context, 'service', service),
            editServiceHint(cluster.context, service),
          ],
  };
});

/** Whether the taker has nothing else under the names that the load balancer gets. */
export const takerChecks = { nothingElse, noOther };
