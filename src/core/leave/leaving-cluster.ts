import { managedBy, serviceFinalizer } from '../model/annotations.ts';
import { isOurWork } from '../join/binding-document.ts';
import { failing, skipped, type Check } from '../plan/check.ts';
import { kubectl, nlbmc } from '../model/commands.ts';
import { bindingsOf } from '../observed/enrollment.ts';
import { nameText, sameName } from '../model/kubernetes.ts';
import { serviceOf } from '../observed/facts.ts';
import type { Binding, ControllerDeployment } from '../model/kubernetes.ts';
import type { LeaveCase } from './leave-case.ts';
import { leaveCommand } from './leave-words.ts';
import type { Problem } from '../model/problem.ts';
import { targetText } from '../model/target-key.ts';
import { count, listed } from '../model/words.ts';

const bindingsIn = ({ ports }: LeaveCase): readonly Binding[] =>
  ports.flatMap(({ members }) => members.map(({ binding }) => binding));

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

/** The bindings that a controller made are the primary's own: gone, it would not make them again. */
const notPrimary: Check<LeaveCase> = {
  id: 'leaving-primary',
  severity: 'blocker',
  run(subject) {
    const made = bindingsIn(subject).filter(({ stack }) => stack !== undefined);
    const [first] = made;
    if (!first?.stack) return failing([]);
    const { context } = subject.leaving;
    return failing([
      {
        code: 'leaving-primary',
        message: `${listed(made.map(nameText))} in ${context} was made by the controller for Service ${nameText(first.stack)}: ${context} is the primary, which other clusters leave.`,
        hint: nlbmc('disable', first.stack, '--context', context),
        cluster: context,
      },
    ]);
  },
};

const controllerThere: Check<LeaveCase> = {
  id: 'controller-missing',
  severity: 'blocker',
  run(subject) {
    const { intent, leaving } = subject;
    const bindings = bindingsIn(subject).filter(({ flavour }) => flavour === 'lbc');
    if (intent.withoutController || bindings.length === 0) return failing([]);
    if (!leaving.controller.ok) return skipped(leaving.controller.problem.message);
    const found = controllersFor(subject, bindings);
    if (found.length === 0 || found.some(isRunning)) return failing([]);
    return failing([
      {
        code: 'controller-missing',
        message: `The AWS Load Balancer Controller of ${leaving.context} is not running (Deployment ${listed(found.map(nameText))} has no ready replica): a deleted binding would hang, and its targets stay registered.`,
        hint: `${leaveCommand({ ...intent, withoutController: true })}   # where it does not come back`,
        cluster: leaving.context,
      },
    ]);
  },
};

/** None found is no proof that there is none: a chart can name its Deployment otherwise. */
const controllerFound: Check<LeaveCase> = {
  id: 'controller-missing',
  severity: 'caution',
  run(subject) {
    const { intent, leaving } = subject;
    const bindings = bindingsIn(subject).filter(({ flavour }) => flavour === 'lbc');
    if (intent.withoutController || bindings.length === 0 || !leaving.controller.ok) {
      return failing([]);
    }
    if (controllersFor(subject, bindings).length > 0) return failing([]);
    return failing([
      {
        code: 'controller-missing',
        message: `No Deployment of the AWS Load Balancer Controller was found in ${leaving.context} for these bindings: without one a deleted binding hangs, and its targets stay registered.`,
        hint: `${leaveCommand({ ...intent, withoutController: true })}   # where there is none`,
        cluster: leaving.context,
        grave: true,
      },
    ]);
  },
};

/** A controller that runs does it all itself, and in the middle of it two would be at work. */
const controllerGone: Check<LeaveCase> = {
  id: 'controller-running',
  severity: 'blocker',
  run(subject) {
    const { intent, leaving } = subject;
    if (!intent.withoutController) return failing([]);
    const bindings = bindingsIn(subject);
    const running = controllersFor(subject, bindings).filter(isRunning);
    const managed = bindings.some(({ flavour }) => flavour === 'auto-mode');
    const hint = leaveCommand({ ...intent, withoutController: false });
    const told = (message: string): Problem => ({
      code: 'controller-running',
      message,
      hint,
      cluster: leaving.context,
    });
    return failing([
      ...(managed
        ? [
            told(
              `EKS Auto Mode runs its controller outside ${leaving.context}, so that nothing shows it gone.`,
            ),
          ]
        : []),
      ...running.map((deployment) =>
        told(
          `The AWS Load Balancer Controller of ${leaving.context} is running (Deployment ${nameText(deployment)} has ${count(deployment.readyReplicas, 'ready replica')}): it takes the targets out itself.`,
        ),
      ),
    ]);
  },
};

