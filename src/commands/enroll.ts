import { acceptedCount } from '../core/model/acceptance.ts';
import { judgeEnable } from '../core/enable/judge-enable.ts';
import { planEnroll } from '../core/enroll/plan-enroll.ts';
import { advice } from '../core/model/hint.ts';
import { nameText } from '../core/model/kubernetes.ts';
import { disableHint, verifyHint } from '../core/model/nlbmc-hints.ts';
import { ProblemError } from '../core/model/problem.ts';
import { listed } from '../core/model/words.ts';
import type { Echo } from '../core/plan/echo.ts';
import { verifyEnd } from '../core/traffic/traffic-exit.ts';
import { verdictOf } from '../core/verify/verify.ts';
import { judge } from '../engine/judge.ts';
import { type Outcome, runChange } from '../engine/pipeline.ts';
import { readTemplates } from '../engine/templates.ts';
import type { Wants } from '../engine/wants.ts';
import type { World } from '../engine/world.ts';
import type { Io } from '../io.ts';
import { changeBasics } from './change-options.ts';
import { finish } from './finish.ts';
import { checkManifestUsage } from './manifest-files.ts';
import { type Joins, joinsOf, type JoinsOptions } from './joins.ts';
import { withSession } from './session.ts';

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
  const refuse = (message: string, hint: string): never => {
    throw new ProblemError({ code: 'usage', message, hints: [advice(hint)] });
  };
  if ((primary === undefined) === (loadBalancer === undefined)) {
    refuse(
      'enroll needs either --primary or --load-balancer.',
      'Name the cluster whose Service made the load balancer with --primary, or a load balancer that no cluster owns with --load-balancer.',
    );
  }
  if (primary !== undefined && joining.includes(primary)) {
    refuse(
      `${primary} is named both as the primary and as a cluster that joins.`,
      'Name only the clusters that join with --context.',
    );
  }
}

/** Echoes of the primary are judged as those of enable, the others as those of join. */
const partOf = (echoes: readonly Echo[], primary: string | undefined) => {
  const isPrimary = ({ rehearsal }: Echo): boolean =>
    (rehearsal.kind === 'step' ? rehearsal.step.cluster : rehearsal.cluster) === primary;
  return {
    sharing: echoes.filter(isPrimary),
    joining: echoes.filter((echo) => !isPrimary(echo)),
  };
};

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
        const { sharing, joining: others } = partOf(echoes, primary);
        const shared = judgeEnable(plan, observed, sharing);
        return shared.blockers.length > 0 ? shared : joins.judge(shared, observed, others);
      },
      words: () => ({
        done: 'enrolled',
        already: 'already enrolled',
        empty: 'enrolled without capacity',
        message: `${listed(joining)} ${joining.length === 1 ? 'is' : 'are'} enrolled in Service ${nameText(service)}${primary === undefined ? '' : ` of ${primary}`}.`,
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
    const verified = await withVerdict(world, outcome, { wants, joins, options });
    return finish(verified, options, session, io);
  });
}

/** The outcome of a run that reached its goals, with the verdict of verify as its end. */
async function withVerdict(
  world: World,
  outcome: Outcome,
  o: { readonly wants: Wants; readonly joins: Joins; readonly options: EnrollOptions },
): Promise<Outcome> {
  const { report, seen } = outcome;
  if (report.exit !== 0 || !seen) return outcome;
  const { service } = o.joins;
  const asked = { service, minHealthy: 1, knownTargets: [], allowUnprotected: false };
  // Only what changes by itself is waited for: a cluster without pods stays as it is.
  const waits = verdictOf(seen, asked).state === 'converging';
  const waitMs = waits ? o.options.timeout : undefined;
  const { observed, verdict } = await judge(world, o.wants, asked, waitMs, seen);
  const end = verifyEnd(verdict, observed.clusters.length, undefined);
  const green = verdict.exit === 0;
  return {
    ...outcome,
    report: {
      ...report,
      exit: end.exit,
      result: green ? report.result : end.result,
      message: green ? `${report.message} ${end.message}` : end.message,
      problems: verdict.problems,
      cautions: [...report.cautions, ...verdict.cautions],
      skips: [...report.skips, ...verdict.skips],
      verdict,
    },
  };
}
