import { attributeReader } from '../observed/attribute-reader.ts';
import type { Hint } from '../model/hint.ts';
import { disableHint } from '../model/nlbmc-hints.ts';
import { deletionCaution, leftoverCaution } from './after-disable.ts';
import { attributesAnnotation, multiClusterAnnotation } from '../model/annotations.ts';
import { type Found, merged, runChecks } from '../plan/check.ts';
import { attributesParse } from '../checks/annotations.ts';
import { controllerRuns } from '../checks/controller.ts';
import { aloneChecks } from './enrolled.ts';
import { setBackElsewhere } from './set-back.ts';
import { isServed, serviceChecks, serviceMissing } from '../checks/service.ts';
import { planDisableInPlace } from './disable-in-place.ts';
import { unreadMembers } from './unread-members.ts';
import { ownerDisputed } from '../checks/owner-disputed.ts';
import { enrollmentOf } from '../observed/owner.ts';
import { type Annotations, changedAnnotations, wantedAnnotations } from './disable-annotations.ts';
import { clusterOf, ownBindings } from '../observed/enrollment.ts';
import { enrolledElsewhere, foreignTargets, readingsOfLeft } from '../observed/others-targets.ts';
import type { Goal } from '../plan/goal.ts';
import type { DisableIntent } from '../model/intent.ts';
import type { Service } from '../model/kubernetes.ts';
import type { ClusterView } from '../model/cluster-view.ts';
import { type Member, memberOf, unreadOf } from '../observed/member.ts';
import type { Observed } from '../observed/observed.ts';
import { undistinguished } from '../observed/same-cluster.ts';
import { unlistedMembers, unlistedNote } from './unlisted-members.ts';
import { overlooked } from '../observed/overlooked.ts';
import { annotatedService } from '../plan/flag.ts';
import type { ClusterStep, Plan } from '../plan/plan.ts';
import { type Problem, valueOf } from '../model/problem.ts';
import { refused } from '../plan/refused.ts';

function stepsOf(service: Service, cluster: string, after: Annotations): readonly ClusterStep[] {
  if (Object.keys(after).length === 0) return [];
  return [
    {
      kind: 'annotate-service',
      cluster,
      service: { namespace: service.namespace, name: service.name },
      resourceVersion: service.resourceVersion,
      before: Object.fromEntries(Object.keys(after).map((key) => [key, service.annotations[key]])),
      after,
    },
  ];
}

/** A Service that is being deleted cannot be shared: only its protection can be turned off. */
const whatIsLeft = (intent: DisableIntent, service: Service): DisableIntent =>
  service.terminating && intent.allowDeletion ? { ...intent, exclusive: false } : intent;

const goalsOf = (
  cluster: ClusterView,
  service: Service,
  own: readonly Member[],
  { allowDeletion, exclusive }: DisableIntent,
): readonly Goal[] => {
  const { context } = cluster;
  const { namespace, name } = service;
  if (service.terminating) {
    return [{ kind: 'service-gone', cluster: context, service: { namespace, name } }];
  }
  return [
    ...(exclusive
      ? own.map(({ binding }): Goal => {
          const named = { namespace: binding.namespace, name: binding.name };
          return { kind: 'binding-exclusive', cluster: context, binding: named };
        })
      : []),
    ...(allowDeletion
      ? [{ kind: 'deletion-unprotected', cluster: context, aws: true } as const]
      : []),
  ];
};

/** For the deletion of the Service, the load balancer's attributes have to be known, too. */
function unreadFacts(
  observed: Observed,
  primary: ClusterView,
  own: readonly Member[],
  intent: DisableIntent,
): readonly Problem[] {
  const balancer = observed.loadBalancer;
  return [
    ...unreadMembers(observed, primary, own),
    ...(intent.allowDeletion
      ? unreadOf([balancer, ...(balancer.ok ? [balancer.value.attributes] : [])], primary.context)
      : []),
  ];
}

