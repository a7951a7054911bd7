import { managerOf } from '../model/annotations.ts';
import { type Asked, bindingsOf, isMadeFor, sharedGroups, unboundPorts } from './enrollment.ts';
import { flavourToMake } from '../model/flavours.ts';
import { nameText, sameName, serviceOf } from '../model/kubernetes.ts';
import type { Binding, Flavour, ObjectName } from '../model/kubernetes.ts';
import type { ClusterView } from '../model/cluster-view.ts';
import { possibleBindingNames } from '../model/names.ts';
import { isTwice, portNumber } from '../model/service-ports.ts';

/** What has to be read in one cluster once its bindings are known. */
export interface ClusterFacts {
  readonly context: string;
  /** Bindings, there or yet to be made, whose tracking ConfigMap is read. */
  readonly tracked: readonly (ObjectName & { readonly flavour: Flavour })[];
  /** Own bindings by which a controller's webhook tells whether others, out of sight, are exclusive. */
  readonly siblings: readonly ObjectName[];
  readonly services: readonly ObjectName[];
  readonly endpoints: readonly ObjectName[];
  /** Whether records that no binding has are looked for in the local Service's namespace. */
  readonly leftTracked: boolean;
  /** Namespaces whose events may tell why something is not as it should be. */
  readonly events: readonly string[];
  /** Nodes are read only where targets are instances. */
  readonly nodes: boolean;
}

/** Bindings that the local Service may have had on the target groups where it has none now. */
function left(
  arns: readonly string[],
  bindings: readonly Binding[],
  { service, localService, servedFlavours }: ClusterView,
  counts: readonly number[] = [arns.length],
): readonly (ObjectName & { flavour: Flavour })[] {
  const ports = service.ok ? (service.value?.ports ?? []) : [];
  return arns
    .filter((arn) => bindings.every((binding) => binding.targetGroupArn !== arn))
    .flatMap((arn) =>
      ports.flatMap(({ port }) =>
        counts.flatMap((count) =>
          possibleBindingNames({
            service: localService.name,
            port,
            ports: count,
            arn,
            twice: isTwice(ports, port),
          }),
        ),
      ),
    )
    .map((name) => ({
      namespace: localService.namespace,
      name,
      flavour: flavourToMake(servedFlavours),
    }));
}

/** Names of the tracked sets that were read before: the bindings that named them may be gone by now. */
const seen = (cluster: ClusterView | undefined): readonly (ObjectName & { flavour: Flavour })[] =>
  Object.keys(cluster?.tracked ?? {}).map((key) => {
    const [namespace = '', name = ''] = key.split('/');
    const bindings = cluster?.bindings.ok ? cluster.bindings.value : [];
    const flavour =
      bindings.find((binding) => nameText(binding) === key)?.flavour ??
      flavourToMake(cluster?.servedFlavours);
    return { namespace, name, flavour };
  });

/**
 * Bindings that the webhook of the open-source controller can be asked about: of EKS Auto Mode no such
 * check is known, and an exclusive binding already says that a sibling is refused.
 */
const speaking = ({ narrowFlavours = [] }: ClusterView, bindings: readonly Binding[]) =>
  narrowFlavours.length > 0 && narrowFlavours.every((flavour) => flavour === 'lbc')
    ? bindings
        .filter(
          ({ flavour, multiCluster, terminating }) =>
            flavour === 'lbc' && multiCluster && !terminating,
        )
        .map(({ namespace, name }) => ({ namespace, name }))
    : [];

const unique = <T extends ObjectName>(names: readonly T[]): readonly T[] => [
  ...new Map(names.map((name) => [nameText(name), name])).values(),
];

/** The Service of a binding, as far as the first level has read it. */
const serviceIn = (cluster: ClusterView | undefined, binding: Binding) => {
  const read = cluster?.services[nameText(serviceOf(binding))];
  return read?.ok ? read.value : undefined;
};

/**
 * What has to be read after the first level (bindings, Services), by cluster. `joining` are the
 * contexts of clusters that have no bindings yet: a ConfigMap that bears the name of a binding to
 * be made would be treated by the controller as the record of that binding, so it is read, too. `arns` are the
 * target groups where they are known already.
 * In a cluster that is `leaving` the local Service counts without a binding too: its endpoints, and
 * the ConfigMaps that bindings for it may have left. With `repairing` that holds for all of them; and
 * where the controller of a Service has no binding for a port, every record of the namespace counts.
 */
