import { managerOf } from '../model/annotations.ts';
import {
  type Binding,
  type ObjectName,
  sameName,
  serviceOf,
  type ServicePort,
} from '../model/kubernetes.ts';
import type { ClusterView } from '../model/cluster-view.ts';
import type { Observed } from './observed.ts';
import { portOf } from '../model/service-ports.ts';

/**
 * Whether the controller made the binding for this Service. Both stack labels count and the
 * namespace: the walkthrough's hand-made binding carries a stack-name label, too. Bindings that a
 * weighted action made for another Service of the stack are not this Service's.
 */
export const isMadeFor = ({ stack, ...binding }: Binding, service: ObjectName): boolean =>
  stack?.kind === 'service' && sameName(stack, service) && sameName(serviceOf(binding), service);

export const bindingsRead = (cluster: ClusterView): readonly Binding[] =>
  cluster.bindings.ok ? cluster.bindings.value : [];

const byPort = (bindings: readonly Binding[]): readonly Binding[] =>
  bindings.toSorted((a, b) => Number(a.servicePort) - Number(b.servicePort));

/** Bindings that a controller made for the Service, in the order of their Service port. */
export const ownBindings = (cluster: ClusterView, service: ObjectName): readonly Binding[] =>
  byPort(bindingsRead(cluster).filter((binding) => isMadeFor(binding, service)));

/**
 * Bindings that put the Service into target groups which its own controller did not make for it, in
 * the order of their Service port: of a person, of nlbmc, or of a Gateway or Ingress in front of it.
 */
export const joinedBindings = (cluster: ClusterView, service: ObjectName): readonly Binding[] =>
  byPort(
    bindingsRead(cluster).filter(
      (binding) => binding.stack?.kind !== 'service' && sameName(serviceOf(binding), service),
    ),
  );

/** Bindings of a cluster on a target group, in any namespace and whatever their name. */
export const bindingsOf = (cluster: ClusterView, arn: string): readonly Binding[] =>
  bindingsRead(cluster).filter((binding) => binding.targetGroupArn === arn);

/** The bindings of a Service on these target groups, in the order of the groups. */
export const bindingsOfService = (
  cluster: ClusterView,
  arns: readonly string[],
  service: ObjectName,
): readonly Binding[] =>
  arns
    .flatMap((arn) => bindingsOf(cluster, arn))
    .filter((binding) => sameName(serviceOf(binding), service));

/**
 * The cluster whose controller made bindings for the Service. A Service of the same name may have
 * a load balancer of its own in a secondary: then the primary is the one whose target groups are
 * bound in other clusters, and among equals the first one listed. A primary that was `named` is
 * the only candidate: two clusters may each have joined the other. Undefined: none in sight.
 */
export function primaryOf(
  clusters: readonly ClusterView[],
  service: ObjectName,
  named?: string,
): ClusterView | undefined {
  const candidates = clusters
    .filter(({ context }) => named === undefined || context === named)
    .filter((cluster) => ownBindings(cluster, service).length > 0);
  const shared = candidates.find((candidate) =>
    ownBindings(candidate, service).some(({ targetGroupArn }) =>
      clusters.some((other) => other !== candidate && bindingsOf(other, targetGroupArn).length > 0),
    ),
  );
  return shared ?? candidates[0];
}

/**
 * The one cluster whose controller manages the Service and that has no binding of it: somebody
 * deleted them, or they are not made yet. Undefined where it is not one cluster alone.
 */
export function bareOwner(clusters: readonly ClusterView[]): ClusterView | undefined {
  const bare = clusters.filter(
    ({ service }) => service.ok && service.value && managerOf(service.value) !== undefined,
  );
  return bare.length === 1 ? bare[0] : undefined;
}

/** The target groups of an enrollment, and where they are named. */
export interface SharedGroups {
  /** The cluster whose bindings name the target groups: the primary, or the first that has some. */
  readonly source: ClusterView;
  /** ARNs, one for each port, in the order of the ports. */
  readonly arns: readonly string[];
}

/** What tells an enrollment: the clusters as read, and what the person named. */
export type Asked = Pick<Observed, 'clusters' | 'service' | 'primary' | 'named'>;

const arnsOf = (bindings: readonly Binding[]): readonly string[] => [
  ...new Set(bindings.map(({ targetGroupArn }) => targetGroupArn)),
];

/** The Services that are meant in a cluster: the one that was typed, and the local name for it. */
const namesIn = (cluster: ClusterView, service: ObjectName): readonly ObjectName[] =>
  sameName(cluster.localService, service) ? [service] : [service, cluster.localService];

/**
 * The target groups that are meant: those of the primary's own bindings; where no controller made
 * any for the Service, those to which bindings of it belong in the listed clusters. Target groups
 * that the person named leave out all others, and are found without the name of a Service, too.
 * Undefined: no listed cluster has a binding on any.
 */
export function sharedGroups(asked: Asked): SharedGroups | undefined {
  const { clusters, service, primary, named } = asked;
  const isMeant = (arn: string): boolean => isNamed(asked, arn);
  const owner = primaryOf(clusters, service, primary);
  const own = owner ? arnsOf(ownBindings(owner, service)).filter(isMeant) : [];
  if (owner && own.length > 0) return { source: owner, arns: own };
  const found = clusters
    .filter(({ context }) => primary === undefined || context === primary)
    .flatMap((cluster) => {
      const bindings =
        named === undefined
          ? namesIn(cluster, service).flatMap((name) => joinedBindings(cluster, name))
          : named.flatMap((arn) => bindingsOf(cluster, arn));
      const arns = arnsOf(bindings).filter(isMeant);
      return arns.length > 0 ? [{ source: cluster, arns }] : [];
    });
  const [first] = found;
  if (!first) return undefined;
  return { source: first.source, arns: [...new Set(found.flatMap(({ arns }) => arns))] };
}

/**
 * The Service that owns the target groups, where it has another name than the one that was typed:
 * a listed cluster's controller made bindings for it on target groups that the typed one has joined.
 */
export function owningService(asked: Asked): ObjectName | undefined {
  const groups = sharedGroups(asked);
  if (!groups) return undefined;
  const stack = groups.arns
    .flatMap((arn) => asked.clusters.flatMap((cluster) => bindingsOf(cluster, arn)))
    .find((binding) => binding.stack && isMadeFor(binding, serviceOf(binding)))?.stack;
  if (!stack || sameName(stack, asked.service)) return undefined;
  return { namespace: stack.namespace, name: stack.name };
}

/** Whether a target group is meant: where the person named some, no others are. */
export const isNamed = ({ named }: Pick<Observed, 'named'>, arn: string): boolean =>
  named?.includes(arn) ?? true;

/** Target groups of the enrollment, one for each port; none: it has none in sight. */
export const enrolledArns = (asked: Asked): readonly string[] => sharedGroups(asked)?.arns ?? [];

/**
 * Ports of the primary's Service without a binding of the controller's: it has not made one yet,
 * or somebody deleted it, which the controller notices only when the Service changes.
 */
export function unboundPorts(primary: ClusterView, service: ObjectName): readonly ServicePort[] {
  const found = primary.service.ok ? primary.service.value : undefined;
  if (!found) return [];
  const bound = new Set(
    ownBindings(primary, service).map(({ servicePort }) => portOf(found, servicePort)?.port),
  );
  return found.ports.filter(({ port }) => !bound.has(port));
}

/** The cluster of that context; undefined when it was not listed. */
export const clusterOf = (
  observed: Pick<Observed, 'clusters'>,
  context: string,
): ClusterView | undefined => observed.clusters.find((cluster) => cluster.context === context);
