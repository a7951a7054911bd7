import { managedBy, managerOf } from '../model/annotations.ts';
import { isOurWork } from '../join/binding-document.ts';
import { check, type Check, skippedUnread, type Wrong } from '../plan/check.ts';
import { bindingKind } from '../model/flavours.ts';
import { advice, kubectlHint } from '../model/hint.ts';
import { leaveHint } from '../model/nlbmc-hints.ts';
import { nameText, sameName, serviceOf, type Service } from '../model/kubernetes.ts';
import { listed } from '../model/words.ts';
import { showsAddress } from '../observed/owner-tags.ts';
import { goingBindings, type LeaveCase } from './leave-case.ts';

const aboutLocal = ({ leaving, intent }: LeaveCase) => ({
  cluster: leaving.context,
  service: intent.localService,
});

/**
 * Whether the Service only shows the address of the load balancer that its cluster leaves: it owned that one
 * once, its controller has released it, and deleting it deletes no load balancer.
 */
const ownedOnce = ({ observed }: LeaveCase, service: Service): boolean =>
  managerOf(service) === undefined && showsAddress(observed, service);

/** Why `--delete-service` does not delete this Service: nlbmc did not make it. Undefined: it did. */
export function notMade(context: string, service: Service): Wrong | undefined {
  if (isOurWork(service)) return undefined;
  const [[label, value] = ['', '']] = Object.entries(managedBy);
  return {
    message: `Service ${nameText(service)} in ${context} was not made by join --create-service: it has no label ${label}=${value}. It is not deleted.`,
    about: { cluster: context, service: { namespace: service.namespace, name: service.name } },
  };
}

const serviceOurs = check<LeaveCase>('service-not-ours', 'blocker', (subject) => {
  const { intent, leaving, localService } = subject;
  if (!intent.deleteService || !localService) return undefined;
  const hints = [leaveHint({ ...intent, deleteService: false })];
  const balanced =
    managerOf(localService) !== undefined ||
    (localService.type === 'LoadBalancer' && !ownedOnce(subject, localService));
  if (balanced) {
    return {
      message: `Service ${nameText(localService)} in ${leaving.context} has a load balancer of its own. --delete-service deletes only what join --create-service made.`,
      about: aboutLocal(subject),
      hints,
    };
  }
  const wrong = notMade(leaving.context, localService);
  return wrong && { ...wrong, hints };
});

const serviceFree = check<LeaveCase>('service-in-use', 'blocker', (subject) => {
  const { intent, leaving, localService } = subject;
  if (!intent.deleteService || !localService) return undefined;
  const goes = new Set(goingBindings(subject));
  const all = leaving.bindings.ok ? leaving.bindings.value : [];
  const others = all.filter(
    (binding) => !goes.has(binding) && sameName(serviceOf(binding), localService),
  );
  if (others.length === 0) return undefined;
  return {
    message: `Service ${nameText(localService)} in ${leaving.context} cannot be deleted, because ${listed(others.map(nameText))} ${others.length === 1 ? 'uses' : 'use'} it, too. Without the Service, the controller deregisters ${others.length === 1 ? 'the targets of that binding' : 'the targets of these bindings'}.`,
    about: aboutLocal(subject),
    hints: [
      leaveHint({ ...intent, deleteService: false }),
      kubectlHint(
        { context: leaving.context, namespace: localService.namespace },
        'get',
        [...new Set(others.map(({ flavour }) => bindingKind(flavour)))].join(','),
      ),
    ],
  };
});

/**
 * With `--policy=sync`, external-dns deletes the record of a Service that is deleted, also where the load
 * balancer of that name stays: its TXT record says which external-dns may do that.
 */
const nameStays = check<LeaveCase>('dns-owner', 'caution', (subject) => {
  const { intent, leaving, localService } = subject;
  if (!intent.deleteService || !localService) return undefined;
  const where = `Service ${nameText(localService)} in ${leaving.context}`;
  const annotated = Object.keys(localService.annotations).filter((key) =>
    key.startsWith('external-dns.alpha.kubernetes.io/'),
  );
  const { externalDns } = leaving;
  const shown = ownedOnce(subject, localService);
  if (annotated.length === 0 && shown && externalDns && !externalDns.ok)
    return skippedUnread(externalDns.problem);
  const running = shown && externalDns?.ok ? externalDns.value : [];
  if (annotated.length === 0 && running.length === 0) return undefined;
  const why =
    annotated.length > 0
      ? `${where} has the annotation ${listed(annotated)}.`
      : `external-dns runs in ${leaving.context} (Deployment ${listed(running.map(nameText))}), and ${where} shows the address of the load balancer.`;
  return {
    message: `${why} When the Service is deleted, external-dns may delete the DNS record that leads to the load balancer, for the clients of every cluster.`,
    about: aboutLocal(subject),
    hints: [
      leaveHint({ ...intent, deleteService: false }),
      advice(
        'Let external-dns of a cluster that stays own the record first (--txt-owner-id), or run the one of this cluster with --policy=upsert-only.',
      ),
    ],
    grave: true,
  };
});

/** Whether the Service of the cluster that leaves may be deleted with its bindings. */
export const deletedServiceChecks: readonly Check<LeaveCase>[] = [
  serviceOurs,
  serviceFree,
  nameStays,
];
