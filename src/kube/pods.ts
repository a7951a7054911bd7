import type { ObjectName } from '../core/model/kubernetes.ts';
import type { Reading } from '../core/model/problem.ts';
import { known } from '../core/model/problem.ts';
import type { KubeClient } from './client.ts';
import { flavours } from '../core/model/flavours.ts';
import { objectAt, objectsAt, textAt } from './json.ts';
import { conditionOf } from './nodes.ts';
import { pathOf } from './paths.ts';

/** What of a pod decides whether its endpoint is eligible although it is not ready. */
export interface PodState {
  readonly containersReady: boolean;
  /** It has a readiness gate of the controller that is not True. */
  readonly gatePending: boolean;
}

/** The state of one pod; `undefined` when it is gone. */
export async function readPod(
  kube: KubeClient,
  name: ObjectName,
): Promise<Reading<PodState | undefined>> {
  const subject = { verb: 'get', resource: 'pods', ...name } as const;
  const read = await kube.read({ subject, path: pathOf('pods', name) });
  if (!read.ok) return read.problem.code === 'object-missing' ? known(undefined) : read;
  const status = objectAt(read.value, 'status');
  const gates = objectsAt(objectAt(read.value, 'spec'), 'readinessGates')
    .map((gate) => textAt(gate, 'conditionType') ?? '')
    .filter((type) =>
      Object.values(flavours).some(({ gatePrefix }) => type.startsWith(gatePrefix)),
    );
  return known({
    containersReady: conditionOf(status, 'ContainersReady') === 'True',
    gatePending: gates.some((gate) => conditionOf(status, gate) !== 'True'),
  });
}
