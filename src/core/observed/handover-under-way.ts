import { managerOf } from '../model/annotations.ts';
import { clusterNames } from '../model/cluster-name.ts';
import type { ClusterView } from '../model/cluster-view.ts';
import { RELEASED, taggedNote } from '../model/handover.ts';
import type { Service } from '../model/kubernetes.ts';
import { valueOf } from '../model/problem.ts';
import type { Observed } from './observed.ts';

/** A Service with the note of a handover, and where it is. */
export interface Noted {
  readonly cluster: ClusterView;
  readonly service: Service;
  readonly note: string;
  /** When it was written, by the API server's clock. */
  readonly at: string;
}

/** A handover that has begun and has not come to its end, as the notes on the Services tell it. */
export interface UnderWay {
  /** What has been done last. */
  readonly done: 'release' | 'retag' | 'adopt';
  /** Whether it is on its way back: then the giver is the cluster of `--new`. */
  readonly back: boolean;
  /** The Services that have its note, that of `--old` first. */
  readonly noted: readonly Noted[];
  /** The Service of the cluster that gives the load balancer; undefined: it is not listed. */
  readonly giver: Noted | undefined;
  /** The cluster that takes it; `none`: no cluster is to own it; undefined: not known. */
  readonly taker: ClusterView | 'none' | undefined;
  /** When the last note was written, by the API server's clock. */
  readonly at: string;
}

/** The Service of the cluster that has the note of a handover; none: no Service that was read has one. */
export const notedIn = (cluster: ClusterView): readonly Noted[] => {
  const all = [cluster.service, ...Object.values(cluster.services)].flatMap(
    (read) => valueOf(read) ?? [],
  );
  const service = all.find(({ handoverNote }) => handoverNote !== undefined);
  const note = service?.handoverNote;
  return service && note ? [{ cluster, service, note: note.value, at: note.at }] : [];
};

/** Before the tags are written no note says which cluster takes it: then it is the only other one. */
function takerOf(
  clusters: readonly ClusterView[],
  giver: Noted | undefined,
  named: ClusterView | undefined,
): UnderWay['taker'] {
  if (giver?.note === taggedNote(undefined)) return 'none';
  const others = clusters.filter((cluster) => cluster !== giver?.cluster);
  return named ?? (others.length === 1 ? others[0] : undefined);
}

/**
 * The handover that is under way; undefined: no Service of a listed cluster has its note. The first Service
 * that is released keeps the type LoadBalancer with a class of nlbmc's own, on the way back, too, until its
 * controller has it again: that is OLD.
 */
export function handoverUnderWay({ clusters }: Pick<Observed, 'clusters'>): UnderWay | undefined {
  const all = clusters.flatMap(notedIn);
  const [first] = all;
  if (!first) return undefined;
  const named = clusters.find((cluster) =>
    clusterNames(cluster).some((name) => all.some(({ note }) => note === taggedNote(name))),
  );
  const giver = all.find(({ cluster }) => cluster !== named);
  // Only OLD keeps its type while no controller manages it.
  const back = giver !== undefined && giver.service.type !== 'LoadBalancer';
  const rest = all.filter((one) => one !== giver);
  const adopted = rest.some(
    ({ cluster, service }) => cluster === named && managerOf(service) !== undefined,
  );
  const isTagged = all.some(({ note }) => note !== RELEASED);
  const [last = first.at] = all
    .map(({ at }) => at)
    .toSorted()
    .toReversed();
  return {
    done: isTagged ? (adopted ? 'adopt' : 'retag') : 'release',
    back,
    noted: giver ? (back ? [...rest, giver] : [giver, ...rest]) : rest,
    giver,
    taker: takerOf(clusters, giver, named),
    at: last,
  };
}
