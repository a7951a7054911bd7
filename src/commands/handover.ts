import { judgeHandover } from '../core/handover/judge-handover.ts';
import { planHandover } from '../core/handover/plan-handover.ts';
import { releasesIn, reverted } from '../core/handover/reverted.ts';
import type { StablePhase } from '../core/model/handover.ts';
import type { HandoverIntent } from '../core/model/intent.ts';
import { nameText } from '../core/model/kubernetes.ts';
import { handoverHint, purgeHint, verifyHint } from '../core/model/nlbmc-hints.ts';
import { refused } from '../core/plan/refused.ts';
import { askedOfOwner } from '../core/observed/owner.ts';
import { undoOf } from '../core/plan/undo.ts';
import { type Outcome, runChange } from '../engine/pipeline.ts';
import type { Wants } from '../engine/wants.ts';
import type { Io } from '../io.ts';
import { changeBasics, type ChangeOptions } from './change-options.ts';
import { finish } from './finish.ts';
import { type LocalName, serviceNames } from './service-names.ts';
import { withSession } from './session.ts';
import { usageError } from './usage-error.ts';
import { withVerdict } from './with-verdict.ts';

/** What `--new` says where no cluster is to own the load balancer. */
export const NO_CLUSTER = 'nobody';

export interface HandoverOptions extends Omit<ChangeOptions, 'context'> {
  /** The cluster that owns the load balancer. */
  readonly old: string;
  /** The cluster that is to own it, or NO_CLUSTER. */
  readonly new: string;
  /** Other clusters of the enrollment. */
  readonly context?: readonly string[] | undefined;
  readonly localService?: LocalName | undefined;
  readonly lost?: true | undefined;
  readonly back?: true | undefined;
  readonly until?: StablePhase | undefined;
  readonly restarted?: true | undefined;
}

/** Raises `usage` for options that contradict each other. */
function checkUsage({ old, new: fresh, lost, back, until }: HandoverOptions): void {
  if (old === fresh) {
    throw usageError(`--old and --new both name ${old}.`, 'Name two clusters.');
  }
  if (lost && back) {
    throw usageError(
      '--lost and --back contradict each other: a cluster that is gone takes nothing back.',
      'Use one of them.',
    );
  }
  if (lost && fresh === NO_CLUSTER) {
    throw usageError(
      'With --lost, a cluster has to take the load balancer: name it with --new.',
      'To remove the tags of a cluster that is gone, hand the load balancer over first.',
    );
  }
  if (fresh === NO_CLUSTER && until !== undefined && until !== 'release' && until !== 'retag') {
    throw usageError(
      `--until ${until} has no meaning where no cluster is to own the load balancer.`,
      'Use --until release or --until retag.',
    );
  }
}

/** The clusters of a run: OLD first, unless it is gone. */
function contextsOf({
  old,
  new: fresh,
  lost,
  context: others = [],
}: HandoverOptions): readonly string[] {
  return [
    ...new Set([...(lost ? [] : [old]), ...(fresh === NO_CLUSTER ? [] : [fresh]), ...others]),
  ];
}

/**
 * `nlbmc handover`: the load balancer, its listeners and target groups belong to another cluster's Service
 * afterwards, or to none. Each phase is derived from what is there, so the same command goes on where a
 * run was cut off, and with `--back` it returns.
 */
export async function runHandover(name: string, options: HandoverOptions, io: Io): Promise<number> {
  checkUsage(options);
  const { old, new: fresh, lost } = options;
  const contexts = contextsOf(options);
  const primary = lost ? fresh : old;
  return withSession(contexts, options, io, async (session) => {
    const { world } = session;
    const named = serviceNames(name, world, { ...options, primary });
    // Where OLD is gone, its Service cannot be read: the one of NEW is meant.
    const { localService } = named;
    const service = lost ? localService : named.service;
    const intent: HandoverIntent = {
      service,
      localService,
      old,
      new: fresh === NO_CLUSTER ? undefined : fresh,
      lost: lost === true,
      back: options.back === true,
      restarted: options.restarted === true,
      ...(options.until === undefined ? {} : { until: options.until }),
    };
    const wants: Wants = {
      service,
      localService,
      primary,
      evidence: 'doubtful',
      bound: true,
      handover: {
        ...(lost ? { lost: old } : { old }),
        ...(fresh === NO_CLUSTER ? {} : { new: fresh }),
      },
      ...(options.region === undefined ? {} : { region: options.region }),
    };
    // The Service that owns the load balancer at the end, and what the other clusters call theirs.
    const owned =
      intent.back || intent.new === undefined
        ? { service, localService }
        : { service: localService, localService: service };
    const retry = (back: boolean) => handoverHint({ ...intent, back }, options.context);
    let released = 0;
    const outcome = await runChange(world, {
      command: 'handover',
      wants,
      plan: (observed) => {
        const plan = planHandover(observed, intent);
        released += releasesIn(plan);
        const problem = reverted(released, intent);
        return problem ? refused([problem], plan.skips) : plan;
      },
      judge: judgeHandover,
      words: () => ({
        done: doneWord(intent),
        already: intent.back ? 'already handed back' : 'already handed over',
        empty: 'handed over',
        message: endText(intent),
        next: intent.lost
          ? purgeHint(owned, contexts)
          : verifyHint(owned, contexts, { wait: true }),
      }),
      rerun: () => retry(intent.back),
      settleMs: 0,
      ...changeBasics(options, session, io, 'always'),
      // There is no cluster to give it back to: each step can be taken back by hand.
      undo: (step) => (intent.lost ? undoOf(step) : retry(!intent.back)),
    });
    // What a lost cluster has left behind is no part of the handover, and verify is not green as long as it is there.
    const verified =
      intent.until === undefined && !intent.lost
        ? await withVerdict(world, askedOf(outcome), {
            wants: { ...wants, ...owned, primary: intent.back ? old : (intent.new ?? old) },
            service: owned.service,
            contexts,
            timeoutMs: options.timeout,
          })
        : outcome;
    return finish(verified, options, session, io);
  });
}

/** The outcome, with what was seen last as a question about the Service that owns the load balancer. */
const askedOf = (outcome: Outcome): Outcome =>
  outcome.seen ? { ...outcome, seen: askedOfOwner(outcome.seen) } : outcome;

const doneWord = ({ back, until }: HandoverIntent): string =>
  until !== undefined ? `stopped after ${until}` : back ? 'handed back' : 'handed over';

/** What is true at the end, as a sentence. */
function endText({
  service,
  localService,
  old,
  new: fresh,
  lost,
  back,
  until,
}: HandoverIntent): string {
  if (until !== undefined) {
    return `The phase "${until}" of the handover is done. Run the same command without --until to go on.`;
  }
  if (back) return `Service ${nameText(service)} of ${old} owns the load balancer again.`;
  if (fresh === undefined) {
    return `No cluster owns the load balancer of Service ${nameText(service)} any more. No controller changes its listeners, certificates, attributes and rules for clients from now on.`;
  }
  const end = `Service ${nameText(localService)} of ${fresh} owns the load balancer now.`;
  return lost
    ? `${end} Targets of ${old} may still be registered.`
    : `${end} ${old} is a secondary.`;
}