export function factsToRead(
  asked: Asked,
  o: {
    readonly joining?: readonly string[];
    readonly leaving?: readonly string[];
    readonly repairing?: boolean;
    /** Whether everything that could make a verdict wrong is looked for: in verify. */
    readonly bound?: boolean;
    readonly arns?: readonly string[];
    /** The clusters as they were seen before: what was tracked then is looked at again. */
    readonly before?: readonly ClusterView[];
  } = {},
): readonly ClusterFacts[] {
  const { clusters, service } = asked;
  const groups = sharedGroups(asked);
  const arns = o.arns ?? groups?.arns ?? [];
  const source = groups?.source;
  const shared = source ? arns.flatMap((arn) => bindingsOf(source, arn)) : [];
  return clusters.map((cluster) => {
    const bindings = arns.flatMap((arn) => bindingsOf(cluster, arn));
    const local = cluster.service.ok ? cluster.service.value : undefined;
    const isBound = (arn: string): boolean =>
      bindings.some(
        (one) => one.targetGroupArn === arn && sameName(serviceOf(one), cluster.localService),
      );
    // A second Service of the cluster that names the target groups joins like one of another cluster,
    // and so does another application on a load balancer that the cluster serves behind already.
    const joins =
      o.joining?.includes(cluster.context) === true &&
      (cluster !== source || !sameName(cluster.localService, service) || !arns.every(isBound));
    // Named by a load balancer or by their ARNs: bindings on them may be another application's.
    const byName = asked.primary === undefined;
    const leaves = o.leaving?.includes(cluster.context) === true || o.repairing === true;
    const planned = (binding: Binding): readonly (ObjectName & { flavour: Flavour })[] => {
      const there = Number(portNumber(serviceIn(source, binding), binding.servicePort));
      const ports = local?.ports.map(({ port }) => port) ?? [];
      // A primary has the ports of its listeners; elsewhere a port may go to a listener of another number.
      const numbers =
        isMadeFor(binding, service) && (ports.length === 0 || ports.includes(there))
          ? [there]
          : [there, ...ports];
      // Target groups of other bindings of the Service, such as one that is gone, do not join.
      const counts = [...new Set([groups?.arns.length ?? arns.length, arns.length])];
      return [...new Set(numbers)].flatMap((port) =>
        counts
          .flatMap((ports) =>
            possibleBindingNames({
              service: cluster.localService.name,
              port,
              ports,
              arn: binding.targetGroupArn,
              twice: isTwice(local?.ports ?? [], port),
            }),
          )
          .map((name) => ({
            namespace: cluster.localService.namespace,
            name,
            flavour: flavourToMake(cluster.servedFlavours),
          })),
      );
    };
    const services = unique([
      ...bindings.map(serviceOf),
      ...((joins || leaves) && local ? [cluster.localService] : []),
    ]);
    return {
      context: cluster.context,
      tracked: unique([
        ...bindings,
        ...(joins
          ? [
              ...shared.flatMap(planned),
              ...left(arns, byName ? [] : shared, cluster, [1, arns.length]),
            ]
          : []),
        ...(leaves ? left(arns, bindings, cluster) : []),
        ...(leaves ? seen(o.before?.find(({ context }) => context === cluster.context)) : []),
      ]).map(({ namespace, name, flavour }) => ({ namespace, name, flavour })),
      siblings: o.bound === true || o.repairing === true ? speaking(cluster, bindings) : [],
      services,
      endpoints: services,
      events: [...new Set([cluster.localService, ...services].map(({ namespace }) => namespace))],
      leftTracked:
        o.repairing === true &&
        local !== undefined &&
        managerOf(local) !== undefined &&
        unboundPorts(cluster, service).length > 0,
      nodes:
        (joins ? [...shared, ...bindings] : bindings).some(
          (binding) => binding.targetType === 'instance',
        ) ||
        // Without a binding nothing tells the type of the targets: instances need a node port.
        ((leaves || (joins && byName)) &&
          local?.ports.some(({ nodePort }) => nodePort !== undefined) === true &&
          arns.some((arn) => bindings.every(({ targetGroupArn }) => targetGroupArn !== arn))),
    };
  });
}
