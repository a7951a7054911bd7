import { asksForSharing } from '../model/annotations.ts';
import { nlbmc } from '../model/commands.ts';
import { nameText } from '../model/kubernetes.ts';
import type { ObjectName, Service } from '../model/kubernetes.ts';
import { unreadOf } from '../observed/member.ts';
import type { Problem, Reading } from '../model/problem.ts';

/** Why nobody may be let in now, from the primary's Service as it was read just before the apply. */
export function primaryStillShared(
  reading: Reading<Service | undefined>,
  primary: { readonly context: string; readonly service: ObjectName },
): Problem | undefined {
  const { context, service } = primary;
  const [unread] = unreadOf([reading], context);
  if (unread) return unread;
  const found = reading.ok ? reading.value : undefined;
  const about = { cluster: context, hint: nlbmc('enable', service, '--context', context) };
  if (!found) {
    return {
      code: 'service-missing',
      message: `Service ${nameText(service)} in ${context} has gone meanwhile.`,
      ...about,
    };
  }
  if (found.terminating) {
    return {
      code: 'service-terminating',
      message: `Service ${nameText(service)} in ${context} is being deleted.`,
      ...about,
    };
  }
  if (asksForSharing(found.annotations)) return undefined;
  return {
    code: 'primary-not-enabled',
    message: `Service ${nameText(service)} in ${context} does not ask for multi-cluster any more: its controller would deregister what joins.`,
    ...about,
  };
}
