import { bindingsOf, enrolledArns, nameText, primaryOf } from './enrollment.ts';
import type { Binding, ClusterView, Flavour, ObjectName } from './kubernetes.ts';
import { possibleBindingNames } from './names.ts';
import { portNumber } from './service-ports.ts';

/** What has to be read in one cluster once its bindings are known. */
export interface ClusterFacts {
  readonly context: string;
  /** Bindings, there or yet to be made, whose tracking ConfigMap is read. */
  readonly tracked: readonly (ObjectName & { readonly flavour: Flavour })[];
  readonly services: readonly ObjectName[];
  readonly endpoints: readonly ObjectName[];
  /** Nodes are read only where targets are instances. */
  readonly nodes: boolean;
}

/** The Service that a binding refers to: always in the binding's namespace. */
export const serviceOf = (binding: Pick<Binding, 'namespace' | 'serviceName'>): ObjectName => ({
  namespace: binding.namespace,
  name: binding.serviceName,
});

const unique = <T extends ObjectName>(names: readonly T[]): readonly T[] => [
  ...new Map(names.map((name) => [nameText(name), name])).values(),
];

/**
 * What has to be read after the first level (bindings, Services), by cluster. `joining` is the
 * context of a cluster that has no bindings yet: a ConfigMap that bears the name of a binding to
 * be made would be taken for its own by the controller, so it is looked for. `primary` is the
 * context of the primary where it was named.
 */
export function factsToRead(
  clusters: readonly ClusterView[],
  service: ObjectName,
  o: { readonly joining?: string; readonly primary?: string } = {},
): readonly ClusterFacts[] {
  const arns = enrolledArns(clusters, service, o.primary);
  const primary = primaryOf(clusters, service, o.primary);
  const shared = primary ? arns.flatMap((arn) => bindingsOf(primary, arn)) : [];
  return clusters.map((cluster) => {
    const bindings = arns.flatMap((arn) => bindingsOf(cluster, arn));
    const local = cluster.service.ok ? cluster.service.value : undefined;
    const joins = cluster.context === o.joining && cluster !== primary;
    const planned = (binding: Binding): readonly (ObjectName & { flavour: Flavour })[] =>
      possibleBindingNames({
        service: cluster.localService.name,
        port: Number(
          portNumber(primary?.service.ok ? primary.service.value : undefined, binding.servicePort),
        ),
        ports: arns.length,
        arn: binding.targetGroupArn,
      }).map((name) => ({ namespace: cluster.localService.namespace, name, flavour: 'lbc' }));
    const services = unique([
      ...bindings.map(serviceOf),
      ...(joins && local ? [cluster.localService] : []),
    ]);
    return {
      context: cluster.context,
      tracked: unique([...bindings, ...(joins ? shared.flatMap(planned) : [])]).map(
        ({ namespace, name, flavour }) => ({ namespace, name, flavour }),
      ),
      services,
      endpoints: services,
      nodes: (joins ? [...shared, ...bindings] : bindings).some(
        (binding) => binding.targetType === 'instance',
      ),
    };
  });
}
