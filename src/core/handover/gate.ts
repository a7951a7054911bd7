import type { Code } from '../model/codes.ts';
import type { VerifyIntent } from '../model/intent.ts';
import { joinHint, verifyHint } from '../model/nlbmc-hints.ts';
import type { Problem } from '../model/problem.ts';
import { askedOfOwner } from '../observed/owner.ts';
import type { Verdict } from '../plan/verdict.ts';
import { verdictOf } from '../verify/verify.ts';
import type { HandoverCase } from './handover-case.ts';
import { isStopped } from './controller-flags.ts';
import { isAdopted, isManaged, isReturn, ownBindingsOf } from './standing.ts';

/** What a handover changes is not what it waits for. */
const ofOwner: readonly Code[] = ['owner-disputed', 'owner-unlisted'];
/** A cluster that is gone has left targets behind, which its successor does not make worse. */
const ofLost: readonly Code[] = ['target-unclaimed', 'target-unhealthy', 'endpoint-gone'];

/** What a handover that went wrong may have done: the way back is its cure, as long as the handover is under way. */
const ofBack: readonly Code[] = [
  'reconcile-failed',
  'controller-stalled',
  'member-missing',
  'bindings-missing',
  'listener-missing',
  'endpoint-untracked',
  'endpoint-unregistered',
  'security-group-closed',
  'peer-not-attached',
  'target-unhealthy',
  'target-converging',
  'below-minimum',
];

/**
 * The cluster whose controller a person has stopped for the release (`release-unsafe`): it need not run
 * before its Service is released, nor at the end of a run that stops there.
 */
function stoppedOn(subject: HandoverCase): string | undefined {
  const { from, intent } = subject;
  if (!from || !isStopped(subject, from)) return undefined;
  return isManaged(from) || intent.until === 'release' ? from.cluster.context : undefined;
}

/** What verify says of the enrollment, asked about the Service that owns the load balancer at the moment. */
export function verifyVerdict({ observed, intent: { service } }: HandoverCase): Verdict {
  const asked: VerifyIntent = {
    service,
    minHealthy: 1,
    knownTargets: [],
    allowUnprotected: false,
  };
  return verdictOf(askedOfOwner(observed), asked);
}

/** Why no phase may start: what verify says, but for who owns the load balancer. None: it is green. */
export function verifyGate(subject: HandoverCase, verdict: Verdict): readonly Problem[] {
  const { observed, intent, from, to } = subject;
  const aside = new Set<Code>([...ofOwner, ...(intent.lost ? ofLost : [])]);
  const cured = new Set<Code>(isReturn(subject) ? ofBack : []);
  // Its controller has begun: what is missing there is what the run waits for, and no phase begins.
  const adopting = to !== undefined && isManaged(to) && !isAdopted(subject);
  // Where the taker has not joined, its controller makes the bindings.
  const joins = to !== undefined && ownBindingsOf(subject, to).length === 0;
  const isAside = ({ code, about, unread }: Problem): boolean =>
    aside.has(code) ||
    (cured.has(code) && unread !== true) ||
    (code === 'controller-missing' && stopped !== undefined && about?.cluster === stopped) ||
    (adopting && about?.cluster === to.cluster.context) ||
    (joins && code === 'member-missing' && about?.cluster === to.cluster.context);
  const stopped = stoppedOn(subject);
  const red = verdict.problems.filter((problem) => !isAside(problem));
  if (red.length === 0) return [];
  const contexts = observed.clusters.map(({ context }) => context);
  const { service, localService } = intent;
  const verify = verifyHint({ service, localService }, contexts);
  // Its controller tells of bindings out of sight, once it is asked about one of its own.
  const unseen = red.some(({ unread, about }) => unread && about?.cluster === to?.cluster.context);
  const joining =
    from && unseen && joins && isManaged(from)
      ? [
          joinHint({
            service,
            localService,
            context: to.cluster.context,
            primary: from.cluster.context,
          }),
        ]
      : [];
  return [
    {
      code: 'verify-not-green',
      message: `verify is not green: ${red.map(({ message }) => message).join(' ')} Nothing is handed over before it is.`,
      about: { service },
      hints: [...joining, verify],
      ...(red.some(({ unread }) => unread) ? { unread: true } : {}),
    },
    ...red,
  ];
}
