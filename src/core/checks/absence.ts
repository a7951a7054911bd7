import { serviceMissing } from './service.ts';
import { nlbmc } from '../model/commands.ts';
import { nameText } from '../observed/enrollment.ts';
import { unreadOf } from '../observed/member.ts';
import type { Observed } from '../observed/observed.ts';
import type { Problem } from '../model/problem.ts';
import { listed } from '../model/words.ts';

/**
 * Why no enrollment was found, when no listed cluster has bindings that a controller made for the
 * Service: what could not be read comes first, since the bindings may be there.
 */
export function absenceProblems(observed: Observed, command: string): readonly Problem[] {
  const { clusters, service } = observed;
  const unread = clusters.flatMap((cluster) =>
    unreadOf([cluster.bindings, cluster.service], cluster.context),
  );
  if (unread.length > 0) return unread;
  const contexts = clusters.map(({ context }) => context);
  const [first] = clusters;
  if (first && clusters.every(({ service }) => service.ok && service.value === undefined)) {
    return [
      serviceMissing(first, service, (name) =>
        nlbmc(command, { ...service, name }, '--context', contexts.join(',')),
      ),
    ];
  }
  return [
    {
      code: 'bindings-missing',
      message: `The controller has made no TargetGroupBinding for Service ${nameText(service)} in ${listed(contexts)}; is the primary's context among them?`,
      hint: nlbmc(command, service, '--context', ['PRIMARY', ...contexts].join(',')),
    },
  ];
}