const ownBindings: Check<LeaveCase> = {
  id: 'binding-not-ours',
  severity: 'caution',
  run({ ports, intent, leaving }) {
    const strange = ports.flatMap(({ members }) =>
      members.flatMap(({ binding }): readonly string[] => {
        const elsewhere = !sameName(serviceOf(binding), intent.localService);
        if (binding.terminating || (isOurWork(binding) && !elsewhere)) return [];
        return [
          `${nameText(binding)}${isOurWork(binding) ? '' : ' was not made by nlbmc'}${elsewhere ? `${isOurWork(binding) ? ' is' : ' and is'} for Service ${nameText(serviceOf(binding))}` : ''}`,
        ];
      }),
    );
    if (strange.length === 0) return failing([]);
    return failing([
      {
        code: 'binding-not-ours',
        message: `${count(strange.length, 'binding')} of ${leaving.context} on these target groups ${strange.length === 1 ? 'is' : 'are'} not of nlbmc's making for Service ${nameText(intent.localService)}, and will be deleted with the rest.`,
        details: strange,
        cluster: leaving.context,
      },
    ]);
  },
};

/** Without a controller nlbmc leaves out what another cluster has; the caution says what stays. */
const contestedStays: Check<LeaveCase> = {
  id: 'target-contested',
  severity: 'caution',
  run({ ports, intent, leaving }) {
    const stays = ports.flatMap(({ contested }) => contested.filter(({ unsure }) => !unsure));
    if (!intent.withoutController || stays.length === 0) return failing([]);
    return failing([
      {
        code: 'target-contested',
        message: `${count(stays.length, 'target')} that ${leaving.context} tracks ${stays.length === 1 ? 'is' : 'are'} another cluster's by now, and will not be deregistered.`,
        details: stays.map(({ target, why }) => `${targetText(target)}: ${why}`),
        cluster: leaving.context,
      },
    ]);
  },
};

const serviceOurs: Check<LeaveCase> = {
  id: 'service-not-ours',
  severity: 'blocker',
  run({ intent, leaving, localService }) {
    if (!intent.deleteService || !localService) return failing([]);
    const balanced =
      localService.type === 'LoadBalancer' || localService.finalizers.includes(serviceFinalizer);
    if (isOurWork(localService) && !balanced) return failing([]);
    const [[label, value] = ['', '']] = Object.entries(managedBy);
    return failing([
      {
        code: 'service-not-ours',
        message: balanced
          ? `Service ${nameText(localService)} in ${leaving.context} has a load balancer of its own: --delete-service takes only what join --create-service made.`
          : `Service ${nameText(localService)} in ${leaving.context} was not made by join --create-service (it has no label ${label}=${value}), and stays.`,
        hint: leaveCommand({ ...intent, deleteService: false }),
        cluster: leaving.context,
      },
    ]);
  },
};

const serviceFree: Check<LeaveCase> = {
  id: 'service-in-use',
  severity: 'blocker',
  run({ intent, leaving, localService, ports }) {
    if (!intent.deleteService || !localService) return failing([]);
    const goes = new Set(ports.flatMap(({ arn }) => bindingsOf(leaving, arn)));
    const all = leaving.bindings.ok ? leaving.bindings.value : [];
    const others = all.filter(
      (binding) => !goes.has(binding) && sameName(serviceOf(binding), localService),
    );
    if (others.length === 0) return failing([]);
    return failing([
      {
        code: 'service-in-use',
        message: `${listed(others.map(nameText))} in ${leaving.context} ${others.length === 1 ? 'is' : 'are'} for Service ${nameText(localService)}, too: without it the controller deregisters their targets.`,
        hint: kubectl(
          { context: leaving.context, namespace: localService.namespace },
          'get',
          'targetgroupbindings',
        ),
        cluster: leaving.context,
      },
    ]);
  },
};

/** Whether this cluster may leave, by this way, with this Service. */
export const leavingClusterChecks: readonly Check<LeaveCase>[] = [
  notPrimary,
  controllerThere,
  controllerFound,
  controllerGone,
  ownBindings,
  contestedStays,
  serviceOurs,
  serviceFree,
];
