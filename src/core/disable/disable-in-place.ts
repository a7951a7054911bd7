import { ownedByOther, ownedElsewhere } from '../checks/owner.ts';
import { controllerRuns } from '../checks/controller.ts';
import { check, type Found, merged, runChecks, type Wrong } from '../plan/check.ts';
import { protectionAttribute } from '../model/attributes.ts';
import type { ClusterView } from '../model/cluster-view.ts';
import { attributeHint, noted } from '../model/hint.ts';
import type { DisableIntent } from '../model/intent.ts';
import { type Binding, nameText, type Service } from '../model/kubernetes.ts';
import { disableHint } from '../model/nlbmc-hints.ts';
import { type Problem, unknown, valueOf } from '../model/problem.ts';
import { listed } from '../model/words.ts';
import { bindingsOfService } from '../observed/enrollment.ts';
import { toolsOfBinding } from '../observed/managers.ts';
import { memberOf, unreadOf } from '../observed/member.ts';
import type { Observed } from '../observed/observed.ts';
import { enrolledElsewhere, foreignTargets, readingsOfLeft } from '../observed/others-targets.ts';
import { overlooked } from '../observed/overlooked.ts';
import type { Enrollment } from '../observed/owner.ts';
import { flagStep, withFlag } from '../plan/flag.ts';
import type { Plan } from '../plan/plan.ts';
import { refused } from '../plan/refused.ts';
import { leftoverCaution } from './after-disable.ts';
import { aloneChecks } from './enrolled.ts';
import { unreadMembers } from './unread-members.ts';
import { unlistedMembers, unlistedNote } from './unlisted-members.ts';

/** No controller protects this load balancer, so there is nothing that nlbmc could lift. */
function notOurs({ loadBalancer }: Observed, { service, context }: DisableIntent): Problem {
  const balancer = valueOf(loadBalancer);
  return {
    code: 'owner-not-service',
    message: `No cluster owns the load balancer of Service ${nameText(service)}, so no controller deletes it. nlbmc does not change its deletion protection.`,
    about: { cluster: context, service },
    hints: balancer ? [attributeHint(balancer.arn, protectionAttribute, 'false')] : [],
  };
}

interface SetBackCase {
  readonly cluster: ClusterView;
  readonly intent: DisableIntent;
  readonly shared: readonly Binding[];
}

const setBack = check<SetBackCase>('managed-elsewhere', 'caution', ({ cluster, intent, shared }) =>
  shared.flatMap((binding): readonly Wrong[] => {
    const tools = toolsOfBinding(binding);
    if (tools.length === 0) return [];
    const { namespace, name } = binding;
    return [
      {
        message: `${nameText(binding)} in ${cluster.context} is also written by ${listed(tools)}, which will set the flag again.`,
        about: { cluster: cluster.context, binding: { namespace, name } },
        hints: [
          noted(
            disableHint(intent.service, [cluster.context], intent, { output: 'manifest' }),
            'put this into its source',
          ),
        ],
      },
    ];
  }),
);

/**
 * Decides how sharing ends where no Service owns the load balancer: the flag is cleared in each
 * binding of the Service. The same refusals as where a Service owns it: no other cluster may be enrolled,
 * and no target of others registered.
 */
export function planDisableInPlace(
  observed: Observed,
  intent: DisableIntent,
  found: {
    readonly cluster: ClusterView;
    readonly service: Service;
    readonly enrollment: Enrollment;
  },
): Plan {
  const { cluster, service, enrollment } = found;
  const elsewhere =
    ownedElsewhere(cluster, enrollment, (name, context) => disableHint(name, [context], intent)) ??
    ownedByOther(cluster, enrollment);
  if (elsewhere) return refused([elsewhere]);
  if (enrollment.owner.kind === 'unread') {
    return refused(unreadOf([unknown(enrollment.owner.problem)]));
  }
  if (!intent.exclusive) return refused([notOurs(observed, intent)]);

  const bindings = bindingsOfService(cluster, enrollment.arns, service);
  const own = bindings.map((binding) => memberOf(observed, cluster, binding));
  const unread = unreadMembers(observed, cluster, own);
  if (unread.length > 0) return refused(unread);
  const asked = { ...intent, allowDeletion: false };
  const alone = runChecks(aloneChecks, {
    observed,
    intent: asked,
    primary: cluster,
    enrolled: enrolledElsewhere(observed, cluster, own),
    foreign: foreignTargets(observed, cluster, own),
  });
  const unproven = unreadOf(readingsOfLeft(observed, own));
  if (alone.blockers.length === 0 && unproven.length > 0) return refused(unproven);

  const shared = bindings.filter(({ multiCluster }) => multiCluster);
  const steps = shared.map((binding) => flagStep(cluster.context, binding, false));
  const flavour = bindings.some((binding) => binding.flavour === 'auto-mode') ? 'auto-mode' : 'lbc';
  const checked: Found = merged([
    alone,
    runChecks([setBack], { cluster, intent, shared }),
    ...(steps.length > 0
      ? [runChecks([controllerRuns], { cluster, namespace: service.namespace, flavour })]
      : []),
  ]);
  if (checked.blockers.length > 0) return refused(checked.blockers, checked.skips);
  const cautions = [
    ...checked.cautions,
    ...(steps.length > 0
      ? [...unlistedMembers(observed, asked), ...leftoverCaution(service, own)]
      : []),
  ];
  const skips = [...checked.skips, ...(steps.length > 0 ? [] : unlistedNote(observed, asked))];
  return {
    steps,
    documents: bindings.map((binding) => withFlag(cluster.context, binding, false)),
    rehearsals: steps.map((step) => ({ kind: 'step', step }) as const),
    goals: bindings.map(({ namespace, name }) => ({
      kind: 'binding-exclusive',
      cluster: cluster.context,
      binding: { namespace, name },
    })),
    blockers: [],
    cautions,
    settling: [],
    skips: [...skips, ...overlooked(observed, [...skips, ...cautions])],
  };
}
