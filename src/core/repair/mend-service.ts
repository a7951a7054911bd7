import { asksForSharing, managerOf } from '../model/annotations.ts';
import { runChecks } from '../plan/check.ts';
import { annotationChecks } from '../checks/annotations.ts';
import { controllerChecks } from '../checks/controller.ts';
import { serviceChecks } from '../checks/service.ts';
import { kubectlHint } from '../model/hint.ts';
import { enableHint } from '../model/nlbmc-hints.ts';
import { ownBindings, unboundPorts } from '../observed/enrollment.ts';
import { nameText } from '../model/kubernetes.ts';
import { madeNameStart } from '../model/made-name.ts';
import type { Goal } from '../plan/goal.ts';
import type { LeftTracked, Service } from '../model/kubernetes.ts';
import type { ClusterView } from '../model/cluster-view.ts';
import { isForwarded } from '../verify/endpoint-findings.ts';
import { refusalsOf } from './mend-binding.ts';
import type { Observed } from '../observed/observed.ts';
import type { Step } from '../plan/plan.ts';
import type { PortCase } from '../observed/port-case.ts';
import { isRegistered, registeredIn } from '../observed/member.ts';
import { known, type Problem } from '../model/problem.ts';
import { releasesOf } from './releases.ts';
import { canonicalId, targetKey, targetText } from '../model/target-key.ts';
import { listed } from '../model/words.ts';

/** How what the controller generates is repaired: nlbmc changes the Service, and the controller makes it again. */
export interface ServiceMend {
  readonly steps: readonly Extract<Step, { kind: 'annotate-service' }>[];
  readonly goals: readonly Goal[];
  /** Names of bindings that become multi-cluster again. */
  readonly bindings: readonly string[];
  readonly refusals: readonly Problem[];
}

/** Where no Service owns the load balancer, there is none whose change would repair anything. */
export const nothingToMend: ServiceMend = { steps: [], goals: [], bindings: [], refusals: [] };

/** The annotation whose change triggers a reconcile of a Service. It means nothing by itself. */
export const touchAnnotation = 'nlbmc/touched';

/**
 * Decides whether the primary's Service is changed: its controller then makes a binding or listener
 * that somebody deleted, and sets the flag of one that somebody turned exclusive, as the Service's
 * annotations say (`pkg/deploy/elbv2/target_group_binding_synthesizer.go`). Without the flag on the
 * Service the new binding would be exclusive and would deregister all other targets: refused then.
 */
export function mendService(
  observed: Observed,
  primary: ClusterView,
  cases: readonly PortCase[],
): ServiceMend {
  const service = primary.service.ok ? primary.service.value : undefined;
  if (!service || managerOf(service) === undefined) return nothingToMend;
  const flag = asksForSharing(service.annotations);
  const ports = unboundPorts(primary, service).map(({ port }) => port);
  const exclusive = ownBindings(primary, service).filter(
    ({ multiCluster, terminating }) => !multiCluster && !terminating,
  );
  const unlistened = cases.filter((context) => !isForwarded(context));
  const unbound = ports.length > 0 || unlistened.length > 0;
  if (!unbound && (exclusive.length === 0 || !flag)) return nothingToMend;
  const refusals = [
    ...found(observed, primary, service),
    ...(flag ? [] : [notEnabled(observed, primary, service)]),
    ...recordsLeft(observed, primary, service, ports),
    // Multi-cluster again, its first reconcile deregisters what the ConfigMap lists and has no endpoint.
    ...cases.flatMap((context) =>
      context.parts
        .filter(({ member }) => exclusive.includes(member.binding))
        .flatMap((part) => refusalsOf(part, releasesOf(part, context))),
    ),
  ];
  if (refusals.length > 0) return { ...nothingToMend, refusals };
  const { namespace, name, resourceVersion } = service;
  const cluster = primary.context;
  return {
    steps: [
      {
        kind: 'annotate-service',
        cluster,
        service: { namespace, name },
        resourceVersion,
        before: { [touchAnnotation]: service.annotations[touchAnnotation] },
        after: { [touchAnnotation]: `at-${resourceVersion}` },
      },
    ],
    goals: [
      ...ports.map((port): Goal => ({
        kind: 'binding-back',
        cluster,
        service: { namespace, name },
        port,
      })),
      ...unlistened.map(({ arn }): Goal => ({
        kind: 'listener-back',
        cluster,
        targetGroupArn: arn,
      })),
      ...exclusive.map((binding): Goal => ({
        kind: 'binding-multi-cluster',
        cluster,
        binding: { namespace: binding.namespace, name: binding.name },
      })),
    ],
    bindings: exclusive.map(nameText),
    refusals: [],
  };
}

