import { judgeJoin } from '../core/join/judge-join.ts';
import { judgeLeave } from '../core/leave/judge-leave.ts';
import type { HandoverIntent, LeaveIntent } from '../core/model/intent.ts';
import { nameText } from '../core/model/kubernetes.ts';
import { handoverHint, verifyHint } from '../core/model/nlbmc-hints.ts';
import { listed } from '../core/model/words.ts';
import { drainTimeout } from '../core/plan/drain-timeout.ts';
import { type Echo, echoesApart } from '../core/plan/echo.ts';
import { isWrite, type Plan, type Step } from '../core/plan/plan.ts';
import { refused } from '../core/plan/refused.ts';
import { undoOf } from '../core/plan/undo.ts';
import { releasesIn, reverted } from '../core/handover/reverted.ts';
import { judgeHandover } from '../core/handover/judge-handover.ts';
import { ownsUntilThen, planOwnerReplaced } from '../core/replace/plan-owner-replaced.ts';
import { planReplace, type ReplaceIntent } from '../core/replace/plan-replace.ts';
import { clusterOf } from '../core/observed/enrollment.ts';
import type { Observed } from '../core/observed/observed.ts';
import { runChange } from '../engine/pipeline.ts';
import { readTemplates } from '../engine/templates.ts';
import type { Wants } from '../engine/wants.ts';
import type { Io } from '../io.ts';
import { acceptedLeaving, changeBasics } from './change-options.ts';
import { finish } from './finish.ts';
import { keepRecord } from './keep-record.ts';
import { answeredText, connect, unanswered } from './replace-proof.ts';
import { joinsOf, type JoinsOptions, SETTLE_MS } from './joins.ts';
import { withSession } from './session.ts';
import { withVerdict } from './with-verdict.ts';
import type { Connections, TrafficVerdict } from '../core/plan/traffic.ts';
import type { VerifyTrafficOptions } from './verify-traffic.ts';
import { usageError } from './usage-error.ts';

export interface ReplaceOptions
  extends
    Omit<JoinsOptions, 'targetGroup' | 'adopt' | 'forceConflicts' | 'timeout'>,
    Omit<VerifyTrafficOptions, 'traffic' | 'yes' | 'during' | 'maxSkew'> {
  /** Clusters that leave, and as many that take their places, in this order. */
  readonly old: readonly string[];
  readonly new: readonly string[];
  /** Connections to each port that have to be answered before a cluster leaves; absent: none. */
  readonly traffic?: Connections | undefined;
  readonly deleteService?: true | undefined;
  readonly minHealthy: number;
  readonly acceptRemoving?: number | undefined;
  /** A file for the enrollment as it was; false: none. */
  readonly record: string | false;
  /** Milliseconds for each wait; else the longest deregistration delay and ten minutes. */
  readonly timeout?: number | undefined;
}

/** Raises `usage` for clusters that cannot take each other's places. */
function checkUsage(options: ReplaceOptions): void {
  const { old, new: fresh, primary } = options;
  const named = [...old, ...fresh];
  const twice = named.find((context, n) => named.indexOf(context) !== n);
  if (twice !== undefined) {
    throw usageError(
      `${twice} is named twice.`,
      'Name each cluster once, with --old or with --new.',
    );
  }
  if (old.length !== fresh.length) {
    throw usageError(
      `--old names ${old.length} and --new names ${fresh.length}: each cluster that leaves needs one that takes its place.`,
      'Name as many clusters with --new as with --old, in the same order.',
    );
  }
  if (primary !== undefined && old.includes(primary)) {
    throw usageError(
      `${primary} is named both as the primary and as a cluster that leaves.`,
      'Leave --primary out: a cluster that owns the load balancer hands it over to the new one. Where no cluster owns it, you can name another enrolled cluster.',
    );
  }
}

/**
 * `nlbmc replace`: the new cluster joins, is proven to serve, and then the old one leaves. What is
 * done already is left as it is, so the same command goes on where a run was cut off.
 */
