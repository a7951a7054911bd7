import type { ClusterView } from '../model/cluster-view.ts';
import { flavourOf } from '../model/flavours.ts';
import type { JoinIntent } from '../model/intent.ts';
import type { Binding } from '../model/kubernetes.ts';
import { known } from '../model/problem.ts';
import type { Templates } from '../model/templates.ts';
import { clusterOf } from '../observed/enrollment.ts';
import type { Observed } from '../observed/observed.ts';
import { partOf } from '../observed/part-of.ts';
import { undistinguished } from '../observed/same-cluster.ts';
import type { KubeDocument, Plan } from '../plan/plan.ts';
import { refused } from '../plan/refused.ts';
import { type Part, sideBySide } from '../plan/side-by-side.ts';
import { planJoin } from './plan-join.ts';

type Spec = Readonly<Record<string, unknown>> & {
  readonly targetGroupARN: string;
  readonly targetType: Binding['targetType'];
  readonly ipAddressType?: Binding['ipFamily'];
  readonly serviceRef: { readonly name: string; readonly port: number | string };
};

/** A binding as it will be, once its document is applied. */
function bindingOf({ apiVersion, metadata, ...document }: KubeDocument): Binding {
  const spec = document['spec'] as Spec;
  return {
    namespace: metadata.namespace,
    name: metadata.name,
    flavour: flavourOf(apiVersion) ?? 'lbc',
    uid: '',
    resourceVersion: '',
    generation: 1,
    terminating: false,
    targetGroupArn: spec.targetGroupARN,
    targetType: spec.targetType,
    ipFamily: spec.ipAddressType ?? 'ipv4',
    multiCluster: true,
    serviceName: spec.serviceRef.name,
    servicePort: spec.serviceRef.port,
    labels: metadata.labels ?? {},
    annotations: metadata.annotations ?? {},
    managers: { flag: [], appliers: [] },
    finalizers: [],
    spec,
  };
}

/** A cluster with the bindings that its plan makes: what it registers may clash with that of the next cluster. */
function joined(cluster: ClusterView, plan: Plan): ClusterView {
  const made = plan.steps.flatMap((step) =>
    step.kind === 'apply-binding' && step.cluster === cluster.context && step.changes.length === 0
      ? [bindingOf(step.document)]
      : [],
  );
  const before = cluster.bindings.ok ? cluster.bindings.value : [];
  return made.length === 0 ? cluster : { ...cluster, bindings: known([...before, ...made]) };
}

/**
 * Decides how several clusters join, one plan for all: each as `planJoin` decides, and beside the
 * clusters that were named before it, as if these had joined. A cluster that cannot join is left
 * out of the plan, and the others go on.
 */
export function planJoins(
  observed: Observed,
  intents: readonly JoinIntent[],
  templates: Templates,
): Plan {
  const parts: Part[] = [];
  let world = observed;
  for (const intent of intents) {
    const { context, primary } = intent;
    const before = parts.filter(({ plan }) => plan.blockers.length === 0);
    const seen = partOf(world, [
      ...(primary === undefined ? [] : [primary]),
      ...before.map(({ cluster }) => cluster),
      context,
    ]);
    const joining = seen.clusters.filter(
      (one) => one.context !== primary || one.context === context,
    );
    const mixed = undistinguished(joining);
    const plan = mixed.length > 0 ? refused(mixed) : planJoin(seen, intent, templates);
    parts.push({ cluster: context, plan });
    const cluster = clusterOf(world, context);
    if (cluster && plan.blockers.length === 0) {
      const after = joined(cluster, plan);
      world = { ...world, clusters: world.clusters.map((one) => (one === cluster ? after : one)) };
    }
  }
  return sideBySide(parts);
}