/** Why the controller would ignore a change of the Service at present. */
function found(observed: Observed, cluster: ClusterView, service: Service): readonly Problem[] {
  const { namespace } = service;
  const subject = { observed, cluster, service };
  const annotations = runChecks(annotationChecks, { ...subject, after: {} });
  return [
    ...runChecks(serviceChecks, subject).blockers.filter(({ code }) => code !== 'bindings-missing'),
    ...annotations.blockers,
    ...annotations.cautions.filter(({ code }) => code === 'flag-malformed'),
    ...runChecks(controllerChecks, { cluster, namespace, flavour: managerOf(service) ?? 'lbc' })
      .blockers,
  ];
}

function notEnabled(observed: Observed, cluster: ClusterView, service: Service): Problem {
  const own = addressesOf(cluster, service);
  // Target groups that other clusters' bindings name, and none of the primary's.
  const others = Object.keys(observed.targetGroups)
    .filter((arn) => ownBindings(cluster, service).every((one) => one.targetGroupArn !== arn))
    .flatMap((arn) => {
      const targets = registeredIn(observed, arn);
      return targets.ok ? targets.value.filter(isRegistered) : [];
    })
    .filter(({ target }) => !own.has(canonicalId(target.id)));
  return {
    code: 'repair-harmful',
    message: `Service ${nameText(service)} in ${cluster.context} does not require multi-cluster: the binding that its controller makes is exclusive and deregisters the targets of every other cluster.`,
    hints: [enableHint({ namespace: service.namespace, name: service.name }, cluster.context)],
    ...(others.length > 0
      ? { details: others.map(({ target }) => targetText(target)), saves: others.length }
      : {}),
    about: {
      cluster: cluster.context,
      service: { namespace: service.namespace, name: service.name },
    },
  };
}

const addressesOf = (cluster: ClusterView, service: Service): ReadonlySet<string> => {
  const endpoints = cluster.endpoints[nameText(service)];
  return new Set(endpoints?.ok ? endpoints.value.map(({ address }) => canonicalId(address)) : []);
};

/**
 * The controller would use a ConfigMap of a deleted binding for the new binding:
 * at the first reconcile it deregisters every listed target that is not an endpoint of the Service.
 */
function recordsLeft(
  observed: Observed,
  cluster: ClusterView,
  service: Service,
  ports: readonly number[],
): readonly Problem[] {
  if (ports.length === 0) return [];
  const left = cluster.leftTracked ?? known<readonly LeftTracked[]>([]);
  if (!left.ok) return [{ about: { cluster: cluster.context }, ...left.problem, unread: true }];
  const own = addressesOf(cluster, service);
  // As far as the target group is known: the binding that named it is gone.
  const registered = new Set(
    Object.keys(observed.targetGroups).flatMap((arn) => {
      const targets = registeredIn(observed, arn);
      return (targets.ok ? targets.value : [])
        .filter(isRegistered)
        .map(({ target }) => targetKey(target));
    }),
  );
  return left.value
    .filter(({ name }) => name.startsWith(madeNameStart(service)))
    .flatMap(({ namespace, name, configMap, targets }): readonly Problem[] => {
      const strange = targets.filter(({ id }) => !own.has(canonicalId(id)));
      if (strange.length === 0) return [];
      const there = strange.filter((target) => registered.has(targetKey(target))).length;
      return [
        {
          code: 'leftover-tracked-targets',
          message: `The deleted binding ${name} left ConfigMap ${namespace}/${configMap} in ${cluster.context}. The ConfigMap lists ${listed(strange.map(targetText))}. The new binding would deregister ${strange.length === 1 ? 'it' : 'them'}, even when another workload has ${strange.length === 1 ? 'this address' : 'these addresses'} now.`,
          hints: [
            kubectlHint({ context: cluster.context, namespace }, 'delete', 'configmap', configMap),
          ],
          ...(there > 0 ? { saves: there } : {}),
          about: { cluster: cluster.context, binding: { namespace, name } },
        },
      ];
    });
}