export async function runReplace(name: string, options: ReplaceOptions, io: Io): Promise<number> {
  checkUsage(options);
  const { old, new: fresh, primary, context: others = [] } = options;
  const contexts = [
    ...new Set([...(primary === undefined ? [] : [primary]), ...old, ...fresh, ...others]),
  ];
  return withSession(contexts, options, io, async (session) => {
    const { world } = session;
    const joins = await joinsOf(name, { ...options, timeout: 0 }, fresh, world);
    const { typed, service, localService, named } = joins;
    const templates = await readTemplates();
    const leaveFor = (observed: Observed, context: string, successor: string): LeaveIntent => ({
      service,
      // A former owner keeps the name that its Service had as the owner's.
      localService: clusterOf(observed, context)?.localService ?? localService,
      context,
      primary: primary ?? successor,
      targetGroups: [],
      deleteService: options.deleteService === true,
      withoutController: false,
      minHealthy: options.minHealthy,
      ...acceptedLeaving(options),
    });
    const intentFor = (observed: Observed, settled: boolean): ReplaceIntent => ({
      others,
      replacements: joins.intents(settled).map((joining, n) => ({
        joins: joining,
        leaves: leaveFor(observed, old[n] ?? '', joining.context),
      })),
    });
    const [onlyOld = '', otherOld] = old;
    let handover: HandoverIntent | undefined =
      primary === undefined && otherOld === undefined
        ? {
            service: typed,
            localService,
            old: onlyOld,
            new: fresh[0],
            lost: false,
            back: false,
            restarted: false,
          }
        : undefined;
    const wants: Wants = {
      service: handover ? typed : service,
      localService,
      ...(primary === undefined ? {} : { primary }),
      ...(named ? { named } : {}),
      joining: fresh,
      leaving: old,
      attributes: true,
      // What verify looks at, so that the last look is its observation, too.
      evidence: 'doubtful',
      ...(handover ? { handover: { old: onlyOld, new: fresh[0] ?? '', ifOwner: true } } : {}),
      bound: true,
      ...(options.region === undefined ? {} : { region: options.region }),
    };
    let released = 0;
    const planned = (observed: Observed, settled: boolean): Plan => {
      const intent = intentFor(observed, settled);
      const [first] = intent.replacements;
      // The owner may have its Service by the local name.
      if (handover) handover = { ...handover, service: observed.service };
      if (!handover || !first || !observed.handover || !ownsUntilThen(observed, handover)) {
        return planReplace(observed, intent, templates);
      }
      const plan = planOwnerReplaced(observed, first, handover, templates);
      released += releasesIn(plan);
      const problem = reverted(released, handover);
      return problem ? refused([problem], plan.skips) : plan;
    };
    let kept = false;
    const proofs: TrafficVerdict[] = [];
    const outcome = await runChange(world, {
      command: 'replace',
      wants,
      plan: planned,
      judge: (plan, observed, echoes) => {
        const ofPhase = ({ rehearsal }: Echo): boolean =>
          rehearsal.kind === 'set-flag' || isOfHandover(rehearsal.step);
        const handing = judgeHandover(plan, observed, echoes.filter(ofPhase));
        if (handing.blockers.length > 0) return handing;
        const { theirs, others: ofNew } = echoesApart(
          echoes.filter((echo) => !ofPhase(echo)),
          old,
        );
        const joined = judgeJoin(handing, observed, ofNew, (one) => joins.intentFor(one));
        return joined.blockers.length > 0 ? joined : judgeLeave(joined, theirs);
      },
      before: async (observed, plan) => {
        if (!kept && options.record !== false) {
          const asked = { ...wants, service: observed.service };
          await keepRecord(world, asked, options.record, io);
          kept = true;
        }
        const [first] = plan.steps.filter(isWrite);
        const leaves =
          first !== undefined && !isOfHandover(first) && old.includes(first.cluster ?? '');
        const made = leaves ? await connect(world, wants, options, io) : undefined;
        if (made) proofs.push(made);
        return made && unanswered(made);
      },
      words: () => ({
        done: 'replaced',
        already: 'already replaced',
        empty: 'replaced',
        message: `${listed(fresh)} ${fresh.length === 1 ? 'has' : 'have'} taken the place of ${listed(old)} in Service ${nameText(service)}.${answeredText(proofs, old)}`,
        next: verifyHint({ service, localService }, staying(contexts, old), { wait: true }),
      }),
      settleMs: SETTLE_MS,
      ...(primary === undefined ? {} : { recheck: primary }),
      ...changeBasics({ ...options, timeout: options.timeout ?? 0 }, session, io, 'always'),
      ...(options.timeout === undefined ? { timeoutFor } : {}),
      undo: (step) =>
        handover && isOfHandover(step)
          ? handoverHint({ ...handover, back: true }, others)
          : fresh.includes(step.cluster ?? '')
            ? joins.undo(step)
            : undoOf(step),
    });
    // At the end the cluster that may have owned the load balancer is gone, and with it its name.
    const { handover: _, ...plain } = wants;
    const afterwards: Wants = { ...plain, service };
    const verified = await withVerdict(world, outcome, {
      wants: afterwards,
      service,
      contexts: staying(contexts, old),
      timeoutMs: options.timeout ?? 600_000,
    });
    return finish(verified, options, session, io);
  });
}

/** Whether a step is one of a handover's phases. */
const isOfHandover = (step: Step): boolean => 'phase' in step && step.phase !== undefined;

const staying = (contexts: readonly string[], old: readonly string[]): readonly string[] =>
  contexts.filter((context) => !old.includes(context));

/** What a controller may need to register and AWS to check, beside a drain, ms. */
const timeoutFor = (plan: Plan): number => drainTimeout(plan) + 300_000;
