import { isOurWork } from './binding-document.ts';
import { withAutoModeDetails } from './auto-mode-details.ts';
import { cautionsOf, merged, runChecks, type Found } from '../plan/check.ts';
import { clusterChecks } from './clusters.ts';
import { flavourOf } from '../model/flavours.ts';
import { controllerChecks } from '../checks/controller.ts';
import { healthCheckChecks } from './health-checks.ts';
import { localBindingChecks } from './local-binding.ts';
import { localServiceChecks } from './local-service.ts';
import { limitChecks } from './limits.ts';
import { otherVpcChecks } from './other-vpc.ts';
import { placementChecks } from './placement.ts';
import { confusedClusters, enrolledCluster } from './enrolled-cluster.ts';
import { openGroupChecks, roomyGroupChecks } from './endpoint-groups.ts';
import { groupMatchChecks } from './group-match.ts';
import { laggingOf, sharingChecks } from './sharing.ts';
import { clusterOf } from '../observed/enrollment.ts';
import type { Goal } from '../plan/goal.ts';
import type { JoinIntent } from '../model/intent.ts';
import { joinCase } from './join-case.ts';
import type { JoinCase } from './join-port.ts';
import { registeredIn, unreadOf } from '../observed/member.ts';
import type { Observed } from '../observed/observed.ts';
import { overlooked } from '../observed/overlooked.ts';
import type { ClusterStep, KubeDocument, Plan, PlannedDocument } from '../plan/plan.ts';
import { ownerDisputed } from '../checks/owner-disputed.ts';
import { ownerChecks } from './owner-joins.ts';
import { ownerSeenBy } from './owner-seen.ts';
import { primaryIn } from '../observed/owner.ts';
import type { TargetGroup } from '../model/aws.ts';
import { type Problem, type Reading, unknown, valueOf } from '../model/problem.ts';
import { refused } from '../plan/refused.ts';
import { serviceDocument } from '../enable/service-document.ts';
import { withoutService } from './without-service.ts';
import { withoutRights } from './without-rights.ts';
import type { Templates } from '../model/templates.ts';

/** The local Service as `--create-service` makes it; undefined where a person made it. */
function serviceToMake(
  { intent, enrolled, localService, toBeCreated, ports }: JoinCase,
  templates: Templates,
): KubeDocument | undefined {
  const [first] = ports;
  if (!enrolled || !first?.group.ok || !(toBeCreated || isOurWork(localService))) return undefined;
  return serviceDocument(templates.service, {
    name: intent.localService,
    primary: enrolled.service,
    targetType: first.targetType,
    ipFamily: first.group.value.ipFamily,
    added: intent,
  });
}

function stepsOf(subject: JoinCase, service: KubeDocument | undefined): readonly ClusterStep[] {
  const { intent, joining, toBeCreated, ports } = subject;
  const cluster = joining.context;
  const create: readonly ClusterStep[] =
    toBeCreated && service ? [{ kind: 'create-service', cluster, document: service }] : [];
  const apply = ports.flatMap(({ document, ours, changes }): readonly ClusterStep[] => {
    const isNew = ours.length === 0;
    if (!document || (!isNew && (changes.length === 0 || !intent.adopt))) return [];
    return [
      {
        kind: 'apply-binding',
        cluster,
        document,
        // Adopting takes over this binding's fields; --force-conflicts does it for all of them.
        force: intent.forceConflicts || !isNew,
        changes,
      },
    ];
  });
  return [...create, ...apply];
}

/** Service and bindings as the person requires them. Without `--adopt`, what differs stays as it is. */
function documentsOf(
  subject: JoinCase,
  service: KubeDocument | undefined,
): readonly PlannedDocument[] {
  const cluster = subject.joining.context;
  const bindings = subject.ports.flatMap(
    ({ document, ours: [there], changes }): readonly PlannedDocument[] => {
      if (!document) return [];
      const kept = there && changes.length > 0 && !subject.intent.adopt;
      return [
        {
          cluster,
          extent: there && !isOurWork(there) ? 'part' : 'whole',
          document: kept ? { ...document, spec: there.spec } : document,
        },
      ];
    },
  );
  return service ? [{ cluster, extent: 'whole', document: service }, ...bindings] : bindings;
}

function goalsOf({ joining, localService, ports }: JoinCase): readonly Goal[] {
  return ports.flatMap(({ pattern, name = '' }): readonly Goal[] => {
    const local = { namespace: localService.namespace, name };
    return [
      // Of a recorded cluster nothing can be seen while waiting.
      ...(pattern && !pattern.cluster.recorded
        ? [
            {
              kind: 'still-multi-cluster' as const,
              cluster: pattern.cluster.context,
              binding: { namespace: pattern.binding.namespace, name: pattern.binding.name },
            },
          ]
        : []),
      { kind: 'binding-multi-cluster', cluster: joining.context, binding: local },
      { kind: 'endpoints-healthy', cluster: joining.context, binding: local },
    ];
  });
}

