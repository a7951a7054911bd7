import { parseFlag } from '../../src/core/model/annotations.ts';
import type { Binding, ObjectName, Service } from '../../src/core/model/kubernetes.ts';
import type { ClusterView } from '../../src/core/model/cluster-view.ts';
import type { Observed } from '../../src/core/observed/observed.ts';
import { isWrite, type KubeDocument, type Plan, type WriteStep } from '../../src/core/plan/plan.ts';
import { targetKey } from '../../src/core/model/target-key.ts';
import { known } from '../../src/core/model/problem.ts';
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
  step: Extract<WriteStep, { kind: 'annotate-service' }>,
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

function flagged(
  cluster: ClusterView,
  { binding, flag }: Extract<WriteStep, { kind: 'set-flag' }>,
): ClusterView {
  const all = cluster.bindings.ok ? cluster.bindings.value : [];
  const isIt = (b: Binding): boolean =>
    b.namespace === binding.namespace && b.name === binding.name;
  return {
    ...cluster,
    bindings: known(all.map((b) => (isIt(b) ? bindingWith({ ...b, multiCluster: flag }) : b))),
  };
}

function without(cluster: ClusterView, { namespace, name }: ObjectName): ClusterView {
  const all = cluster.bindings.ok ? cluster.bindings.value : [];
  const left = all.filter((b) => !(b.namespace === namespace && b.name === name));
  const tracked = { ...cluster.tracked, [`${namespace}/${name}`]: known({ kind: 'missing' }) };
  return { ...cluster, bindings: known(left), tracked } as ClusterView;
}

/** The targets that AWS no longer has after a step, by target group. */
function drained(world: Observed, step: WriteStep): Observed['targetGroups'] {
  const [arn, targets] =
    step.kind === 'delete-binding'
      ? [step.targetGroupArn, step.tracked]
      : step.kind === 'deregister-targets'
        ? [step.targetGroupArn, step.targets]
        : [];
  const group = arn === undefined ? undefined : world.targetGroups[arn];
  if (arn === undefined || !group?.ok || !group.value.targets.ok) return world.targetGroups;
  const keys = new Set(targets?.map(targetKey));
  const left = group.value.targets.value.filter(({ target }) => !keys.has(targetKey(target)));
  return { ...world.targetGroups, [arn]: known({ ...group.value, targets: known(left) }) };
}

/** The world after a plan's steps, as a controller that works would leave it. */
export function applied(observed: Observed, plan: Plan): Observed {
  return plan.steps.filter(isWrite).reduce<Observed>(
    (world, step) => ({
      ...world,
      targetGroups: drained(world, step),
      clusters: world.clusters.map((cluster) => {
        if (cluster.context !== step.cluster) return cluster;
        switch (step.kind) {
          case 'annotate-service':
            return annotated(cluster, step);
          case 'create-service':
            return created(cluster, step.document);
          case 'apply-binding':
            return bound(cluster, step.document);
          case 'set-flag':
            return flagged(cluster, step);
          case 'delete-binding':
            return without(cluster, step.binding);
          case 'remove-finalizer':
            return without(cluster, step.binding);
          case 'delete-service': {
            const key = `${step.service.namespace}/${step.service.name}`;
            const services = { ...cluster.services, [key]: known(undefined) };
            return { ...cluster, service: known(undefined), services };
          }
          case 'delete-tracked': {
            const key = `${step.binding.namespace}/${step.binding.name}`;
            return {
              ...cluster,
              tracked: { ...cluster.tracked, [key]: known({ kind: 'missing' }) },
            };
          }
          // A handover is played in the practice world: what it writes makes controllers act.
          case 'patch-service':
          case 'patch-binding':
          case 'restart-controller':
          case 'deregister-targets':
          case 'reset-checkpoint':
            return cluster;
        }
      }),
    }),
    observed,
  );
}
