import type { Clock } from '../time/clock.ts';
import type { KubeCluster } from '../kube/cluster/cluster.ts';
import { timestamp, type KubeObject } from '../kube/object.ts';
import { StatusError } from '../kube/status-error.ts';
import { controllerManager } from './writers.ts';

export interface EventText {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  /** The component that speaks: `kubelet`, `deployment-controller`. */
  readonly from: string;
}

export type RecordEvent = (about: KubeObject, event: EventText) => void;

/**
 * Writes core/v1 Events as client-go's recorder does. An Event that the server refuses is dropped,
 * like there: in a namespace that is being deleted nothing new can be made.
 */
export function eventRecorder(cluster: KubeCluster, clock: Clock): RecordEvent {
  let count = 0;
  return (about, { type, reason, message, from }) => {
    const { name, namespace, uid, resourceVersion } = about.metadata;
    const now = timestamp(clock.date());
    const id = (clock.date().getTime() * 1_000 + (count++ % 1_000)).toString(16);
    try {
      cluster.create(
        'events',
        {
          apiVersion: 'v1',
          kind: 'Event',
          metadata: { name: `${name}.${id}`, namespace: namespace ?? 'default' },
          involvedObject: {
            apiVersion: about.apiVersion,
            kind: about.kind,
            name,
            ...(namespace ? { namespace } : {}),
            uid,
            resourceVersion,
          },
          type,
          reason,
          message,
          source: { component: from },
          reportingComponent: from,
          reportingInstance: '',
          firstTimestamp: now,
          lastTimestamp: now,
          count: 1,
        },
        controllerManager,
      );
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
    }
  };
}
