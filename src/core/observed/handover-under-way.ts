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
  /** When nlbmc wrote there last, by the API server's clock. */
  readonly at: string;
}

/** A handover that has begun and has not come to its end, as the notes on the Services tell it. */
export interface UnderWay {
  /** What has been done last. */
  readonly done: 'release' | 'retag' | 'adopt';
  /** Whether it is on its way back. */
  readonly back: boolean;
  /** The cluster of `--old`, and that of `--new`; undefined: nothing in the listed clusters tells it. */
  readonly old: Noted | undefined;
  readonly new: Noted | undefined;
  /** When nlbmc changed one of the Services last, by the API server's clock. */
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

/**
 * The handover that is under way; undefined: no Service of a listed cluster has its note. The first Service
 * that is released keeps the type LoadBalancer with a class of nlbmc's own, on the way back, too, until its
 * controller has it again: that is OLD.
 */
export function handoverUnderWay({ clusters }: Pick<Observed, 'clusters'>): UnderWay | undefined {
  const noted = clusters.flatMap(notedIn);
  const [first] = noted;
  if (!first) return undefined;
  const isTagged = noted.some(({ note }) => note !== RELEASED);
  const taker = noted.find(({ cluster }) =>
    clusterNames(cluster).some((name) => noted.some(({ note }) => note === taggedNote(name))),
  );
  const giver = noted.find((one) => one !== taker);
  const isFace = ({ service }: Noted): boolean => service.type === 'LoadBalancer';
  // Only OLD keeps its type while no controller manages it.
  const back = giver ? !isFace(giver) : false;
  const adopted = taker !== undefined && managerOf(taker.service) !== undefined;
  const [last = first.at] = noted
    .map(({ at }) => at)
    .toSorted()
    .toReversed();
  return {
    done: isTagged ? (adopted ? 'adopt' : 'retag') : 'release',
    back,
    old: back ? taker : giver,
    new: back ? giver : taker,
    at: last,
  };
}
