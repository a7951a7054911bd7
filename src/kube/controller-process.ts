import type { ControllerPod, ControllerProcess } from '../core/model/handover.ts';
import type { ObjectName } from '../core/model/kubernetes.ts';
import { known, type Reading, unknown } from '../core/model/problem.ts';
import type { KubeClient } from './client.ts';
import { decidingFlags } from './controller-fields.ts';
import type { Subject } from './failure.ts';
import { defined, type Json, numberAt, objectAt, objectsAt, textAt } from './json.ts';
import { selectorText } from './selector-text.ts';
import { readList } from './list.ts';
import { writeOf } from './managed-fields.ts';
import { conditionOf } from './nodes.ts';
import { pathOf } from './paths.ts';
import { restartAnnotation } from './restart-annotation.ts';

/** Of the Lease by which its pods choose a leader (`pkg/config/runtime_config.go`). */
const defaultLease = 'aws-load-balancer-controller-leader';

/**
 * The Deployment of a controller, its pods and which of them leads. Without a Lease no pod leads; it is
 * in the namespace of the pods where no flag says otherwise. Problem `answer-malformed` where the
 * answer has no generation, selector or containers: nothing can be said of the pods then.
 */
export async function readControllerProcess(
  kube: KubeClient,
  deployment: ObjectName,
): Promise<Reading<ControllerProcess>> {
  const { namespace, name } = deployment;
  const subject: Subject = {
    verb: 'get',
    resource: 'deployments',
    group: 'apps',
    namespace,
    name,
  };
  const read = await kube.read({ subject, path: pathOf('deployments', { namespace, name }) });
  if (!read.ok) return read;
  const spec = objectAt(read.value, 'spec');
  const labelSelector = selectorText(objectAt(spec, 'selector'));
  if (
    labelSelector === undefined ||
    numberAt(objectAt(read.value, 'metadata'), 'generation') === undefined ||
    objectsAt(objectAt(spec, 'template', 'spec'), 'containers').length === 0
  ) {
    return unknown(kube.problem({ kind: 'malformed', text: 'a Deployment' }, subject));
  }
  const flags = decidingFlags(read.value);
  const lease = {
    namespace: flags['leader-election-namespace'] || namespace,
    name: flags['leader-election-id'] || defaultLease,
  };
  const [pods, leader] = await Promise.all([
    readList(kube, { verb: 'list', resource: 'pods', namespace }, pathOf('pods', { namespace }), {
      labelSelector,
    }),
    readHolder(kube, lease),
  ]);
  if (!pods.ok) return pods;
  if (!leader.ok) return leader;
  return known({
    deployment: { namespace, name },
    rolledOut: isRolledOut(read.value),
    replicas: numberAt(spec, 'replicas') ?? 1,
    pods: pods.value.filter(isLive).map(podOf),
    flags,
    ...(spec['paused'] === true ? { paused: true } : {}),
    ...defined({
      leader: leader.value,
      restartedAt: restartedAt(objectAt(read.value, 'metadata')),
    }),
  });
}

/** The annotation itself has the time of the machine that sent it. */
const restartedAt = (metadata: Json): string | undefined =>
  writeOf(metadata, 'f:spec', 'f:template', 'f:metadata', 'f:annotations', `f:${restartAnnotation}`)
    ?.at;

/** Who holds a Lease; undefined: no one does, or there is none. */
async function readHolder(
  kube: KubeClient,
  lease: ObjectName,
): Promise<Reading<string | undefined>> {
  const subject: Subject = {
    verb: 'get',
    resource: 'leases',
    group: 'coordination.k8s.io',
    ...lease,
  };
  const read = await kube.read({ subject, path: pathOf('leases', lease) });
  if (!read.ok) return read.problem.code === 'object-missing' ? known(undefined) : read;
  return known(textAt(objectAt(read.value, 'spec'), 'holderIdentity') || undefined);
}

/**
 * As `kubectl rollout status` tells it by the numbers (kubernetes/kubectl,
 * pkg/polymorphichelpers/rollout_status.go): all pods are of the present template and available, and
 * no other is left. A field of the status that is 0 is left out.
 */
function isRolledOut(deployment: Json): boolean {
  const status = objectAt(deployment, 'status');
  const count = (field: string): number => numberAt(status, field) ?? 0;
  const generation = numberAt(objectAt(deployment, 'metadata'), 'generation') ?? 0;
  const replicas = numberAt(objectAt(deployment, 'spec'), 'replicas') ?? 1;
  const updated = count('updatedReplicas');
  return (
    count('observedGeneration') >= generation &&
    updated >= replicas &&
    count('replicas') <= updated &&
    count('availableReplicas') >= updated &&
    count('readyReplicas') >= updated
  );
}

/** Neither on its way out nor ended: an evicted pod keeps its labels. */
const isLive = (pod: Json): boolean =>
  textAt(objectAt(pod, 'metadata'), 'deletionTimestamp') === undefined &&
  !['Succeeded', 'Failed'].includes(textAt(objectAt(pod, 'status'), 'phase') ?? '');

function podOf(pod: Json): ControllerPod {
  const status = objectAt(pod, 'status');
  const starts = objectsAt(status, 'containerStatuses').map((container) =>
    Date.parse(textAt(objectAt(container, 'state', 'running'), 'startedAt') ?? ''),
  );
  const containers = objectsAt(objectAt(pod, 'spec'), 'containers').length;
  const isRunning = starts.length >= Math.max(1, containers) && !starts.some(Number.isNaN);
  return {
    name: textAt(objectAt(pod, 'metadata'), 'name') ?? '',
    ready: conditionOf(status, 'Ready') === 'True',
    ...(isRunning ? { startedAt: new Date(Math.min(...starts)).toISOString() } : {}),
  };
}
