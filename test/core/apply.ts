import { parseFlag } from '../../src/core/annotations.ts';
import type { Binding, ClusterView, Service } from '../../src/core/kubernetes.ts';
import type { Observed } from '../../src/core/observed.ts';
import type { KubeDocument, Plan, Step } from '../../src/core/plan.ts';
import { known } from '../../src/core/problem.ts';
import { bindingWith, flagKey, serviceWith } from './cluster-builder.ts';

type Spec = Readonly<Record<string, unknown>>;

const keyOf = ({ metadata }: KubeDocument): string => `${metadata.namespace}/${metadata.name}`;

function created(cluster: ClusterView, document: KubeDocument): ClusterView {
  const spec = document['spec'] as Pick<Service, 'type' | 'ports' | 'selector'>;
  const made = known(serviceWith({ ...document.metadata, ...spec }));
  return {
    ...cluster,
    service: made,
    services: { ...cluster.services, [keyOf(document)]: made },
    endpoints: { ...cluster.endpoints, [keyOf(document)]: known([]) },
  };
}

function bound(cluster: ClusterView, document: KubeDocument): ClusterView {
  const spec = document['spec'] as Spec;
  const ref = spec['serviceRef'] as { name: string; port: number };
  const { ingress } = (spec['networking'] ?? {}) as { ingress?: Binding['networking'] };
  const all = cluster.bindings.ok ? cluster.bindings.value : [];
  const old = all.find((b) => `${b.namespace}/${b.name}` === keyOf(document));
  const binding = bindingWith({
    ...old,
    namespace: document.metadata.namespace,
    name: document.metadata.name,
    targetGroupArn: String(spec['targetGroupARN']),
    targetType: spec['targetType'] as Binding['targetType'],
    multiCluster: spec['multiClusterTargetGroup'] === true,
    serviceName: ref.name,
    servicePort: ref.port,
    ...(ingress ? { networking: ingress } : {}),
    spec: { ...old?.spec, ...spec },
  });
  return { ...cluster, bindings: known([...all.filter((b) => b !== old), binding]) };
}

function annotated(
  cluster: ClusterView,
  step: Extract<Step, { kind: 'annotate-service' }>,
): ClusterView {
  const found = cluster.service.ok ? cluster.service.value : undefined;
  if (!found) return cluster;
  const after = known({ ...found, annotations: { ...found.annotations, ...step.after } });
  const flag = parseFlag(step.after[flagKey] ?? '') === true;
  const all = cluster.bindings.ok ? cluster.bindings.value : [];
  return {
    ...cluster,
    service: after,
    services: { ...cluster.services, [`${found.namespace}/${found.name}`]: after },
    bindings: known(
      all.map((b) =>
        b.stack?.name === found.name ? bindingWith({ ...b, multiCluster: flag }) : b,
      ),
    ),
  };
}

/** The world after a plan's steps, as a controller that works would leave it. */
export function applied(observed: Observed, plan: Plan): Observed {
  return plan.steps.reduce<Observed>(
    (world, step) => ({
      ...world,
      clusters: world.clusters.map((cluster) => {
        if (cluster.context !== step.cluster) return cluster;
        switch (step.kind) {
          case 'annotate-service':
            return annotated(cluster, step);
          case 'create-service':
            return created(cluster, step.document);
          case 'apply-binding':
            return bound(cluster, step.document);
        }
      }),
    }),
    observed,
  );
}
