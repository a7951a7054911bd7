import type { ClusterView } from '../model/cluster-view.ts';
import { flavourOf } from '../model/flavours.ts';
import { type Binding, nameText } from '../model/kubernetes.ts';
import { known } from '../model/problem.ts';
import { assumingServing } from '../observed/assumed-serving.ts';
import { clusterOf } from '../observed/enrollment.ts';
import type { Observed } from '../observed/observed.ts';
import type { KubeDocument, Plan } from '../plan/plan.ts';

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
export function withBindings(cluster: ClusterView, plan: Plan): ClusterView {
  const made = plan.steps.flatMap((step) =>
    step.kind === 'apply-binding' && step.cluster === cluster.context && step.changes.length === 0
      ? [bindingOf(step.document)]
      : [],
  );
  const before = cluster.bindings.ok ? cluster.bindings.value : [];
  return made.length === 0 ? cluster : { ...cluster, bindings: known([...before, ...made]) };
}

/**
 * The observation as it will be when a cluster has joined by this plan: every endpoint of its
 * bindings is tracked, registered and healthy. Only for a plan that waits for that and plans again
 * before it goes on.
 */
export function assumingJoined(observed: Observed, context: string, plan: Plan): Observed {
  const before = clusterOf(observed, context);
  if (!before) return observed;
  const cluster = withBindings(before, plan);
  const made = new Set(
    plan.steps.flatMap((step) =>
      step.kind === 'apply-binding' ? [nameText(step.document.metadata)] : [],
    ),
  );
  const waited = new Set(
    plan.goals.flatMap((goal) =>
      goal.kind === 'endpoints-healthy' && goal.cluster === context ? [nameText(goal.binding)] : [],
    ),
  );
  const clusters = observed.clusters.map((one) => (one === before ? cluster : one));
  return assumingServing({ ...observed, clusters }, context, new Set([...made, ...waited]));
}
