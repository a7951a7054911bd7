import type { Hint } from '../model/hint.ts';
import { enableHint } from '../model/nlbmc-hints.ts';
import {
  asksForSharing,
  attributesAnnotation,
  multiClusterAnnotation,
  parseFlag,
} from '../model/annotations.ts';
import { attributeReader } from '../observed/attribute-reader.ts';
import { protectsDeletion, type Reader, withProtection } from '../model/attributes.ts';
import { cautionsOf, merged, runChecks, type Found } from '../plan/check.ts';
import { annotationChecks } from '../checks/annotations.ts';
import { controllerChecks } from '../checks/controller.ts';
import { rolloutChecks, settlingOf, type RolloutCase } from './rollout.ts';
import { isServed, serviceChecks, serviceMissing } from '../checks/service.ts';
import { sharedBindings } from '../checks/groups.ts';
import { planGateway } from './gateway-sharing.ts';
import { ownedElsewhere } from '../checks/owner.ts';
import { ownerDisputed } from '../checks/owner-disputed.ts';
import { planInPlace } from './enable-in-place.ts';
import { enrollmentOf } from '../observed/owner.ts';
import { unknown } from '../model/problem.ts';
import { clusterOf, ownBindings } from '../observed/enrollment.ts';
import type { Goal } from '../plan/goal.ts';
import type { EnableIntent } from '../model/intent.ts';
import type { Service } from '../model/kubernetes.ts';
import type { ClusterView } from '../model/cluster-view.ts';
import { memberOf, unreadOf } from '../observed/member.ts';
import type { Observed } from '../observed/observed.ts';
import { overlooked } from '../observed/overlooked.ts';
import type { ClusterStep, Plan, PlannedDocument } from '../plan/plan.ts';
import { annotatedService } from '../plan/flag.ts';
import { refused } from '../plan/refused.ts';

/** Both annotations as they have to be; undefined when the attributes cannot be merged. */
function wantedAnnotations(
  service: Service,
  reader: Reader,
): Readonly<Record<string, string>> | undefined {
  const flag = service.annotations[multiClusterAnnotation];
  const attributes = withProtection(service.annotations[attributesAnnotation], reader);
  if (typeof attributes !== 'string') return undefined;
  return {
    [multiClusterAnnotation]: flag !== undefined && parseFlag(flag) === true ? flag : 'true',
    [attributesAnnotation]: attributes,
  };
}

const isAnnotated = ({ annotations }: Service, reader: Reader): boolean =>
  asksForSharing(annotations) && protectsDeletion(annotations[attributesAnnotation], reader);

function annotateStep(service: Service, cluster: ClusterView): readonly ClusterStep[] {
  const reader = attributeReader(cluster);
  const after = isAnnotated(service, reader) ? undefined : wantedAnnotations(service, reader);
  if (!after) return [];
  return [
    {
      kind: 'annotate-service',
      cluster: cluster.context,
      service: { namespace: service.namespace, name: service.name },
      resourceVersion: service.resourceVersion,
      before: Object.fromEntries(Object.keys(after).map((key) => [key, service.annotations[key]])),
      after,
    },
  ];
}

/** The Service with its two annotations, each whole. */
function documentsOf(service: Service, cluster: ClusterView): readonly PlannedDocument[] {
  const annotations = wantedAnnotations(service, attributeReader(cluster));
  return annotations ? [annotatedService(cluster.context, service, annotations)] : [];
}

/**
 * Decides how a Service is enabled: one write to the Service, since the controller overwrites what
 * others write on its bindings. Needed, and refused as unknown when unread: the Service, the
 * bindings, their tracked targets, endpoints, target groups, and the load balancer's attributes.
 * A Service that is enabled has no steps; its goals are looked at all the same.
 */
