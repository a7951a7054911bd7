import { handoverAnnotation, managerOf } from '../model/annotations.ts';
import type { Tags } from '../model/aws.ts';
import { clusterNames } from '../model/cluster-name.ts';
import type { ClusterView } from '../model/cluster-view.ts';
import { releasedClass } from '../model/handover.ts';
import type { HandoverIntent } from '../model/intent.ts';
import {
  type Binding,
  nameText,
  type ObjectName,
  sameName,
  type Service,
  serviceOf,
} from '../model/kubernetes.ts';
import { inReading, type Reading, valueOf } from '../model/problem.ts';
import { assumingServing } from '../observed/assumed-serving.ts';
import { bindingsOf, bindingsRead } from '../observed/enrollment.ts';
import type { Observed } from '../observed/observed.ts';
import { clusterTag, stackTag } from '../observed/owner-tags.ts';
import { labelsFor } from './standing.ts';

type Changed<T> = (one: T) => T;

const isFor = (binding: Binding, service: ObjectName): boolean =>
  sameName(serviceOf(binding), service);

/** The cluster with its Service of that name, and that one's bindings on the target groups, changed. */
function changed(
  cluster: ClusterView,
  name: ObjectName,
  arns: readonly string[],
  o: { readonly service: Changed<Service>; readonly binding: Changed<Binding> },
): ClusterView {
  const ofName: Changed<Service | undefined> = (one) =>
    one && sameName(one, name) ? o.service(one) : one;
  return {
    ...cluster,
    service: inReading(cluster.service, ofName),
    services: Object.fromEntries(
      Object.entries(cluster.services).map(([key, read]) => [key, inReading(read, ofName)]),
    ),
    bindings: inReading(cluster.bindings, (all) =>
      all.map((one) =>
        arns.includes(one.targetGroupArn) && isFor(one, name) ? o.binding(one) : one,
      ),
    ),
  };
}

/** Without what makes a controller manage it. */
const released: Changed<Service> = (service) => {
  const { [handoverAnnotation]: _, ...annotations } = service.annotations;
  const { handoverNote: _note, ...rest } = service;
  const finalizers = service.finalizers.filter(
    (one) => managerOf({ finalizers: [one] }) === undefined,
  );
  return { ...rest, annotations, finalizers, loadBalancerClass: releasedClass };
};

/** Without what says that a controller made it. */
const unlabelled: Changed<Binding> = (one) => {
  const { stack: _, ...binding } = one;
  return binding;
};

/** The cluster with the bindings that its controller makes for the Service, on the groups where it has none. */
function bound(taker: ClusterView, service: ObjectName, patterns: readonly Binding[]): ClusterView {
  return {
    ...taker,
    bindings: inReading(taker.bindings, (all) => {
      const isBound = ({ targetGroupArn }: Binding): boolean =>
        all.some((one) => one.targetGroupArn === targetGroupArn && isFor(one, service));
      const made = patterns
        .filter((pattern) => !isBound(pattern))
        .map((pattern): Binding => ({
          ...pattern,
          uid: '',
          namespace: service.namespace,
          serviceName: service.name,
          terminating: false,
        }));
      return [...all, ...made];
    }),
  };
}

/**
 * The observation as it will be at the end of a handover, so that it can be told what a person will be
 * refused or asked then: OLD's Service is released, that of NEW has the load balancer, and the tags in AWS
 * say so. Where NEW has not joined, its controller has made the bindings, and what is behind them serves; all
 * other targets stay as they are. Only for a plan that waits for the end and plans again.
 */
export function assumingHandedOver(observed: Observed, intent: HandoverIntent): Observed {
  const { old, new: fresh, service, localService } = intent;
  const taker = observed.clusters.find(({ context }) => context === fresh);
  const [clusterName] = taker ? clusterNames(taker) : [];
  if (!taker || clusterName === undefined) return observed;
  const balancer = valueOf(observed.loadBalancer);
  const arns = Object.keys(observed.targetGroups);
  const tags = { [clusterTag]: clusterName, [stackTag]: nameText(localService) };
  const tagged = <T extends { readonly tags?: Reading<Tags> }>(one: T): T => ({
    ...one,
    ...(one.tags ? { tags: inReading(one.tags, (before) => ({ ...before, ...tags })) } : {}),
  });
  const owned: Changed<Service> = (one) => ({
    ...one,
    finalizers: [...new Set([...one.finalizers, 'service.k8s.aws/resources'])],
    type: 'LoadBalancer',
    ...(balancer ? { hostname: balancer.dnsName } : {}),
  });
  const labelled: Changed<Binding> = (one) => ({
    ...one,
    labels: { ...one.labels, ...labelsFor({ service: localService }) },
    stack: { kind: 'service', ...localService },
  });
  const { primary: _, ...rest } = observed;
  const giver = observed.clusters.find(({ context }) => context === old);
  const patterns = arns
    .flatMap((arn) => (giver ? bindingsOf(giver, arn) : []))
    .filter((binding) => isFor(binding, service));
  const joined = bound(taker, localService, patterns);
  const made = bindingsRead(joined).filter((binding) => !bindingsRead(taker).includes(binding));
  const handed: Observed = {
    ...rest,
    clusters: observed.clusters.map((cluster) =>
      cluster.context === old
        ? changed(cluster, service, arns, { service: released, binding: unlabelled })
        : cluster === taker
          ? changed(joined, localService, arns, { service: owned, binding: labelled })
          : cluster,
    ),
    loadBalancer: inReading(observed.loadBalancer, tagged),
    targetGroups: Object.fromEntries(
      Object.entries(observed.targetGroups).map(([arn, read]) => [arn, inReading(read, tagged)]),
    ),
  };
  return assumingServing(handed, taker.context, new Set(made.map(nameText)));
}
