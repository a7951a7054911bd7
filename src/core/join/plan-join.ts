import { joinHint } from '../model/nlbmc-hints.ts';
import type { Hint } from '../model/hint.ts';
import { isOurWork } from './binding-document.ts';
import { cautionsOf, merged, runChecks, type Found } from '../plan/check.ts';
import { clusterChecks } from './clusters.ts';
import { sameCluster, unprovenOf } from '../observed/same-cluster.ts';
import { flavourOf } from '../model/flavours.ts';
import { controllerChecks } from '../checks/controller.ts';
import { localBindingChecks } from './local-binding.ts';
import { localServiceChecks } from './local-service.ts';
import { placementChecks } from './placement.ts';
import { serviceChecks, serviceMissing } from '../checks/service.ts';
import { laggingOf, sharingChecks } from './sharing.ts';
import { clusterOf } from '../observed/enrollment.ts';
import type { Goal } from '../plan/goal.ts';
import type { JoinIntent } from '../model/intent.ts';
import { joinCase, type JoinCase } from './join-case.ts';
import { unreadOf } from '../observed/member.ts';
import type { Observed } from '../observed/observed.ts';
import { overlooked } from '../observed/overlooked.ts';
import type { ClusterStep, KubeDocument, Plan } from '../plan/plan.ts';
import type { Problem } from '../model/problem.ts';
import { refused } from '../plan/refused.ts';
import { serviceDocument } from '../enable/service-document.ts';
import type { Templates } from '../model/templates.ts';

/** The local Service as `--create-service` makes it; undefined where a person made it. */
function serviceToMake(
  { intent, service, localService, toBeCreated, ports }: JoinCase,
  templates: Templates,
): KubeDocument | undefined {
  const [first] = ports;
  if (!first?.group.ok || !(toBeCreated || isOurWork(localService))) return undefined;
  return serviceDocument(templates.service, {
    name: intent.localService,
    primary: service,
    targetType: first.primary.binding.targetType,
    ipFamily: first.group.value.ipFamily,
  });
}

function stepsOf(subject: JoinCase, service: KubeDocument | undefined): readonly ClusterStep[] {
  const { intent, secondary, toBeCreated, ports } = subject;
  const cluster = secondary.context;
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
function documentsOf(subject: JoinCase, service: KubeDocument | undefined): KubeDocument[] {
  const bindings = subject.ports.flatMap(({ document, ours: [there], changes }) => {
    if (!document) return [];
    const kept = there && changes.length > 0 && !subject.intent.adopt;
    return [kept ? { ...document, spec: there.spec } : document];
  });
  return service ? [service, ...bindings] : bindings;
}

function goalsOf({ primary, secondary, localService, ports }: JoinCase): readonly Goal[] {
  return ports.flatMap(({ primary: { binding }, name = '' }): readonly Goal[] => {
    const local = { namespace: localService.namespace, name };
    const own = { namespace: binding.namespace, name: binding.name };
    return [
      { kind: 'still-multi-cluster', cluster: primary.context, binding: own },
      { kind: 'binding-multi-cluster', cluster: secondary.context, binding: local },
      { kind: 'endpoints-healthy', cluster: secondary.context, binding: local },
    ];
  });
}

/** Facts without which no cluster may join; a wrong account explains why AWS does not find anything. */
function unreadFacts({ ports, secondary, primary }: JoinCase): readonly Problem[] {
  return [
    ...unreadOf(
      ports.flatMap(({ primary: member, group }) => [
        member.service,
        member.eligible,
        member.tracked,
        member.registered,
        group,
      ]),
      primary.context,
    ),
    ...unreadOf(
      ports.flatMap(({ eligible, tracked }) => [eligible, tracked]),
      secondary.context,
    ),
  ];
}

/**
 * Decides how a cluster joins: a Service where it is missing and `--create-service` is given, and a binding
 * for each port. Needed, and refused as unknown when unread: that the clusters are two, their
 * Services and bindings, tracked targets and endpoints, and the target groups. A cluster that has
 * joined has no steps; its goals are looked at all the same.
 */
export function planJoin(observed: Observed, intent: JoinIntent, templates: Templates): Plan {
  const primary = clusterOf(observed, intent.primary);
  const secondary = clusterOf(observed, intent.context);
  if (!primary || !secondary) {
    throw new Error(`${intent.primary} and ${intent.context} have not both been observed`);
  }
  const same = sameCluster(primary, secondary);
  if (same) return refused([same]);
  const basics = [
    ...unprovenOf(primary, secondary),
    ...[primary, secondary].flatMap((cluster) =>
      unreadOf([cluster.service, cluster.bindings], cluster.context),
    ),
  ];
  if (basics.length > 0) return refused(basics);

  const service = primary.service.ok ? primary.service.value : undefined;
  const local = secondary.service.ok ? secondary.service.value : undefined;
  if (!service) {
    const retry = (name: string): Hint =>
      joinHint({
        ...intent,
        service: { ...intent.service, name },
        localService:
          intent.localService.name === intent.service.name
            ? { ...intent.localService, name }
            : intent.localService,
      });
    return refused([serviceMissing(primary, intent.service, retry)]);
  }
  const structure = runChecks(serviceChecks, { observed, cluster: primary, service });
  if (structure.blockers.length > 0) return refused(structure.blockers, structure.skips);
  const subject = joinCase(observed, intent, templates, { primary, secondary, service, local });

  const clusters = runChecks(clusterChecks, subject);
  if (clusters.blockers.length > 0) return refused(clusters.blockers, clusters.skips);
  if (!local && !intent.createService) {
    const create = joinHint({ ...intent, createService: true });
    const missing = serviceMissing(secondary, intent.localService, () => create);
    const { blockers } = runChecks(sharingChecks, subject);
    return refused([...blockers, { ...missing, hints: [create] }], clusters.skips);
  }
  const unread = unreadFacts(subject);
  if (unread.length > 0) return refused(unread, clusters.skips);

  const made = serviceToMake(subject, templates);
  const steps = stepsOf(subject, made);
  // Whose controller acts on what is written here, whatever the primary has.
  const flavour = subject.ports.some(
    ({ document }) => document && flavourOf(document.apiVersion) === 'auto-mode',
  )
    ? 'auto-mode'
    : 'lbc';
  const none: Found = { blockers: [], cautions: [], skips: [] };
  const found = merged([
    structure,
    clusters,
    runChecks(sharingChecks, subject),
    runChecks(localServiceChecks, subject),
    runChecks(localBindingChecks, subject),
    steps.length > 0
      ? runChecks(controllerChecks, {
          cluster: secondary,
          namespace: intent.localService.namespace,
          flavour,
        })
      : none,
    runChecks(placementChecks, subject),
  ]);
  if (found.blockers.length > 0) return refused(found.blockers, found.skips);
  return {
    steps,
    documents: documentsOf(subject, made),
    rehearsals: steps.map((step) => ({ kind: 'step', step })),
    goals: goalsOf(subject),
    blockers: [],
    ...cautionsOf(found, steps),
    settling: laggingOf(subject),
    skips: [...found.skips, ...overlooked(observed, [...found.skips, ...found.cautions])],
  };
}
