import {
  runChecks,
  check,
  type Check,
  cautionsOf,
  type Found,
  merged,
  type Wrong,
} from '../plan/check.ts';
import { controllerChecks } from '../checks/controller.ts';
import { groupChecks, sharedBindings } from '../checks/groups.ts';
import type { ClusterView } from '../model/cluster-view.ts';
import { describeHint, noted } from '../model/hint.ts';
import type { EnableIntent } from '../model/intent.ts';
import { type Binding, nameText, type Service } from '../model/kubernetes.ts';
import { accepting, enableHint } from '../model/nlbmc-hints.ts';
import type { About } from '../model/problem.ts';
import { listed } from '../model/words.ts';
import { bindingsOfService } from '../observed/enrollment.ts';
import { flagOwners, toolsOfBinding } from '../observed/managers.ts';
import { memberOf, unreadOf } from '../observed/member.ts';
import type { Observed } from '../observed/observed.ts';
import { overlooked } from '../observed/overlooked.ts';
import type { Enrollment } from '../observed/owner.ts';
import { flagStep, withFlag } from '../plan/flag.ts';
import type { Goal } from '../plan/goal.ts';
import type { Plan } from '../plan/plan.ts';
import { refused } from '../plan/refused.ts';
import { rolloutChecks, type RolloutCase, settlingOf } from './rollout.ts';

/** A Service whose bindings a person made, and those of them that are exclusive. */
interface InPlace {
  readonly observed: Observed;
  readonly intent: EnableIntent;
  readonly cluster: ClusterView;
  readonly service: Service;
  readonly exclusive: readonly Binding[];
}

const about = ({ cluster }: InPlace, { namespace, name }: Binding): About => ({
  cluster: cluster.context,
  binding: { namespace, name },
});

/** A Service in deletion takes its targets with it: there is nothing to share any more. */
const staying = check<InPlace>('service-terminating', 'blocker', ({ cluster, service }) =>
  service.terminating
    ? {
        message: `Service ${nameText(service)} in ${cluster.context} is being deleted. This cannot be undone.`,
        about: {
          cluster: cluster.context,
          service: { namespace: service.namespace, name: service.name },
        },
        hints: [describeHint(cluster.context, 'service', service)],
      }
    : undefined,
);

/** The manager that owns the flag may have a source that sets it again. */
const ownFlag = check<InPlace>('field-conflict', 'blocker', (subject) => {
  const { intent, cluster, exclusive } = subject;
  if (intent.forceConflicts) return undefined;
  return exclusive.flatMap((binding): readonly Wrong[] => {
    const owners = flagOwners(binding);
    if (owners.length === 0) return [];
    return [
      {
        message: `spec.multiClusterTargetGroup of ${nameText(binding)} in ${cluster.context} is owned by ${listed(owners)}.`,
        about: about(subject, binding),
        hints: [
          accepting(
            enableHint(intent.service, intent.context, { 'force-conflicts': true }),
            'nlbmc takes this field over from its manager',
          ),
        ],
      },
    ];
  });
});

const unmanaged = check<InPlace>('managed-elsewhere', 'caution', (subject) =>
  subject.exclusive.flatMap((binding): readonly Wrong[] => {
    const tools = toolsOfBinding(binding);
    if (tools.length === 0) return [];
    return [
      {
        message: `${nameText(binding)} in ${subject.cluster.context} is also written by ${listed(tools)}: if it sets the flag back, the controller deregisters the targets of every other cluster.`,
        about: about(subject, binding),
        hints: [
          noted(
            enableHint(subject.intent.service, subject.intent.context, { output: 'manifest' }),
            'put the flag into its source first',
          ),
        ],
        grave: true,
      },
    ];
  }),
);

const inPlaceChecks: readonly Check<InPlace>[] = [staying, ownFlag, unmanaged];

/**
 * Decides how hand-made bindings of a Service are shared, where no controller owns the load
 * balancer: the flag is set in each, in place. Never deleted and made again: that deregisters every
 * target. Refused where a record lists registered targets of others, which the controller would
 * deregister. Needed, and refused as unknown when unread: what the bindings track, their endpoints,
 * and the target groups.
 */
export function planInPlace(
  observed: Observed,
  intent: EnableIntent,
  found: {
    readonly cluster: ClusterView;
    readonly service: Service;
    readonly enrollment: Enrollment;
  },
): Plan {
  const { cluster, service, enrollment } = found;
  const bindings = sharedBindings(observed, bindingsOfService(cluster, enrollment.arns, service));
  const members = bindings.map((binding) => memberOf(observed, cluster, binding));
  const unread = unreadOf(
    members.flatMap((member) => [
      member.service,
      member.eligible,
      member.tracked,
      member.registered,
    ]),
    cluster.context,
  );
  if (unread.length > 0) return refused(unread);

  const exclusive = bindings.filter(({ multiCluster }) => !multiCluster);
  const steps = exclusive.map((binding) => flagStep(cluster.context, binding, true));
  const flavour = bindings.some((binding) => binding.flavour === 'auto-mode') ? 'auto-mode' : 'lbc';
  const rollout: RolloutCase = {
    observed,
    intent,
    members: members.filter(({ binding }) => !binding.multiCluster),
  };
  const checked: Found = merged([
    runChecks(groupChecks, { observed, cluster, service }),
    runChecks(inPlaceChecks, { observed, intent, cluster, service, exclusive }),
    ...(steps.length > 0
      ? [runChecks(controllerChecks, { cluster, namespace: service.namespace, flavour })]
      : []),
    runChecks(rolloutChecks, rollout),
  ]);
  if (checked.blockers.length > 0) return refused(checked.blockers, checked.skips);
  return {
    steps,
    documents: bindings.map((binding) => withFlag(cluster.context, binding, true)),
    rehearsals: steps.map((step) => ({ kind: 'step', step }) as const),
    goals: members.flatMap(
      ({ binding: { namespace, name, multiCluster }, eligible }): readonly Goal[] => {
        const named = { cluster: cluster.context, binding: { namespace, name } };
        return [
          { kind: 'binding-multi-cluster', ...named },
          { kind: 'endpoints-tracked', ...named },
          // Once the flag is on it cannot be told any more which of the strays had just been endpoints.
          ...(multiCluster || !eligible.ok
            ? []
            : [
                {
                  kind: 'none-leaked',
                  ...named,
                  targets: eligible.value.map(({ target }) => target),
                } as const,
              ]),
        ];
      },
    ),
    blockers: [],
    ...cautionsOf(checked, steps),
    settling: settlingOf(rollout),
    skips: [...checked.skips, ...overlooked(observed, [...checked.skips, ...checked.cautions])],
  };
}
