import type { ControllerProcess } from '../model/handover.ts';
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

/** Whether every process of a controller began after that time, and one of them leads. */
export function hasRestarted(controller: ControllerProcess, since: string): boolean {
  const { pods, rolledOut, leader, replicas } = controller;
  return (
    rolledOut &&
    pods.length === replicas &&
    replicas > 0 &&
    pods.every(
      ({ startedAt, ready }) =>
        ready && startedAt !== undefined && millisOf(startedAt) > millisOf(since),
    ) &&
    pods.some(({ name }) => leads(leader, name))
  );
}

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
  const fresh = pods.filter(
    ({ startedAt }) => startedAt !== undefined && millisOf(startedAt) > millisOf(since),
  );
  if (fresh.length < replicas || !rolledOut) {
    return converging(`${fresh.length} of ${count(replicas, 'pod')} of ${name} restarted`, 0, 1);
  }
  return converging(
    leader === undefined
      ? `no pod of ${name} leads yet`
      : `the pod that leads ${name} is not one of the new ones yet`,
  );
}
