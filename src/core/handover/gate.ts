import type { Code } from '../model/codes.ts';
import type { VerifyIntent } from '../model/intent.ts';
import { verifyHint } from '../model/nlbmc-hints.ts';
import type { Problem } from '../model/problem.ts';
import { askedOfOwner } from '../observed/owner.ts';
import { verdictOf } from '../verify/verify.ts';
import type { HandoverCase } from './handover-case.ts';
import { isStopped } from './controller-flags.ts';
import { isManaged, ownBindingsOf } from './standing.ts';

/** What a handover changes is not what it waits for. */
const ofOwner: readonly Code[] = ['owner-disputed', 'owner-unlisted'];
/** A cluster that is gone has left targets behind, which its successor does not make worse. */
const ofLost: readonly Code[] = ['target-unclaimed', 'target-unhealthy', 'endpoint-gone'];

/**
 * The cluster whose controller a person has stopped for the release (`release-unsafe`): it need not run
 * before its Service is released, nor at the end of a run that stops there.
 */
function stoppedOn(subject: HandoverCase): string | undefined {
  const { from, intent } = subject;
  if (!from || !isStopped(subject, from)) return undefined;
  return isManaged(from) || intent.until === 'release' ? from.cluster.context : undefined;
}

/** Why no phase may start: what verify says, but for who owns the load balancer. None: it is green. */
export function verifyGate(subject: HandoverCase): readonly Problem[] {
  const { observed, intent, to } = subject;
  const asked: VerifyIntent = {
    service: intent.service,
    minHealthy: 1,
    knownTargets: [],
    allowUnprotected: false,
  };
  const verdict = verdictOf(askedOfOwner(observed), asked);
  const aside = new Set<Code>([...ofOwner, ...(intent.lost ? ofLost : [])]);
  // Where the taker has not joined, its controller makes the bindings.
  const joins = to !== undefined && ownBindingsOf(subject, to).length === 0;
  const isAside = ({ code, about }: Problem): boolean =>
    aside.has(code) ||
    (code === 'controller-missing' && stopped !== undefined && about?.cluster === stopped) ||
    (joins && code === 'member-missing' && about?.cluster === to.cluster.context);
  const stopped = stoppedOn(subject);
  const red = verdict.problems.filter((problem) => !isAside(problem));
  if (red.length === 0) return [];
  const contexts = observed.clusters.map(({ context }) => context);
  const { service, localService } = intent;
  return [
    {
      code: 'verify-not-green',
      message: `verify is not green: ${red.map(({ message }) => message).join(' ')} Nothing is handed over before it is.`,
      about: { service },
      hints: [verifyHint({ service, localService }, contexts)],
      ...(red.some(({ unread }) => unread) ? { unread: true } : {}),
    },
    ...red,
  ];
}
