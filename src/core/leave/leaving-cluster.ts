import { isOurWork } from '../join/binding-document.ts';
import { handoverBegunHints } from '../checks/handover-begun.ts';
import { check, type Check, skippedUnread } from '../plan/check.ts';
import { notReadyText, startController } from '../model/controller-hints.ts';
import { kubectlHint } from '../model/hint.ts';
import { ownerAdvice, stackText } from '../model/owner-words.ts';
import { accepting, disableHint, handoverAwayHint, leaveHint } from '../model/nlbmc-hints.ts';
import { nameText, sameName, serviceOf } from '../model/kubernetes.ts';
import type { Binding, ControllerDeployment } from '../model/kubernetes.ts';
import { deletedServiceChecks } from './deleted-service.ts';
import { goingBindings, type LeaveCase } from './leave-case.ts';
import { notBoundElsewhere } from './still-bound.ts';
import { trackingCollision } from '../observed/tracking-collision.ts';
import { targetText } from '../model/target-key.ts';
import { count, listed } from '../model/words.ts';

/** Controllers that would act on bindings of these namespaces, or on the Service. */
function controllersFor({ leaving, intent }: LeaveCase, bindings: readonly Binding[]) {
  const all = leaving.controller.ok ? leaving.controller.value.deployments : [];
  return all.filter(
    ({ watchNamespace }) =>
      watchNamespace === undefined ||
      (bindings.length === 0 && watchNamespace === intent.localService.namespace) ||
      bindings.some(({ namespace }) => namespace === watchNamespace),
  );
}

const isRunning = ({ readyReplicas }: ControllerDeployment): boolean => readyReplicas > 0;

const aboutCluster = ({ leaving: { context } }: LeaveCase) => ({ cluster: context });

/**
 * A cluster with several Services on one target group: only the person knows which of them leaves. A
 * local Service that was named and is bound to none of them was named wrongly.
 */
const oneService = check<LeaveCase>('binding-conflict', 'blocker', (subject) => {
  const { intent, leaving } = subject;
  const services = new Map(
    goingBindings(subject).map((binding) => [nameText(serviceOf(binding)), serviceOf(binding)]),
  );
  const named = !sameName(intent.localService, intent.service);
  if (services.size < (named ? 1 : 2) || services.has(nameText(intent.localService))) {
    return undefined;
  }
  const there =
    services.size === 1
      ? `There is one for ${listed([...services.keys()])}.`
      : `There are bindings for ${listed([...services.keys()])}: each is a member of its own.`;
  return {
    message: `No binding of ${leaving.context} on these target groups is for Service ${nameText(intent.localService)}. ${there}`,
    about: { ...aboutCluster(subject), service: intent.localService },
    hints: [...services.values()].map((localService) => leaveHint({ ...intent, localService })),
  };
});

/** The bindings that a controller made are the primary's own: gone, it would not make them again. */
const notPrimary = check<LeaveCase>('leaving-primary', 'blocker', (subject) => {
  const made = goingBindings(subject).filter(({ stack }) => stack !== undefined);
  const [first] = made;
  if (!first?.stack) return undefined;
  const { context } = subject.leaving;
  const { namespace, name } = first.stack;
  return {
    message: `The controller of ${context} made ${listed(made.map(nameText))} for ${stackText(first.stack)}. ${context} is the primary: other clusters use leave, and the primary ends sharing with ${first.stack.kind === 'service' ? 'disable' : 'its own objects'}.`,
    about: { cluster: context, service: { namespace, name } },
    hints:
      first.stack.kind === 'service'
        ? [
            disableHint({ namespace, name }, [context]),
            handoverAwayHint({ namespace, name }, context),
          ]
        : [ownerAdvice(first.stack.kind)],
  };
});

/**
 * In the middle of a handover no controller owns the load balancer, and the bindings of both clusters show what
 * is handed over: without them it can neither go on nor back.
 */
const handedOver = check<LeaveCase>('leaving-primary', 'blocker', (subject) => {
  const { localService: service, leaving } = subject;
  if (!service?.handoverNote || goingBindings(subject).length === 0) return undefined;
  return {
    message: `A handover of the load balancer of Service ${nameText(service)} in ${leaving.context} has begun and has not come to its end. ${leaving.context} can leave when it has, if another cluster owns the load balancer then.`,
    about: { ...aboutCluster(subject), service },
    hints: handoverBegunHints(subject.observed),
  };
});

/** Its part done by nlbmc, where a person knows that the controller does not come back. */
const withoutController = ({ intent }: LeaveCase) =>
  accepting(
    leaveHint({ ...intent, withoutController: true }),
    'this controller does not come back, and nlbmc does its work',
  );

const controllerThere = check<LeaveCase>('controller-missing', 'blocker', (subject) => {
  const { intent, leaving } = subject;
  const bindings = goingBindings(subject).filter(({ flavour }) => flavour === 'lbc');
  if (intent.withoutController || bindings.length === 0) return undefined;
  if (!leaving.controller.ok) return skippedUnread(leaving.controller.problem);
  const found = controllersFor(subject, bindings);
  if (found.length === 0 || found.some(isRunning)) return undefined;
  return {
    message: `The AWS Load Balancer Controller of ${leaving.context} is not running: ${listed(
      found.map((one) => `Deployment ${nameText(one)} ${notReadyText(one)}`),
    )}. Without it, a deleted binding would wait forever, and its targets would stay registered.`,
    about: aboutCluster(subject),
    hints: [
      ...found.slice(0, 1).map((one) => startController(leaving.context, one)),
      withoutController(subject),
    ],
  };
});

