import { releasedClass, taggedNote } from '../model/handover.ts';
import { multiClusterAnnotation, settingsPrefix } from '../model/annotations.ts';
import { settingsInAws } from './settings-in-aws.ts';
import type { Service } from '../model/kubernetes.ts';
import { targetTypeAnnotation } from '../model/service-settings.ts';
import type { Goal } from '../plan/goal.ts';
import type { HandoverStep } from '../plan/handover-step.ts';
import { processOf, textOf } from './controller-flags.ts';
import type { HandoverCase, Side } from './handover-case.ts';
import { patchBinding } from './member-rules.ts';
import { placeholderSteps } from './placeholders.ts';
import { groupsAnnotation, isByAnnotation, rulesAnnotation } from './release.ts';
import { backendsOfOthers, frontendGroup } from './security-groups.ts';
import { balanced, patchesOf, type ServiceFields, unbalanced } from './service-patch.ts';
import { isLabelled, labelsFor, ownBindingsOf } from './standing.ts';

/** The class that the controller of this side serves. */
const classOf = (subject: HandoverCase, side: Side): string => {
  const controller = processOf(subject, side);
  return textOf(controller.ok ? controller.value : { flags: {} }, 'load-balancer-class');
};

const isSetting = (key: string): boolean => key.startsWith(settingsPrefix);

/** Whether the annotation names groups only so that the load balancer keeps them: a controller made one of them. */
export const isKeptList = (subject: HandoverCase, value: string | undefined): boolean =>
  value !== undefined && value.split(',').some((id) => id.trim() === frontendGroup(subject)?.id);

/**
 * The annotations with which the Service of the taker describes the load balancer as it is: those of the
 * giver. On the way back the Service of OLD has its own still. Where OLD is lost, the Service of NEW has
 * them, and what it lacks is read from AWS.
 */
export function settings(
  subject: HandoverCase,
  service: Service,
): Readonly<Record<string, string>> {
  const { from, intent } = subject;
  const own = Object.entries(service.annotations).filter(([key]) => isSetting(key));
  const inAws = settingsInAws(subject);
  if (intent.back || !from?.found) {
    // The release took the annotation of the target type off.
    const read = from ? only(inAws, targetTypeAnnotation) : inAws;
    return { ...read, ...Object.fromEntries(own), [multiClusterAnnotation]: 'true' };
  }
  const { annotations } = from.found;
  const kept = isKeptList(subject, annotations[groupsAnnotation]);
  return Object.fromEntries([
    ...Object.entries(only(inAws, targetTypeAnnotation)),
    ...Object.entries(annotations).filter(
      ([key]) => isSetting(key) && !(kept && [groupsAnnotation, rulesAnnotation].includes(key)),
    ),
    [multiClusterAnnotation, 'true'],
  ]);
}

const only = (
  values: Readonly<Record<string, string>>,
  key: string,
): Readonly<Record<string, string>> => (values[key] === undefined ? {} : { [key]: values[key] });

/**
 * While a group of another cluster lets targets in, the load balancer keeps all of its groups: the
 * controller adds its own, and takes none away.
 */
function keeping(subject: HandoverCase, wanted: Readonly<Record<string, string>>) {
  if (backendsOfOthers(subject).length === 0) {
    return isKeptList(subject, wanted[groupsAnnotation])
      ? { [groupsAnnotation]: null, [rulesAnnotation]: null }
      : {};
  }
  const { securityGroupIds } = subject.loadBalancer;
  return { [groupsAnnotation]: securityGroupIds.join(','), [rulesAnnotation]: 'true' };
}

/** The labels that a binding lacks, by which its controller knows what it made. */
function labelSteps(subject: HandoverCase, side: Side): readonly HandoverStep[] {
  const labels = labelsFor(side);
  return ownBindingsOf(subject, side)
    .filter((binding) => !isLabelled(binding, side))
    .map((binding) =>
      patchBinding(
        { cluster: side.cluster, binding },
        { metadata: { labels } },
        Object.entries(labels).map(([key, value]) => ({
          path: `metadata.labels.${key}`,
          before: binding.labels[key],
          after: value,
        })),
        'adopt',
      ),
    );
}

/**
 * Gives the load balancer to the Service of the taker: first its bindings get the labels of its stack, so
 * that the controller goes on with them; then the Service gets class, type and annotations in one patch.
 * The class is set explicitly: the webhook sets it on Services that are created, and on no others.
 */
export function adoptSteps(subject: HandoverCase): readonly HandoverStep[] {
  const { to: side } = subject;
  const service = side?.found;
  if (!side || !service) return [];
  const wanted = settings(subject, service);
  const annotations = { ...wanted, ...keeping(subject, wanted) };
  const rows: ServiceFields[] = [];
  // It had no class before it was released.
  if (isByAnnotation(service) && service.annotations[`${settingsPrefix}type`] === 'external') {
    rows.push({ annotations });
  } else {
    // While the type is LoadBalancer, the class cannot change.
    if (service.loadBalancerClass === releasedClass) rows.push(unbalanced(service));
    rows.push({ annotations, ...balanced(service, classOf(subject, side)) });
  }
  return [
    ...placeholderSteps(subject),
    ...labelSteps(subject, side),
    ...patchesOf(side, 'adopt', service, rows).steps,
  ];
}

/** That the controller of the taker has taken the load balancer on, and nothing else. */
export const adoptGoals = ({ to, loadBalancer, enrollment }: HandoverCase): readonly Goal[] =>
  to
    ? [
        {
          kind: 'service-adopted',
          cluster: to.cluster.context,
          service: to.service,
          note: taggedNote(to.clusterName),
          loadBalancerArn: loadBalancer.arn,
          targetGroupArns: enrollment.arns,
        },
      ]
    : [];
