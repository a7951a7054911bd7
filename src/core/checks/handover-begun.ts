import { clusterNames } from '../model/cluster-name.ts';
import type { ClusterView } from '../model/cluster-view.ts';
import { taggedNote } from '../model/handover.ts';
import { type NlbmcHint, noted } from '../model/hint.ts';
import { handoverAwayHint, handoverHint, verifyHint } from '../model/nlbmc-hints.ts';
import { handoverUnderWay, type Noted, notedIn } from '../observed/handover-under-way.ts';
import type { Observed } from '../observed/observed.ts';

/** A handover that has begun and has not come to its end, as far as the notes on the Services of these clusters tell. */
interface Begun {
  /** The cluster that gives the load balancer; absent: it is not listed. */
  readonly giver?: Noted;
  /** The one that takes it; `none`: no cluster is to own it; absent: not known. */
  readonly taker?: ClusterView | 'none';
}

function begunIn({ clusters }: Observed): Begun | undefined {
  const all = clusters.flatMap(notedIn);
  if (all.length === 0) return undefined;
  const isFor = ({ note }: Noted, cluster: ClusterView): boolean =>
    clusterNames(cluster).some((name) => note === taggedNote(name));
  const named = clusters.find((cluster) => all.some((one) => isFor(one, cluster)));
  const giver = all.find(({ cluster }) => cluster !== named);
  const others = clusters.filter((cluster) => cluster !== giver?.cluster);
  const taker = giver?.note === taggedNote(undefined) ? 'none' : (named ?? others[0]);
  // Before the tags are written no note says which cluster takes it.
  const isKnown = taker === 'none' || named !== undefined || others.length === 1;
  return { ...(giver ? { giver } : {}), ...(taker && isKnown ? { taker } : {}) };
}

/** What to type where a handover has begun and has not come to its end: it goes on, or back. None: none has begun. */
export function handoverBegunHints(observed: Observed): readonly NlbmcHint[] {
  const begun = begunIn(observed);
  if (!begun) return [];
  const { giver, taker } = begun;
  if (!giver) {
    const contexts = observed.clusters.map(({ context }) => context);
    const where = 'with the context of the other cluster of the handover for …';
    return [{ ...verifyHint({ service: observed.service }, [{ any: true }, ...contexts]), where }];
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
  if (to && handoverUnderWay(observed)?.back === true) {
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
