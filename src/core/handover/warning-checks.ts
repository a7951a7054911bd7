import { peerGroups } from '../model/backend-group.ts';
import { advice, kubectlHint, noted } from '../model/hint.ts';
import { stackText } from '../model/owner-words.ts';
import type { Tags } from '../model/aws.ts';
import { valueOf } from '../model/problem.ts';
import { count, listed } from '../model/words.ts';
import { clusterTag } from '../observed/owner-tags.ts';
import { bindingsRead } from '../observed/enrollment.ts';
import { sameName } from '../model/kubernetes.ts';
import type { Check } from '../plan/check.ts';
import { skippedUnread } from '../plan/check.ts';
import { additionalTags, adoptedService } from './adopted-service.ts';
import { editController, listOf, processOf } from './controller-flags.ts';
import type { HandoverCase } from './handover-case.ts';
import { aboutSide, eachSideCheck, sideCheck } from './side-check.ts';

/** Tags that a controller sets itself, and those that it leaves (`pkg/deploy/tracking/provider.go`). */
const isTracking = (key: string): boolean =>
  key.startsWith('service.k8s.aws/') ||
  ['elbv2.k8s.aws/cluster', 'elbv2.k8s.aws/cluster-region', 'ingress.k8s.aws/cluster'].includes(
    key,
  ) ||
  // AWS keeps these for itself.
  key.startsWith('aws:');

/** Tags by key, of everything that is handed over: the load balancer, its listeners and target groups. */
function tagsThere({ loadBalancer, facts, observed, enrollment }: HandoverCase): Tags {
  const groups = enrollment.arns.map((arn) => {
    const group = observed.targetGroups[arn];
    const tags = group && valueOf(group)?.tags;
    return (tags && valueOf(tags)) ?? {};
  });
  const listeners = Object.values(valueOf(facts.listenerTags) ?? {});
  const balancer = loadBalancer.tags ? (valueOf(loadBalancer.tags) ?? {}) : {};
  return Object.assign({}, ...groups, ...listeners, balancer) as Tags;
}

/** A controller removes every tag that it would not set (`pkg/deploy/elbv2/tagging_manager.go`, ReconcileTags). */
const tagsStay = sideCheck('to', 'tags-removed', 'caution', (to, subject) => {
  const controller = processOf(subject, to);
  if (!controller.ok) return skippedUnread(controller.problem);
  const service = adoptedService(subject, to);
  const named = (name: string): readonly string[] =>
    listOf(controller.value, name).map((item) => item.split('=')[0] ?? '');
  const kept = new Set([
    ...named('external-managed-tags'),
    ...named('default-tags'),
    ...(service ? additionalTags(service) : []),
  ]);
  // AWS gives tags in no order.
  const gone = Object.entries(tagsThere(subject))
    .filter(([key]) => !isTracking(key) && !kept.has(key))
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  if (gone.length === 0) return undefined;
  return {
    message: `The controller of ${to.cluster.context} removes ${count(gone.length, 'tag')} from the load balancer, its listeners and target groups, since it would not set ${gone.length === 1 ? 'it' : 'them'}: ${listed(gone.map(([key]) => key))}.`,
    about: aboutSide(to),
    hints: [
      noted(
        editController(to),
        `--external-managed-tags=${gone.map(([key]) => key).join(',')} keeps them`,
      ),
    ],
    details: gone.map(([key, value]) => `${key}=${value}`),
  };
});

/** Its webhooks have `failurePolicy: Fail`, and its pods answer them. */
const webhooksAnswer = eachSideCheck('controller-single', 'caution', (side, subject) => {
  const controller = processOf(subject, side);
  if (!controller.ok || controller.value.replicas !== 1) return undefined;
  const { context } = side.cluster;
  const { namespace, name } = controller.value.deployment;
  return {
    message: `The controller of ${context} has one replica. While it restarts, ${context} refuses new pods and Services, because the webhooks of the controller do not answer.`,
    about: { cluster: context },
    hints: [kubectlHint({ context, namespace }, 'scale', `deployment/${name}`, '--replicas=2')],
  };
});

/** The controller deletes its group with the last Service that uses it (`pkg/networking/backend_sg_provider.go`). */
const groupFree = sideCheck('from', 'backend-group-held', 'caution', (from, subject) => {
  const { facts, loadBalancer, enrollment } = subject;
  const held = (valueOf(facts.groups) ?? []).filter(
    ({ id, tags }) =>
      loadBalancer.securityGroupIds.includes(id) &&
      tags['elbv2.k8s.aws/resource'] === 'backend-sg' &&
      tags[clusterTag] === from.clusterName,
  );
  const [group] = held;
  if (!group) return undefined;
  const others = bindingsRead(from.cluster).filter(
    (binding) =>
      binding.stack !== undefined &&
      !sameName(binding.stack, from.service) &&
      !enrollment.arns.includes(binding.targetGroupArn) &&
      peerGroups(binding).includes(group.id),
  );
  const stacks = [...new Set(others.map(({ stack }) => (stack ? stackText(stack) : '')))];
  if (stacks.length === 0) return undefined;
  return {
    message: `${listed(stacks)} of ${from.cluster.context} ${stacks.length === 1 ? 'uses' : 'use'} security group ${group.id}, too. Until the handover is finished, load balancer ${loadBalancer.name} has that group: deleting the last of them does not end, because the controller cannot delete the group.`,
    about: { cluster: from.cluster.context, securityGroup: group.id },
    hints: [advice('Do not delete these while the handover goes on, nor the cluster.')],
  };
});

/** What a person should know before a handover, although nothing is wrong. */
export const warningChecks = { tagsStay, webhooksAnswer, groupFree } satisfies Record<
  string,
  Check<HandoverCase>
>;
