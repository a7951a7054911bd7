import { multiClusterAnnotation, parseFlag } from '../model/annotations.ts';
import { attributesParse, flagParses } from './annotations.ts';
import { check, type Check, type Found, merged, runChecks } from '../plan/check.ts';
import { supportChecks } from './controller.ts';
import { nameText } from '../model/kubernetes.ts';
import { enableHint } from '../model/nlbmc-hints.ts';
import { ownBindings } from '../observed/enrollment.ts';
import { type ServiceCase, serviceChecks } from './service.ts';

/** The Service has the flag: the controller writes it on the bindings, or takes it off. */
const asks = check<ServiceCase>('primary-not-enabled', 'blocker', ({ cluster, service }) => {
  const flag = service.annotations[multiClusterAnnotation];
  // Any other text is flag-malformed.
  if (flag !== undefined && parseFlag(flag) !== false) return undefined;
  const { namespace, name } = service;
  return {
    message: `Service ${nameText(service)} in ${cluster.context} does not have the multi-cluster annotation any more: its controller is about to deregister the targets of every other cluster.`,
    about: { cluster: cluster.context, service: { namespace, name } },
    hints: [enableHint(service, cluster.context)],
  };
});

/**
 * What has to be true of the Service of an enrolled owner so that `enable` has nothing to do and
 * nothing to refuse: verify runs these, too, and is green only where they pass, cautions included.
 * They need the Service, the bindings, the target groups, the controller and the CRD of its cluster,
 * all of which verify reads.
 */
const ownerChecks: readonly Check<ServiceCase>[] = [
  ...serviceChecks,
  attributesParse,
  flagParses,
  asks,
];

/** What ownerChecks find, and whether the controller still supports what is shared. */
export function ownerFound(subject: ServiceCase): Found {
  const { cluster, service } = subject;
  const auto = ownBindings(cluster, service).some(({ flavour }) => flavour === 'auto-mode');
  const flavour = auto ? 'auto-mode' : 'lbc';
  return merged([
    runChecks(ownerChecks, subject),
    runChecks(supportChecks, { cluster, namespace: service.namespace, flavour }),
  ]);
}
