import { attributesAnnotation, managerOf } from '../model/annotations.ts';
import { protectionAttribute, protectsDeletion } from '../model/attributes.ts';
import { upgradeController } from '../model/controller-hints.ts';
import { attributeHint, heldByHint, kubectlHint, noted } from '../model/hint.ts';
import { enableHint } from '../model/nlbmc-hints.ts';
import { isBefore } from '../model/version.ts';
import { serviceMissing } from '../checks/service.ts';
import { attributeReader } from '../observed/attribute-reader.ts';
import { skippedUnread } from '../plan/check.ts';
import { registeredOn, saving } from './at-stake.ts';
import { isStopped, processOf } from './controller-flags.ts';
import type { Side } from './handover-case.ts';
import { aboutSide, eachSideCheck, needed, sideCheck, sideText, typedAgain } from './side-check.ts';

/** Whether its controller still looks after the Service: what is released already is not released again. */
const isManaged = ({ found }: Side): boolean => found !== undefined && managerOf(found) === 'lbc';

const bothThere = eachSideCheck('service-missing', 'blocker', (side, subject) => {
  const { cluster, found, service } = side;
  if (found) return undefined;
  return serviceMissing(cluster, service, (name) => {
    const named = { ...service, name };
    return typedAgain(
      subject,
      cluster.context === subject.intent.old ? { service: named } : { localService: named },
    );
  });
});

const bothStay = eachSideCheck('service-terminating', 'blocker', (side) =>
  side.found?.terminating
    ? {
        message: `${sideText(side)} is being deleted. This cannot be undone.`,
        about: aboutSide(side),
        hints: [heldByHint(side.cluster.context, side.service)],
      }
    : undefined,
);

/**
 * The annotation is what saves the load balancer where a pass in flight adds the finalizer again: without it
 * the controller cleans up, and turns protection in AWS off for that (`pkg/service/model_builder.go`,
 * `pkg/deploy/elbv2/load_balancer_manager.go`).
 */
const guarded = sideCheck('from', 'deletion-unprotected', 'blocker', (from, subject) => {
  const { found, cluster, service } = from;
  const { arn, name, attributes } = subject.loadBalancer;
  if (!found || !isManaged(from)) return undefined;
  if (!attributes.ok) return needed(attributes.problem);
  const isInAws = attributes.value[protectionAttribute] === 'true';
  const isWritten = protectsDeletion(
    found.annotations[attributesAnnotation],
    attributeReader(cluster),
  );
  if (isInAws && isWritten) return undefined;
  return {
    message: isWritten
      ? `Deletion protection of ${name} is off in AWS.`
      : `The attributes annotation of ${sideText(from)} does not require deletion protection. If the controller adds its finalizer again while the Service is released, it deletes load balancer ${name}.`,
    about: aboutSide(from),
    hints: [
      isWritten
        ? attributeHint(arn, protectionAttribute, 'true')
        : enableHint(service, cluster.context),
    ],
    ...saving(registeredOn(subject)),
  };
});

/** Of the controller in the cloud controller manager (kubernetes/cloud-provider, controllers/service). */
const cleanupFinalizer = 'service.kubernetes.io/load-balancer-cleanup';

const oneManager = eachSideCheck('cleanup-finalizer', 'blocker', (side) => {
  const { found, cluster, service } = side;
  if (found?.finalizers.includes(cleanupFinalizer) !== true) return undefined;
  const others = found.finalizers.filter((name) => name !== cleanupFinalizer);
  return {
    message: `${sideText(side)} has the finalizer ${cleanupFinalizer}: the cloud controller manager made a load balancer for it, too, and deletes what it made when the type changes.`,
    about: aboutSide(side),
    hints: [
      heldByHint(cluster.context, service),
      noted(
        kubectlHint(
          { context: cluster.context, namespace: service.namespace },
          'patch',
          'service',
          service.name,
          '--type=merge',
          '-p',
          JSON.stringify({ metadata: { finalizers: others } }),
        ),
        'only after you made sure that it has no load balancer of its own',
      ),
    ],
  };
});

/**
 * From v2.13.0 on, a pass over a Service without a model went on after the cleanup and deployed an empty
 * stack: load balancer and target groups are deleted, whatever the annotation says. v3.4.0 returns there
 * again (`controllers/service/service_controller.go`, reconcile; commit 8e40e37b2).
 */
const deletesReleased = { since: '2.13.0', before: '3.4.0' };

const isUnsafe = (version: string | undefined): boolean | undefined => {
  const isOld = isBefore(version ?? '', deletesReleased.since);
  return isOld === undefined ? undefined : !isOld && isBefore(version!, deletesReleased.before);
};

const safeRelease = sideCheck('from', 'release-unsafe', 'blocker', (from, subject) => {
  const { cluster } = from;
  if (!isManaged(from) || !cluster.controller.ok) return undefined;
  const controller = processOf(subject, from);
  if (!controller.ok) return skippedUnread(controller.problem);
  // No process, no queue: a new one does not even queue a Service that is not its own.
  if (isStopped(subject, from)) return undefined;
  const [deployment] = cluster.controller.value.deployments;
  const version = deployment?.version;
  const unsafe = isUnsafe(version);
  if (!deployment || unsafe === false) return undefined;
  const { namespace, name } = deployment;
  const { context } = cluster;
  return {
    message: `${
      unsafe
        ? `The controller of ${context} is ${version}`
        : `The version of the controller of ${context} was not found`
    }. Controllers from v${deletesReleased.since} to v3.3.0 delete the load balancer if ${sideText(from)} is released while the controller still has it in its queue, in spite of deletion protection.`,
    about: aboutSide(from),
    hints: [
      upgradeController(context, namespace),
      noted(
        kubectlHint({ context, namespace }, 'scale', `deployment/${name}`, '--replicas=0'),
        'or: no controller runs while the Service is released',
      ),
    ],
    ...saving(registeredOn(subject)),
    ...(unsafe ? {} : { unread: true }),
  };
});

/** Whether the Service that gives the load balancer can be released, and both are there. */
export const releaseChecks = { bothThere, bothStay, guarded, oneManager, safeRelease };
