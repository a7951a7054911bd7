import type { ControllerPod, ControllerProcess } from '../model/handover.ts';
import { millisOf } from '../model/instant.ts';
import { nameText } from '../model/kubernetes.ts';
import { count } from '../model/words.ts';
import { clusterOf } from '../observed/enrollment.ts';
import { serviceRead } from '../observed/member.ts';
import type { Observed } from '../observed/observed.ts';
import type { HandoverGoal } from '../plan/goal.ts';
import { type Answer, converging, done, unknownBy } from './progress-answer.ts';

/** Whether the holder of a Lease, `POD_UUID`, is this pod (controller-runtime, pkg/leaderelection). */
const leads = (leader: string | undefined, pod: string): boolean =>
  leader?.startsWith(`${pod}_`) === true;

/** Times are in whole seconds: a pod that started in the second of that time may have started before it. */
const isFresh = ({ startedAt }: ControllerPod, since: string): boolean =>
  startedAt !== undefined && millisOf(startedAt) > millisOf(since);

/** Whether each process of a controller is ready and began after that time. */
const isReplaced = ({ pods, rolledOut, replicas }: ControllerProcess, since: string): boolean =>
  rolledOut &&
  pods.length === replicas &&
  replicas > 0 &&
  pods.every((pod) => pod.ready && isFresh(pod, since));

/** Whether every process of a controller began after that time, and one of them leads. */
export const hasRestarted = (controller: ControllerProcess, since: string): boolean =>
  isReplaced(controller, since) &&
  controller.pods.some(({ name }) => leads(controller.leader, name));

/**
 * Whether new processes of a controller are on their way since that time, so that waiting is enough: its pods
 * are being replaced, or it lacks only a leader. A restart in the second of that time counts while its pods come:
 * they prove themselves by their own start. Where they are all there and one of them is too old, it does not count.
 */
export const isRestarting = (controller: ControllerProcess, since: string): boolean => {
  const { rolledOut, restartedAt } = controller;
  if (rolledOut) return isReplaced(controller, since);
  return restartedAt !== undefined && millisOf(restartedAt) >= millisOf(since);
};

/** How far the new processes of a controller are. */
export function restarted(
  {
    cluster,
    deployment,
    service: named,
    note,
  }: Extract<HandoverGoal, { kind: 'controller-restarted' }>,
  observed: Observed,
): Answer {
  const controller = observed.handover?.controllers[cluster];
  const view = clusterOf(observed, cluster);
  if (!controller || !view) return converging(`the controller of ${cluster} has not been observed`);
  if (!controller.ok) return unknownBy(controller.problem);
  const service = serviceRead(view, named);
  if (!service.ok) return unknownBy(service.problem);
  const written = service.value?.handoverNote;
  if (written?.value !== note) {
    return converging(
      `Service ${nameText(named)} in ${cluster} does not have the note "${note}" yet`,
    );
  }
  const since = written.at;
  const { pods, rolledOut, leader, replicas } = controller.value;
  const name = `${nameText(deployment)} in ${cluster}`;
  if (hasRestarted(controller.value, since)) {
    return done(`each pod of ${name} is new, and one of them leads`, replicas, replicas);
  }
  const fresh = pods.filter((pod) => isFresh(pod, since));
  if (fresh.length < replicas || !rolledOut) {
    return converging(`${fresh.length} of ${count(replicas, 'pod')} of ${name} restarted`, 0, 1);
  }
  return converging(
    leader === undefined
      ? `no pod of ${name} leads yet`
      : `the pod that leads ${name} is not one of the new ones yet`,
  );
}
