import { planJoins } from '../core/join/plan-joins.ts';
import { nameText } from '../core/model/kubernetes.ts';
import { verifyHint } from '../core/model/nlbmc-hints.ts';
import { clustersText } from '../core/model/words.ts';
import { runChange } from '../engine/pipeline.ts';
import { readTemplates } from '../engine/templates.ts';
import type { Io } from '../io.ts';
import { changeBasics } from './change-options.ts';
import { fromOf, recordedBy } from './enrollment-file.ts';
import { finish } from './finish.ts';
import { checkManifestUsage } from './manifest-files.ts';
import { joinsOf, type JoinsOptions, SETTLE_MS } from './joins.ts';
import { currentContext, withSession } from './session.ts';
import { usageError } from './usage-error.ts';

export interface JoinOptions extends JoinsOptions {
  /** Milliseconds. */
  readonly maxAge?: number | undefined;
}

/** Raises `usage` for options that leave open where the target groups are, or that would have no effect. */
function checkUsage(contexts: readonly string[], options: JoinOptions): void {
  const { primary, loadBalancer, targetGroup, from } = options;
  const named = [primary, loadBalancer, targetGroup, from];
  if (named.every((one) => one === undefined)) {
    throw usageError(
      'Nothing names the target groups to join.',
      'Name a cluster that is enrolled already with --primary, or the load balancer with --load-balancer, or target groups with --target-group, or a document of show with --from.',
    );
  }
  if (primary !== undefined && contexts.includes(primary) && options.localService === undefined) {
    throw usageError(
      `${primary} cannot join itself: --primary names the same context.`,
      'Name the cluster that joins with --context, or a second Service of this cluster with --local-service.',
    );
  }
  if (primary === undefined && options.createService) {
    throw usageError(
      '--create-service works only with --primary: the Service of that cluster is the pattern.',
      'Create the Service first.',
    );
  }
}

/** `nlbmc join`: registers the endpoints of a Service of each cluster in target groups that others share. */
export async function runJoin(name: string, options: JoinOptions, io: Io): Promise<number> {
  const joining = [...new Set(options.context ?? [await currentContext(options, io)])];
  const { primary } = options;
  checkUsage(joining, options);
  checkManifestUsage(joining, options);
  const recorded = await recordedBy(options, { name, io });
  const contexts = primary === undefined ? joining : [primary, ...joining];
  const evidence = recorded && fromOf(recorded);
  return withSession(contexts, { ...options, evidence }, io, async (session) => {
    const { world } = session;
    const joins = await joinsOf(name, options, joining, world, recorded);
    const { service, localService, named } = joins;
    const templates = await readTemplates();
    // A second Service of one cluster.
    const beside = joining.length === 1 && joining[0] === primary;
    const where = primary === undefined ? '' : ` of ${primary}`;
    const outcome = await runChange(world, {
      command: 'join',
      wants: {
        service,
        localService,
        ...(primary === undefined ? {} : { primary }),
        ...(named ? { named } : {}),
        ...(recorded ? { recorded } : {}),
        joining,
      },
      plan: (observed, settled) => planJoins(observed, joins.intents(settled), templates),
      judge: (plan, observed, echoes) => joins.judge(plan, observed, echoes),
      words: () => ({
        done: 'joined',
        already: 'already joined',
        empty: 'joined without capacity',
        message:
          primary === undefined && !recorded
            ? `Service ${nameText(localService)} of ${clustersText(joining)} is enrolled.`
            : beside
              ? `Service ${nameText(localService)} of ${primary} is enrolled beside ${nameText(service)}.`
              : `${clustersText(joining)} ${joining.length === 1 ? 'is' : 'are'} enrolled in Service ${nameText(service)}${where}.`,
        next: verifyHint(beside ? { service } : { service, localService }, [...new Set(contexts)]),
      }),
      settleMs: SETTLE_MS,
      ...(primary === undefined ? {} : { recheck: primary }),
      ...changeBasics(options, session, io),
      undo: (step) => joins.undo(step),
    });
    return finish(outcome, options, session, io);
  });
}
