import type { Clock } from '../../time/clock.ts';
import { timestamp } from '../../kube/object.ts';
import type { KubeObject } from '../../kube/object.ts';
import { StatusError } from '../../kube/status-error.ts';
import type { ControllerApi } from '../process/controller-api.ts';
import type { ControllerNames } from '../process/controller-names.ts';
import { conditionOf } from '../../kube/conditions.ts';
import { hasGate } from './pod-endpoints.ts';
import type { TargetHealth } from './targets.ts';

const REGISTERING: TargetHealth = {
  State: 'initial',
  Reason: 'Elb.RegistrationInProgress',
  Description: 'Target registration is in progress',
};

/** pkg/targetgroupbinding/utils.go, BuildTargetHealthPodConditionType. */
export function gateOf({ gatePrefix }: ControllerNames, bindingName: string): string {
  return gatePrefix + bindingName;
}

/** The pod's target-health gates, of whatever binding. */
export function targetHealthGates({ gatePrefix }: ControllerNames, pod: KubeObject): string[] {
  const gates: readonly { readonly conditionType: string }[] = pod['spec'].readinessGates ?? [];
  return gates.map((gate) => gate.conditionType).filter((type) => type.startsWith(gatePrefix));
}

/**
 * Writes target health into the pods that wait for it (pkg/targetgroupbinding/resource_manager.go,
 * updateTargetHealthPodCondition).
 */
export class ReadinessGates {
  readonly #api: ControllerApi;
  readonly #clock: Clock;

  constructor(api: ControllerApi, clock: Clock) {
    this.#api = api;
    this.#clock = clock;
  }

  /** The gate of a binding of that name. */
  of(bindingName: string): string {
    return gateOf(this.#api.names, bindingName);
  }

  /** Whether the pod has the gate and `health` does not open it yet. */
  pending(namespace: string, podName: string, gate: string, health?: TargetHealth): boolean {
    const pod = this.#api.get('pods', namespace, podName);
    return pod !== undefined && hasGate(pod, gate) && health?.State !== 'healthy';
  }

  /**
   * Patches the pod's condition where it differs; `registering` stands for a target just
   * registered. Gives back whether the pod must be looked at again.
   */
  report(
    namespace: string,
    podName: string,
    gate: string,
    health: TargetHealth | 'registering' | undefined,
  ): boolean {
    const pod = this.#api.get('pods', namespace, podName);
    if (!pod || !hasGate(pod, gate)) return false;
    return this.#patch(pod, gate, health === 'registering' ? REGISTERING : health);
  }

  /** When a binding goes, pods must not wait for it: its gate turns True in all of the namespace. */
  release(namespace: string, gate: string): void {
    for (const pod of this.#api.list('pods', namespace)) {
      if (!hasGate(pod, gate)) continue;
      this.#patch(pod, gate, {
        State: 'healthy',
        Description: 'Target Group Binding is deleted',
      });
    }
  }

  #patch(pod: KubeObject, gate: string, health: TargetHealth | undefined): boolean {
    const status = !health ? 'Unknown' : health.State === 'healthy' ? 'True' : 'False';
    const { Reason: reason = '', Description: message = '' } = health ?? {};
    const old = conditionOf(pod.status?.conditions, gate);
    const again = status !== 'True';
    if (
      old?.status === status &&
      (old.reason ?? '') === reason &&
      (old.message ?? '') === message
    ) {
      return again;
    }
    const lastTransitionTime =
      old?.status === status ? old.lastTransitionTime : timestamp(this.#clock.date());
    const condition = {
      type: gate,
      status,
      lastTransitionTime,
      ...(reason !== '' && { reason }),
      ...(message !== '' && { message }),
    };
    try {
      this.#api.patch(
        'pods',
        pod.metadata.namespace!,
        pod.metadata.name,
        // The uid is a precondition: a new pod of the same name is not touched.
        { metadata: { uid: pod.metadata.uid }, status: { conditions: [condition] } },
        'status',
        'strategic',
      );
    } catch (error) {
      if (error instanceof StatusError && error.status.reason === 'NotFound') return false;
      throw error;
    }
    return again;
  }
}
