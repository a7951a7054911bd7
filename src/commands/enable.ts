import { acceptedCount } from '../core/model/acceptance.ts';
import { disableHint, joinHint } from '../core/model/nlbmc-hints.ts';
import { undoOf } from '../core/plan/undo.ts';
import { judgeEnable } from '../core/enable/judge-enable.ts';
import { planEnable } from '../core/enable/plan-enable.ts';
import { runChange } from '../engine/pipeline.ts';
import type { Io } from '../io.ts';
import { changeBasics, type ChangeOptions } from './change-options.ts';
import { finish } from './finish.ts';
import { serviceNames } from './service-names.ts';
import { withSession } from './session.ts';

export interface EnableOptions extends ChangeOptions {
  /** Milliseconds. */
  readonly settleTimeout: number;
  readonly acceptLeaking?: number | undefined;
  readonly forceConflicts?: true | undefined;
}

/** `nlbmc enable`: lets other clusters' targets into the target groups of the primary's Service. */
export function runEnable(name: string, options: EnableOptions, io: Io): Promise<number> {
  const contexts = options.context === undefined ? [] : [options.context];
  return withSession(contexts, options, io, async (session) => {
    const { world } = session;
    const context = world.kube[0]?.context ?? '';
    const { service } = serviceNames(name, world, options);
    const accepted = options.acceptLeaking ?? acceptedCount(options.accept, 'leaking');
    const leaking = accepted === undefined ? {} : { acceptLeaking: accepted };
    const where = `${service.namespace}/${service.name}`;
    const outcome = await runChange(world, {
      command: 'enable',
      wants: {
        service,
        localService: service,
        primary: context,
        evidence: true,
        gateways: true,
        ...(options.region === undefined ? {} : { region: options.region }),
      },
      plan: (observed, settled) =>
        planEnable(observed, {
          service,
          context,
          settled,
          forceConflicts: options.forceConflicts === true,
          ...leaking,
        }),
      judge: judgeEnable,
      words: () => ({
        done: 'enabled',
        already: 'already enabled',
        empty: 'enabled',
        message: `Other clusters may now join Service ${where} of ${context}.`,
        next: {
          ...joinHint({ service, context: { any: true }, primary: context }),
          where: 'in each other cluster',
        },
      }),
      settleMs: options.settleTimeout,
      ...changeBasics(options, session, io),
      undo: (step) =>
        step.kind === 'annotate-service' || step.kind === 'set-flag'
          ? disableHint(service, [context])
          : undoOf(step),
    });
    return finish(outcome, options, session, io);
  });
}
