import { asksForSharing } from '../model/annotations.ts';
import { nameText } from '../model/kubernetes.ts';
import type { ObjectName, Service } from '../model/kubernetes.ts';
import { enableHint } from '../model/nlbmc-hints.ts';
import type { Wrong } from '../plan/check.ts';

/**
 * Why the primary's bindings are about to lose the flag: the controller writes it from the Service's
 * annotation. Undefined while the Service has the annotation.
 */
export function withdrawn(service: Service, context: string): Wrong | undefined {
  if (asksForSharing(service.annotations)) return undefined;
  const name: ObjectName = { namespace: service.namespace, name: service.name };
  return {
    message: `Service ${nameText(service)} in ${context} no longer has the multi-cluster annotation. Its controller would deregister the targets of the clusters that join.`,
    about: { cluster: context, service: name },
    hints: [enableHint(name, context)],
  };
}
