import type { Clock } from '../../time/clock.ts';
import { timestamp } from '../../kube/object.ts';
import type { KubeObject } from '../../kube/object.ts';
import { StatusError } from '../../kube/status-error.ts';
import type { ControllerApi } from '../process/controller-api.ts';
import { conditionOf } from '../../kube/conditions.ts';
import { hasGate } from './pod-endpoints.ts';
import type { TargetHealth } from './targets.ts';

const PREFIX = 'target-health.elbv2.k8s.aws/';

const REGISTERING: TargetHealth = {
  State: 'initial',
  Reason: 'Elb.RegistrationInProgress',
  Description: 'Target registration is in progress',
};

/** pkg/targetgroupbinding/utils.go, BuildTargetHealthPodConditionType. */
export function gateOf(bindingName: string): string {
  return PREFIX + bindingName;
}

/** Whether the pod carries any target-health gate, of whatever binding. */
export function targetHealthGates(pod: KubeObject): string[] {
  const gates: readonly { readonly conditionType: string }[] = pod['spec'].readinessGates ?? [];
  return gates.map((gate) => gate.conditionType).filter((type) => type.startsWith(PREFIX));
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
