import type { AppDeployment, AppPod, Service } from '../core/model/kubernetes.ts';
import type { Workloads } from '../core/model/cluster-view.ts';
import { known, type Reading } from '../core/model/problem.ts';
import type { KubeClient } from './client.ts';
import type { Subject } from './failure.ts';
import { defined, type Json, numberAt, objectAt, objectsAt, textAt, textMapAt } from './json.ts';
import { readList } from './list.ts';
import { pathOf } from './paths.ts';

/** The Deployments in the namespace of a Service, and the pods that it selects, both at once. */
export async function readWorkloads(
  kube: KubeClient,
  { namespace, selector }: Pick<Service, 'namespace' | 'selector'>,
): Promise<Workloads> {
  const where = { verb: 'list', namespace } as const;
  const labels = Object.entries(selector).map(([key, value]) => `${key}=${value}`);
  const [deployments, pods] = await Promise.all([
    listDeployments(kube, namespace),
    readList(kube, { ...where, resource: 'pods' }, pathOf('pods', { namespace }), {
      labelSelector: labels.join(','),
    }),
  ]);
  return {
    deployments,
    pods: pods.ok ? known(pods.value.map(podOf)) : pods,
  };
}

/** All Deployments of a namespace. */
export async function listDeployments(
  kube: KubeClient,
  namespace: string,
): Promise<Reading<readonly AppDeployment[]>> {
  const subject: Subject = { verb: 'list', resource: 'deployments', group: 'apps', namespace };
  const read = await readList(kube, subject, pathOf('deployments', { namespace }));
  return read.ok ? known(read.value.map(deploymentOf)) : read;
}

function deploymentOf(item: Json): AppDeployment {
  const metadata = objectAt(item, 'metadata');
  const spec = objectAt(item, 'spec');
  const status = objectAt(item, 'status');
  const progressing = objectsAt(status, 'conditions').find(
    (condition) => textAt(condition, 'type') === 'Progressing',
  );
  return {
    namespace: textAt(metadata, 'namespace') ?? '',
    name: textAt(metadata, 'name') ?? '',
    podLabels: textMapAt(objectAt(spec, 'template', 'metadata'), 'labels'),
    generation: numberAt(metadata, 'generation') ?? 0,
    observedGeneration: numberAt(status, 'observedGeneration') ?? 0,
    paused: spec['paused'] === true,
    // Fields that are 0 are left out of a status; of a spec, 1 is the default.
    replicas: numberAt(spec, 'replicas') ?? 1,
    present: numberAt(status, 'replicas') ?? 0,
    updated: numberAt(status, 'updatedReplicas') ?? 0,
    available: numberAt(status, 'availableReplicas') ?? 0,
    ...defined({ progressing: progressing && (textAt(progressing, 'reason') ?? '') }),
  };
}

function podOf(item: Json): AppPod {
  const metadata = objectAt(item, 'metadata');
  const owner = objectsAt(metadata, 'ownerReferences').find((one) => one['controller'] === true);
  return {
    name: textAt(metadata, 'name') ?? '',
    ...defined({ madeBy: owner && textAt(owner, 'kind') }),
    // The controller of Deployments labels what its ReplicaSets make (pkg/controller/deployment/sync.go).
    ofDeployment:
      textAt(owner ?? {}, 'kind') === 'ReplicaSet' &&
      'pod-template-hash' in objectAt(metadata, 'labels'),
  };
}