export function planEnable(observed: Observed, intent: EnableIntent): Plan {
  const cluster = clusterOf(observed, intent.context);
  if (!cluster) throw new Error(`The context ${intent.context} has not been observed`);
  const basics = unreadOf([cluster.service, cluster.bindings], cluster.context);
  if (basics.length > 0) return refused(basics);
  const service = cluster.service.ok ? cluster.service.value : undefined;
  if (!service) {
    const retry = (name: string): Hint => enableHint({ ...intent.service, name }, intent.context);
    return refused([serviceMissing(cluster, intent.service, retry)]);
  }

  const subject = { observed, cluster, service };
  const found = enrollmentOf(observed);
  const disputed = found ? ownerDisputed(observed, found) : [];
  if (disputed.length > 0) return refused(disputed);
  const enrollment = isServed(cluster, service) ? undefined : found;
  if (enrollment) {
    const elsewhere = ownedElsewhere(cluster, enrollment, (name, context) =>
      enableHint(name, context),
    );
    if (elsewhere) return refused([elsewhere]);
    const ofGateway = planGateway(observed, intent, { cluster, service, enrollment });
    if (ofGateway) return ofGateway;
    const { owner } = enrollment;
    if (owner.kind === 'unread') return refused(unreadOf([unknown(owner.problem)]));
    return planInPlace(observed, intent, { cluster, service, enrollment });
  }
  const structure = runChecks(serviceChecks, subject);
  if (structure.blockers.length > 0) return refused(structure.blockers, structure.skips);

  const bindings = sharedBindings(observed, ownBindings(cluster, service));
  const members = bindings.map((binding) => memberOf(observed, cluster, binding));
  const balancer = observed.loadBalancer;
  const unread = unreadOf(
    [
      ...members.flatMap((member) => [
        member.service,
        member.eligible,
        member.tracked,
        member.registered,
      ]),
      balancer,
      ...(balancer.ok ? [balancer.value.attributes] : []),
    ],
    cluster.context,
  );
  if (unread.length > 0) return refused(unread, structure.skips);

  const steps = annotateStep(service, cluster);
  const [step] = steps;
  const after = step?.kind === 'annotate-service' ? step.after : {};
  const exclusive = bindings.filter(({ multiCluster }) => !multiCluster);
  const changing = steps.length > 0 || exclusive.length > 0;
  const flavour = bindings.some((binding) => binding.flavour === 'auto-mode') ? 'auto-mode' : 'lbc';
  const rollout: RolloutCase = {
    observed,
    intent,
    members: members.filter(({ binding }) => !binding.multiCluster),
  };
  const checked: Found = merged([
    structure,
    runChecks(annotationChecks, { ...subject, after }),
    ...(changing
      ? [runChecks(controllerChecks, { cluster, namespace: service.namespace, flavour })]
      : []),
    runChecks(rolloutChecks, rollout),
  ]);
  if (checked.blockers.length > 0) return refused(checked.blockers, checked.skips);

  const goals: readonly Goal[] = [
    ...members.flatMap(
      ({ binding: { namespace, name, multiCluster }, eligible }): readonly Goal[] => [
        {
          kind: 'binding-multi-cluster',
          cluster: cluster.context,
          binding: { namespace, name },
        },
        { kind: 'endpoints-tracked', cluster: cluster.context, binding: { namespace, name } },
        // Once the flag is on it cannot be told any more which of the strays had just been endpoints.
        ...(multiCluster || !eligible.ok
          ? []
          : [
              {
                kind: 'none-leaked',
                cluster: cluster.context,
                binding: { namespace, name },
                targets: eligible.value.map(({ target }) => target),
              } as const,
            ]),
      ],
    ),
    { kind: 'deletion-protection' },
  ];
  return {
    steps,
    documents: documentsOf(service, cluster),
    rehearsals: [
      ...steps.map((step) => ({ kind: 'step', step }) as const),
      ...exclusive.map(
        ({ namespace, name }) =>
          ({ kind: 'set-flag', cluster: cluster.context, binding: { namespace, name } }) as const,
      ),
    ],
    goals,
    blockers: [],
    ...cautionsOf(checked, steps),
    settling: settlingOf(rollout),
    skips: [...checked.skips, ...overlooked(observed, [...checked.skips, ...checked.cautions])],
  };
}
