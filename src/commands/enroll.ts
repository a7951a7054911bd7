import { acceptedCount } from '../core/model/acceptance.ts';
import { judgeEnable } from '../core/enable/judge-enable.ts';
import { planEnroll } from '../core/enroll/plan-enroll.ts';
import { nameText } from '../core/model/kubernetes.ts';
import { disableHint, verifyHint } from '../core/model/nlbmc-hints.ts';
import { clustersText } from '../core/model/words.ts';
import { echoesApart } from '../core/plan/echo.ts';
import { runChange } from '../engine/pipeline.ts';
import { readTemplates } from '../engine/templates.ts';
import type { Wants } from '../engine/wants.ts';
import type { Io } from '../io.ts';
import { changeBasics } from './change-options.ts';
import { finish } from './finish.ts';
import { checkManifestUsage } from './manifest-files.ts';
import { joinsOf, type JoinsOptions } from './joins.ts';
import { withSession } from './session.ts';
import { withVerdict } from './with-verdict.ts';
import { usageError } from './usage-error.ts';

export interface EnrollOptions extends Omit<
  JoinsOptions,
  'targetGroup' | 'adopt' | 'context' | 'forceConflicts'
> {
  /** The clusters that join. */
  readonly context: readonly string[];
  /** Milliseconds. */
  readonly settleTimeout: number;
}

/** Raises `usage` for options that leave open where the target groups are, or who joins. */
function checkUsage(joining: readonly string[], options: EnrollOptions): void {
  const { primary, loadBalancer } = options;
  if ((primary === undefined) === (loadBalancer === undefined)) {
    throw usageError(
      'enroll needs either --primary or --load-balancer.',
      'Name the cluster whose Service made the load balancer with --primary, or a load balancer that no cluster owns with --load-balancer.',
    );
  }
  if (primary !== undefined && joining.includes(primary)) {
    throw usageError(
      `${primary} is named both as the primary and as a cluster that joins.`,
      'Name only the clusters that join with --context.',
    );
  }
}

/**
 * `nlbmc enroll`: enable, join and verify in one run: one plan, one question, one report. What is
 * done already is left as it is, so the same command goes on where a run was cut off.
 */
export async function runEnroll(name: string, options: EnrollOptions, io: Io): Promise<number> {
  const joining = [...new Set(options.context)];
  const { primary } = options;
  checkUsage(joining, options);
  const contexts = primary === undefined ? joining : [primary, ...joining];
  checkManifestUsage(contexts, options);
  return withSession(contexts, options, io, async (session) => {
    const { world } = session;
    const joins = await joinsOf(name, options, joining, world);
    const { service, localService, named } = joins;
    const templates = await readTemplates();
    const accepted = acceptedCount(options.accept, 'leaking');
    const wants: Wants = {
      service,
      localService,
      ...(primary === undefined ? {} : { primary }),
      ...(named ? { named } : {}),
      joining,
      // What verify looks at, so that the last look is its observation, too.
      evidence: 'doubtful',
      bound: true,
      ...(options.region === undefined ? {} : { region: options.region }),
    };
    const outcome = await runChange(world, {
      command: 'enroll',
      wants,
      plan: (observed, settled) =>
        planEnroll(
          observed,
          {
            enable:
              primary === undefined
                ? undefined
                : {
                    service,
                    context: primary,
                    settled,
                    ...(accepted === undefined ? {} : { acceptLeaking: accepted }),
                  },
            joins: joins.intents(settled),
          },
          templates,
        ),
      judge: (plan, observed, echoes) => {
        const { theirs, others } = echoesApart(echoes, primary === undefined ? [] : [primary]);
        const shared = judgeEnable(plan, observed, theirs);
        return shared.blockers.length > 0 ? shared : joins.judge(shared, observed, others);
      },
      words: () => ({
        done: 'enrolled',
        already: 'already enrolled',
        empty: 'enrolled without capacity',
        message: `${clustersText(joining)} ${joining.length === 1 ? 'is' : 'are'} enrolled in Service ${nameText(service)}${primary === undefined ? '' : ` of ${primary}`}.`,
        next: verifyHint({ service, localService }, contexts, { wait: true }),
      }),
      settleMs: options.settleTimeout,
      ...(primary === undefined ? {} : { recheck: primary }),
      ...changeBasics(options, session, io),
      undo: (step) =>
        step.kind === 'annotate-service' || step.kind === 'set-flag'
          ? disableHint(service, [step.cluster])
          : joins.undo(step),
    });
    const verified = await withVerdict(world, outcome, {
      wants,
      service,
      contexts,
      timeoutMs: options.timeout,
    });
    return finish(verified, options, session, io);
  });
}