/** Facts without which no cluster may join; a wrong account explains why AWS does not find anything. */
function unreadFacts(subject: JoinCase): readonly Problem[] {
  const { observed, ports, joining, enrolled } = subject;
  const { loadBalancer } = observed;
  const owner = ownerSeenBy(subject);
  return [
    ...(enrolled ? [] : unreadOf(Object.values(observed.targetGroups))),
    // Where no Service made the listeners, they alone say which target group a port goes to.
    ...(enrolled && primaryIn(enrolled.enrollment) && !observed.recorded
      ? []
      : unreadOf([loadBalancer])),
    ...(loadBalancer.ok && loadBalancer.value.listeners
      ? unreadOf([loadBalancer.value.listeners])
      : []),
    ...(owner.kind === 'unread' ? unreadOf([unknown(owner.problem)]) : []),
    ...ports.flatMap(({ pattern, group, arn }) => [
      ...(pattern
        ? unreadOf([pattern.service, pattern.eligible, pattern.tracked], pattern.cluster.context)
        : []),
      ...unreadOf([group, registeredIn(observed, arn)]),
    ]),
    ...unreadOf(
      ports.flatMap(({ eligible, tracked }) => [eligible, tracked]),
      joining.context,
    ),
    ...ports.flatMap(({ derived, group }) =>
      derived?.kind === 'unread' ? underivable(observed, group) : [],
    ),
  ];
}

/** What the rules of a binding are made from, and could not be read. */
function underivable(
  { loadBalancer, vpcs = {} }: Observed,
  group: Reading<TargetGroup>,
): readonly Problem[] {
  const balancer = valueOf(loadBalancer);
  const read = valueOf(group);
  return unreadOf([
    loadBalancer,
    ...(balancer?.subnetRanges ? [balancer.subnetRanges] : []),
    ...(read?.attributes ? [read.attributes] : []),
    ...(read?.vpcId !== undefined && vpcs[read.vpcId] ? [vpcs[read.vpcId]!] : []),
  ]);
}

/**
 * Decides how a Service of a cluster joins: a Service where it is missing and `--create-service` is
 * given, and a binding for each port. The target groups are those of a cluster that is enrolled, or
 * those behind the listeners of a load balancer that no cluster needs to own. Needed, and refused as
 * unknown when unread: that the clusters are two, their Services and bindings, tracked targets and
 * endpoints, and the target groups. A cluster that has joined has no steps; its goals are looked at
 * all the same.
 */
export function planJoin(observed: Observed, intent: JoinIntent, templates: Templates): Plan {
  const joining = clusterOf(observed, intent.context);
  if (!joining) throw new Error(`${intent.context} has not been observed`);
  const confused = confusedClusters(observed, intent);
  if (confused.some(({ code }) => code === 'same-cluster')) return refused(confused);
  const basics = [
    ...confused,
    ...observed.clusters.flatMap((cluster) =>
      withoutRights(unreadOf([cluster.service, cluster.bindings], cluster.context), {
        intent,
        context: cluster.context,
      }),
    ),
  ];
  if (basics.length > 0) return refused(basics);
  const enrolled = enrolledCluster(observed, intent);
  if (enrolled && 'steps' in enrolled) return enrolled;

  const local = joining.service.ok ? joining.service.value : undefined;
  const found = { ...(enrolled ? { enrolled } : { enrolled: undefined }), joining, local };
  const subject = joinCase(observed, intent, templates, found);
  const clusters = runChecks([...clusterChecks, ...ownerChecks], subject);
  if (clusters.blockers.length > 0) return refused(clusters.blockers, clusters.skips);
  const arns = subject.ports.map(({ arn }) => arn);
  const disputed = ownerDisputed(observed, { owner: ownerSeenBy(subject), arns });
  if (disputed.length > 0) return refused(disputed, clusters.skips);
  if (!local && !(intent.createService && enrolled)) {
    return withoutService(subject, clusters.skips);
  }
  const unread = unreadFacts(subject);
  if (unread.length > 0) return refused(unread, clusters.skips);

  const made = serviceToMake(subject, templates);
  const steps = stepsOf(subject, made);
  // Whose controller acts on what is written here, whatever the other cluster has.
  const flavour = subject.ports.some(
    ({ document }) => document && flavourOf(document.apiVersion) === 'auto-mode',
  )
    ? 'auto-mode'
    : 'lbc';
  const none: Found = { blockers: [], cautions: [], skips: [] };
  const checked = merged([
    clusters,
    runChecks(sharingChecks, subject),
    runChecks(groupMatchChecks, subject),
    runChecks(localServiceChecks, subject),
    runChecks(localBindingChecks, subject),
    steps.length > 0
      ? runChecks(controllerChecks, {
          cluster: joining,
          namespace: intent.localService.namespace,
          flavour,
        })
      : none,
    runChecks(placementChecks, subject),
    runChecks(otherVpcChecks, subject),
    runChecks(openGroupChecks, subject),
    ...(steps.length > 0
      ? [runChecks(roomyGroupChecks, subject), runChecks(limitChecks, subject)]
      : []),
    runChecks(healthCheckChecks, subject),
  ]);
  if (checked.blockers.length > 0) return refused(checked.blockers, checked.skips);
  return {
    steps,
    documents: documentsOf(subject, made),
    rehearsals: steps.map((step) => ({ kind: 'step', step })),
    goals: goalsOf(subject),
    blockers: [],
    ...cautionsOf({ cautions: withAutoModeDetails(subject, checked.cautions) }, steps),
    settling: laggingOf(subject),
    skips: [...checked.skips, ...overlooked(observed, [...checked.skips, ...checked.cautions])],
  };
}
