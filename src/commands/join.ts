import { advice } from '../core/model/hint.ts';
import { acceptedCount } from '../core/model/acceptance.ts';
import { leaveHint, verifyHint } from '../core/model/nlbmc-hints.ts';
import { undoOf } from '../core/plan/undo.ts';
import { judgeJoin } from '../core/join/judge-join.ts';
import { planJoin } from '../core/join/plan-join.ts';
import { ProblemError } from '../core/model/problem.ts';
import { runChange } from '../engine/pipeline.ts';
import { readTemplates } from '../engine/templates.ts';
import type { Io } from '../io.ts';
import { changeBasics, type ChangeOptions } from './change-options.ts';
import { finish } from './finish.ts';
import { type LocalName, serviceNames } from './service-names.ts';
import { currentContext, withSession } from './session.ts';

export interface JoinOptions extends ChangeOptions {
  readonly primary: string;
  readonly localService?: LocalName | undefined;
  readonly createService?: true | undefined;
  readonly adopt?: true | undefined;
  readonly forceConflicts?: true | undefined;
}

/** A pod of the primary that is just coming is recorded and registered in a moment or two. */
const SETTLE_MS = 10_000;

/** `nlbmc join`: registers a cluster's endpoints in the primary's target groups. */
export async function runJoin(name: string, options: JoinOptions, io: Io): Promise<number> {
  const context = options.context ?? (await currentContext(options, io));
  const { primary } = options;
  if (context === primary) {
    throw new ProblemError({
      code: 'usage',
      message: `${context} cannot join itself: --primary names the same context.`,
      hints: [advice('Name the cluster that joins with --context.')],
    });
  }
  return withSession([primary, context], options, io, async (session) => {
    const { world } = session;
    const { service, localService } = serviceNames(name, world, options);
    const leaking = acceptedCount(options.accept, 'leaking');
    const intent = {
      service,
      localService,
      primary,
      context,
      createService: options.createService === true,
      adopt: options.adopt === true,
      forceConflicts: options.forceConflicts === true,
      settled: true,
      ...(leaking === undefined ? {} : { acceptLeaking: leaking }),
      ...(options.region === undefined ? {} : { region: options.region }),
    };
    const templates = await readTemplates();
    const outcome = await runChange(world, {
      command: 'join',
      wants: { service, localService, primary, joining: context },
      plan: (observed, settled) => planJoin(observed, { ...intent, settled }, templates),
      judge: (plan, observed, echoes) => judgeJoin(plan, observed, echoes, intent),
      words: () => ({
        done: 'joined',
        already: 'already joined',
        empty: 'joined without capacity',
        message: `${context} is enrolled in Service ${service.namespace}/${service.name} of ${primary}.`,
        next: verifyHint({ service, localService }, [primary, context]),
      }),
      settleMs: SETTLE_MS,
      recheck: primary,
      ...changeBasics(options, session, io),
      undo: (step) => {
        const made = step.kind === 'apply-binding' && step.changes.length === 0;
        if (!made && step.kind !== 'create-service') return undoOf(step);
        return leaveHint({ ...intent, deleteService: intent.createService });
      },
    });
    return finish(outcome, options.output, session, io);
  });
}
