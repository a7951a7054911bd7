import { advice, awsHint, describeHint, shareByHandHint } from '../model/hint.ts';
import { nameText } from '../model/kubernetes.ts';
import { parseArn } from '../model/arn.ts';
import { valueOf } from '../model/problem.ts';
import { count, listed } from '../model/words.ts';
import { bindingsOf } from '../observed/enrollment.ts';
import { shiftedZones } from '../verify/owner-problems.ts';
import { check, type Check, type Wrong } from '../plan/check.ts';
import { weightedActions } from './adopted-service.ts';
import { listenersOf } from './agreement-checks.ts';
import { othersThan, saving, unclaimedTargets } from './at-stake.ts';
import { type HandoverCase, sidesOf } from './handover-case.ts';
import { aboutSide, eachSideCheck, needed, sideText } from './side-check.ts';

/** A controller deregisters what an exclusive binding of its own does not have. */
const allShared = check<HandoverCase>('binding-exclusive', 'blocker', (subject) =>
  subject.observed.clusters.flatMap((cluster) =>
    subject.enrollment.arns
      .flatMap((arn) => bindingsOf(cluster, arn))
      .filter(({ multiCluster }) => !multiCluster)
      .map((binding): Wrong => {
        const { namespace, name, targetGroupArn } = binding;
        const others = othersThan(subject, cluster, [targetGroupArn]);
        return {
          message: `${nameText(binding)} in ${cluster.context} is exclusive: its controller deregisters the targets of every other cluster.`,
          about: { cluster: cluster.context, binding: { namespace, name } },
          hints: [shareByHandHint(cluster.context, binding)],
          ...saving(others),
        };
      }),
  ),
);

/** v3.0.0 renamed the target groups of such a listener: the controller replaces them. */
const unweighted = check<HandoverCase>('listener-weighted', 'blocker', (subject) => {
  const listeners = listenersOf(subject);
  if (!listeners.ok) return needed(listeners.problem);
  const several = listeners.value.filter(({ targetGroupArns }) => targetGroupArns.length > 1);
  const { arn } = subject.loadBalancer;
  return [
    ...several.map((listener): Wrong => ({
      message: `Listener ${listener.port} of load balancer ${subject.loadBalancer.name} forwards to ${listener.targetGroupArns.length} target groups: ${listed(listener.targetGroupArns.map((one) => parseArn(one)?.name ?? one))}. The controllers of different versions give these different names, so nlbmc does not hand them over.`,
      about: { port: listener.port },
      hints: [awsHint(['elbv2', 'describe-listeners', '--load-balancer-arn', arn], arn)],
    })),
    ...sidesOf(subject).flatMap((side): readonly Wrong[] => {
      const actions = side.found ? weightedActions(side.found) : [];
      if (actions.length === 0) return [];
      return [
        {
          message: `${sideText(side)} has an annotation for actions of listener ${listed(actions)}: it may split the traffic to several target groups, which nlbmc does not hand over.`,
          about: aboutSide(side),
          hints: [describeHint(side.cluster.context, 'service', side.service)],
        },
      ];
    }),
  ];
});

/** Its health check is at the health check node port of one Service, which other clusters do not have. */
const everyNode = eachSideCheck('traffic-policy-local', 'blocker', (side, subject) => {
  const { observed, enrollment } = subject;
  const ofInstances = enrollment.arns.filter((arn) => {
    const group = observed.targetGroups[arn];
    return group && valueOf(group)?.targetType === 'instance';
  });
  if (ofInstances.length === 0 || side.found?.externalTrafficPolicy !== 'Local') return undefined;
  return {
    message: `${sideText(side)} has externalTrafficPolicy: Local, and the targets are instances: its controller checks their health at the health check node port of that Service, which is another number in each cluster.`,
    about: aboutSide(side),
    hints: [advice('Use targets of type ip, or externalTrafficPolicy: Cluster.')],
  };
});

/** Zones come back while the tags move: which of the two it was that changed a target could not be told. */
const noShift = check<HandoverCase>('zone-shifted', 'blocker', ({ observed, enrollment }) =>
  shiftedZones(observed, enrollment.arns),
);

/** Their bindings cannot be given the new security group, so the old one stays on the load balancer. */
const allClaimed = check<HandoverCase>('target-unclaimed', 'caution', (subject) => {
  const unclaimed = unclaimedTargets(subject);
  if (unclaimed.length === 0) return undefined;
  const one = unclaimed.length === 1;
  return {
    message: `No listed cluster tracks ${count(unclaimed.length, 'registered target')}: nlbmc cannot give ${one ? 'its binding' : 'their bindings'} the new security group. So the load balancer keeps the backend security group of ${subject.from?.cluster.context ?? 'the former owner'} for ${one ? 'it' : 'them'}.`,
    about: { targetGroup: unclaimed[0]?.arn ?? '' },
    hints: [advice('List every cluster that has targets there.')],
  };
});

/** Whether the target groups are shared in a way that outlives a change of the owner. */
export const sharingChecks = {
  allShared,
  unweighted,
  everyNode,
  noShift,
  allClaimed,
} satisfies Record<string, Check<HandoverCase>>;
