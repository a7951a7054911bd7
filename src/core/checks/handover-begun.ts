import { type NlbmcHint, noted } from '../model/hint.ts';
import {
  handoverAwayHint,
  handoverHint,
  handoverLostHint,
  verifyHint,
} from '../model/nlbmc-hints.ts';
import { askedNames } from '../observed/asked-names.ts';
import { handoverUnderWay } from '../observed/handover-under-way.ts';
import type { Observed } from '../observed/observed.ts';

/** What to type where a handover has begun and has not come to its end: it goes on, or back. None: none has begun. */
export function handoverBegunHints(observed: Observed): readonly NlbmcHint[] {
  const open = handoverUnderWay(observed);
  if (!open) return [];
  const { giver, taker } = open;
  if (!giver) {
    const contexts = observed.clusters.map(({ context }) => context);
    const where = 'with the context of the other cluster of the handover for …';
    const look = { ...verifyHint(askedNames(observed), [{ any: true }, ...contexts]), where };
    // Its note is the only one where the other cluster does not exist any more.
    return taker === undefined || taker === 'none'
      ? [look]
      : [look, handoverLostHint(taker.localService, taker.context)];
  }
  const { context } = giver.cluster;
  if (taker === undefined) {
    const where = 'with the context of the cluster that takes the load balancer over for …';
    return [{ ...handoverAwayHint(giver.service, context), where }];
  }
  const to = taker === 'none' ? undefined : taker;
  const others = observed.clusters
    .map((cluster) => cluster.context)
    .filter((name) => name !== context && name !== to?.context);
  const rest = { lost: false, restarted: false };
  // Then the giver is NEW, and the command is the one that was typed first.
  if (to && open.back) {
    const names = { service: to.localService, localService: giver.service };
    const typed = { ...rest, ...names, old: to.context, new: context };
    return [
      noted(handoverHint({ ...typed, back: true }, others), 'the way back goes on'),
      noted(handoverHint({ ...typed, back: false }, others), 'or it is handed over after all'),
    ];
  }
  const intent = {
    ...rest,
    service: giver.service,
    localService: to?.localService ?? giver.service,
    old: context,
    new: to?.context,
  };
  return [
    noted(handoverHint({ ...intent, back: false }, others), 'the handover goes on'),
    noted(handoverHint({ ...intent, back: true }, others), 'or it goes back'),
  ];
}