/**
 * Decides how sharing ends (`exclusive`), and how deleting the Service becomes possible
 * (`allowDeletion`): one write to the Service. Refused while another cluster is enrolled or a
 * foreign target is registered; no accepted number lifts that, since `leave` and `purge` are the way.
 * Needed, and refused as unknown when unread: the Service, all bindings of every listed cluster, the
 * primary's tracked targets, endpoints and target groups, and for `allowDeletion` the load
 * balancer's attributes. The cluster of a foreign target only improves the refusal; but what EC2 says about
 * a target that only the primary's record gives to it is needed.
 */
export function planDisable(observed: Observed, asked: DisableIntent): Plan {
  const cluster = clusterOf(observed, asked.context);
  if (!cluster) throw new Error(`The context ${asked.context} has not been observed`);
  const confused = undistinguished(observed.clusters);
  if (confused.length > 0) return refused(confused);
  const basics = unreadOf([cluster.service, cluster.bindings], cluster.context);
  if (basics.length > 0) return refused(basics);
  const service = cluster.service.ok ? cluster.service.value : undefined;
  if (!service) {
    const retry = (name: string): Hint =>
      disableHint({ ...asked.service, name }, [asked.context], asked);
    return refused([serviceMissing(cluster, asked.service, retry)]);
  }
  const found = enrollmentOf(observed);
  const disputed = found ? ownerDisputed(observed, found) : [];
  if (disputed.length > 0) return refused(disputed);
  const enrollment = isServed(cluster, service) ? undefined : found;
  if (enrollment) return planDisableInPlace(observed, asked, { cluster, service, enrollment });
  const intent = whatIsLeft(asked, service);
  const subject = { observed, cluster, service };
  const apt = serviceChecks.filter(
    ({ id }) => id !== 'service-terminating' || !intent.allowDeletion,
  );
  const structure = runChecks(apt, subject);
  if (structure.blockers.length > 0) return refused(structure.blockers, structure.skips);

  const bindings = ownBindings(cluster, service);
  const own = bindings.map((binding) => memberOf(observed, cluster, binding));
  const unread = unreadFacts(observed, cluster, own, intent);
  if (unread.length > 0) return refused(unread, structure.skips);

  const alone = runChecks(aloneChecks, {
    observed,
    intent,
    primary: cluster,
    enrolled: enrolledElsewhere(observed, cluster, own),
    foreign: foreignTargets(observed, cluster, own),
  });
  const unproven = unreadOf(readingsOfLeft(observed, own));
  if (alone.blockers.length === 0 && unproven.length > 0) return refused(unproven, structure.skips);
  const wanted = wantedAnnotations(service, intent, attributeReader(cluster));
  const after = changedAnnotations(observed, service, bindings, wanted, attributeReader(cluster));
  const steps = stepsOf(service, cluster.context, after);
  const flavour = bindings.some((binding) => binding.flavour === 'auto-mode') ? 'auto-mode' : 'lbc';
  const checked: Found = merged([
    structure,
    alone,
    runChecks([attributesParse], subject),
    ...(steps.length > 0
      ? [
          runChecks([setBackElsewhere], { ...subject, after, intent: asked }),
          runChecks([controllerRuns], { cluster, namespace: service.namespace, flavour }),
        ]
      : []),
  ]);
  if (checked.blockers.length > 0) return refused(checked.blockers, checked.skips);

  const cautions = [
    ...checked.cautions,
    ...(attributesAnnotation in after ? [deletionCaution(observed, cluster, service, own)] : []),
    ...(multiClusterAnnotation in after
      ? [...unlistedMembers(observed, asked), ...leftoverCaution(service, own)]
      : []),
  ];
  const listeners = valueOf(observed.loadBalancer)?.listeners;
  const skips = [
    ...checked.skips,
    ...(multiClusterAnnotation in after ? [] : unlistedNote(observed, asked)),
    ...(intent.allowDeletion && listeners && !listeners.ok ? [listeners.problem] : []),
  ];
  return {
    steps,
    documents: [annotatedService(cluster.context, service, wanted)],
    rehearsals: steps.map((step) => ({ kind: 'step', step }) as const),
    goals: goalsOf(cluster, service, own, intent),
    blockers: [],
    cautions,
    settling: [],
    skips: [...skips, ...overlooked(observed, [...skips, ...cautions])],
  };
}
