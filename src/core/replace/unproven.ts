import type { JoinIntent, VerifyIntent } from '../model/intent.ts';
import { nameText } from '../model/kubernetes.ts';
import { verifyHint } from '../model/nlbmc-hints.ts';
import type { Problem } from '../model/problem.ts';
import { listed } from '../model/words.ts';
import type { Observed } from '../observed/observed.ts';
import { verdictOf } from '../verify/verify.ts';

/**
 * Why a cluster that has joined cannot take the place of another yet: what `verify` says of its rows,
 * or that it has none. None: every row of it is ready.
 */
export function unproven(observed: Observed, joins: JoinIntent): readonly Problem[] {
  const { context, service, localService } = joins;
  const asked: VerifyIntent = {
    service,
    minHealthy: 1,
    knownTargets: [],
    // Deletion protection is the owner's: no cluster that joins changes it.
    allowUnprotected: true,
  };
  const { ports } = verdictOf(observed, asked);
  const rows = ports.flatMap(({ members }) => members.filter(({ cluster }) => cluster === context));
  const open = rows.filter(({ state }) => state !== 'ready');
  if (rows.length > 0 && open.length === 0) return [];
  const reasons = [...new Set(open.flatMap(({ problems }) => problems.map(({ code }) => code)))];
  const why = reasons.length > 0 ? `: ${listed(reasons)}` : '';
  return [
    {
      code: 'replacement-unproven',
      message: `Service ${nameText(localService)} of ${context} has joined, and verify does not call it ready${why}. The old cluster stays until it does.`,
      about: { cluster: context, service: localService },
      hints: [
        verifyHint({ service, localService }, [...new Set([joins.primary ?? context, context])]),
      ],
      ...(open.some(({ problems }) => problems.some(({ unread }) => unread))
        ? { unread: true }
        : {}),
    },
  ];
}
