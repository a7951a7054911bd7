import { kubectlHint } from '../core/model/hint.ts';
import { isServed } from '../core/checks/service.ts';
import { accepting, disableHint, enableHint } from '../core/model/nlbmc-hints.ts';
import { clusterOf } from '../core/observed/enrollment.ts';
import { judgeEnable } from '../core/enable/judge-enable.ts';
import { deletionHint } from '../core/disable/after-disable.ts';
import { planDisable } from '../core/disable/plan-disable.ts';
import { valueOf } from '../core/model/problem.ts';
import { runChange } from '../engine/pipeline.ts';
import type { Io } from '../io.ts';
import { changeBasics, type ChangeOptions } from './change-options.ts';
import { finish } from './finish.ts';
import { knownTarget } from './known-target.ts';
import { serviceNames } from './service-names.ts';
import { withSession } from './session.ts';

export interface DisableOptions extends Omit<ChangeOptions, 'context'> {
  /** The primary's first; the others are looked into for bindings of theirs. */
  readonly context?: readonly string[] | undefined;
  readonly allowDeletion?: true | undefined;
  readonly exclusive?: true | undefined;
  readonly knownTarget?: readonly string[] | undefined;
}

/**
 * `nlbmc disable`: takes back what `enable` did, all of it or the part that is named, once no other cluster
 * else is there.
 */
export function runDisable(name: string, options: DisableOptions, io: Io): Promise<number> {
  const both = options.allowDeletion === undefined && options.exclusive === undefined;
  const allowDeletion = both || options.allowDeletion === true;
  const exclusive = both || options.exclusive === true;
  return withSession(options.context ?? [], options, io, async (session) => {
    const { world } = session;
    const context = world.kube[0]?.context ?? '';
    const { service } = serviceNames(name, world, options);
    const knownTargets = (options.knownTarget ?? []).map(knownTarget);
    const intent = { service, context, allowDeletion, exclusive, knownTargets };
    const where = `Service ${service.namespace}/${service.name} of ${context}`;
    const outcome = await runChange(world, {
      command: 'disable',
      wants: {
        service,
        localService: service,
        primary: context,
        evidence: 'doubtful',
        ...(allowDeletion ? { listeners: 'alone' as const } : {}),
        ...(options.region === undefined ? {} : { region: options.region }),
      },
      plan: (observed) => planDisable(observed, intent),
      judge: judgeEnable,
      replans: true,
      words: (observed) => {
        const words = { done: 'disabled', already: 'already disabled', empty: 'disabled' };
        const view = clusterOf(observed, context);
        if (view && valueOf(view.service)?.terminating) {
          const left = kubectlHint({ context, namespace: service.namespace }, 'get', 'configmaps');
          return { ...words, message: `${where} is deleted, with its load balancer.`, next: left };
        }
        const found = view && valueOf(view.service);
        if (view && found && !isServed(view, found)) {
          // No controller owns the load balancer: there is no deletion to allow.
          return {
            ...words,
            message: `The bindings of ${where} are exclusive again.`,
            next: enableHint(service, context),
          };
        }
        const message = [
          ...(exclusive ? [`The bindings of ${where} are exclusive again.`] : []),
          ...(allowDeletion ? [`Deletion protection of ${where} is off: it can be deleted.`] : []),
        ].join(' ');
        const next = allowDeletion
          ? deletionHint(observed, intent)
          : accepting(
              disableHint(service, [context], { allowDeletion: true }),
              'the Service and its load balancer can be deleted then',
            );
        return { ...words, message, next };
      },
      settleMs: 0,
      ...changeBasics(options, session, io, 'always'),
    });
    return finish(outcome, options, session, io);
  });
}