/** None found is no proof that there is none: a chart can name its Deployment otherwise. */
const controllerFound = check<LeaveCase>('controller-missing', 'caution', (subject) => {
  const { intent, leaving } = subject;
  const bindings = goingBindings(subject).filter(({ flavour }) => flavour === 'lbc');
  if (intent.withoutController || bindings.length === 0 || !leaving.controller.ok) return undefined;
  if (controllersFor(subject, bindings).length > 0) return undefined;
  return {
    message: `No Deployment of the AWS Load Balancer Controller was found in ${leaving.context} for these bindings. Without a controller, a deleted binding waits forever, and its targets stay registered.`,
    about: aboutCluster(subject),
    hints: [
      kubectlHint({ context: leaving.context }, 'get', 'deployments', '--all-namespaces'),
      withoutController(subject),
    ],
    grave: true,
  };
});

/** A controller that runs does it all itself, and in the middle of it two would be at work. */
const controllerGone = check<LeaveCase>('controller-running', 'blocker', (subject) => {
  const { intent, leaving } = subject;
  if (!intent.withoutController) return undefined;
  const bindings = goingBindings(subject);
  const running = controllersFor(subject, bindings).filter(isRunning);
  const managed = bindings.some(({ flavour }) => flavour === 'auto-mode');
  const told = (message: string) => ({
    message,
    about: aboutCluster(subject),
    hints: [leaveHint({ ...intent, withoutController: false })],
  });
  return [
    ...(managed
      ? [
          told(
            `EKS Auto Mode runs the controller of ${leaving.context} outside the cluster, so nlbmc cannot see whether it is gone.`,
          ),
        ]
      : []),
    ...running.map((deployment) =>
      told(
        `The AWS Load Balancer Controller of ${leaving.context} is running (Deployment ${nameText(deployment)} has ${count(deployment.readyReplicas, 'ready replica')}). It deregisters the targets itself.`,
      ),
    ),
  ];
});

const ownBindings = check<LeaveCase>('binding-not-ours', 'caution', (subject) => {
  const { ports, intent, leaving } = subject;
  const strange = ports.flatMap(({ members }) =>
    members.flatMap(({ binding }): readonly string[] => {
      const elsewhere = !sameName(serviceOf(binding), intent.localService);
      if (binding.terminating || (isOurWork(binding) && !elsewhere)) return [];
      return [
        `${nameText(binding)}${isOurWork(binding) ? '' : ' was not made by nlbmc'}${elsewhere ? `${isOurWork(binding) ? ' is' : ' and is'} for Service ${nameText(serviceOf(binding))}` : ''}`,
      ];
    }),
  );
  if (strange.length === 0) return undefined;
  const one = strange.length === 1;
  return {
    message: `${count(strange.length, 'binding')} of ${leaving.context} on these target groups ${one ? 'was' : 'were'} not made by nlbmc for Service ${nameText(intent.localService)}. nlbmc deletes ${one ? 'it' : 'them'}, too.`,
    details: strange,
    about: aboutCluster(subject),
  };
});

/** Without a controller, nlbmc does not deregister targets of another cluster; the caution says what stays. */
const contestedStays = check<LeaveCase>('target-contested', 'caution', (subject) => {
  const { ports, intent, leaving } = subject;
  const stays = ports.flatMap(({ contested }) => contested.filter(({ unsure }) => !unsure));
  if (!intent.withoutController || stays.length === 0) return undefined;
  return {
    message: `${count(stays.length, 'target')} that ${leaving.context} tracks ${stays.length === 1 ? 'belongs' : 'belong'} to another cluster now. nlbmc does not deregister ${stays.length === 1 ? 'it' : 'them'}.`,
    details: stays.map(({ target, why }) => `${targetText(target)}: ${why}`),
    about: aboutCluster(subject),
  };
});

/** Of a binding whose record an old controller confuses, nlbmc deregisters the endpoints itself. */
const ownRecord = check<LeaveCase>('tracking-collision', 'caution', (subject) => {
  const { ports, intent, leaving } = subject;
  if (intent.withoutController) return undefined;
  return ports.flatMap(({ members, unrecorded }) =>
    members
      .filter(({ binding }) => !binding.terminating)
      .flatMap(({ binding }) => trackingCollision(leaving, binding) ?? [])
      .map((problem) => ({
        ...problem,
        message: `${problem.message} nlbmc deregisters ${count(unrecorded.length, 'registered endpoint')} of it itself.`,
        details: unrecorded.map(targetText),
      })),
  );
});

/** Whether this cluster may leave, by this way, with this Service. */
export const leavingClusterChecks: readonly Check<LeaveCase>[] = [
  oneService,
  notPrimary,
  handedOver,
  notBoundElsewhere,
  controllerThere,
  controllerFound,
  controllerGone,
  ownBindings,
  contestedStays,
  ownRecord,
  ...deletedServiceChecks,
];
