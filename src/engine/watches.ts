import { flavourToMake } from '../core/model/flavours.ts';
import type { ClusterView } from '../core/model/cluster-view.ts';
import { bindingsRead, clusterOf } from '../core/observed/enrollment.ts';
import type { Observed } from '../core/observed/observed.ts';
import type { Telling } from '../core/progress/told-by-kubernetes.ts';
import { type Told, type Watched, watchChanges, watchSubject } from '../kube/watch.ts';
import { leastBefore, leavesTheNext, pauseBefore } from './pause.ts';
import { clientOf, type World } from './world.ts';

/** Connections that stay open, beside those of the requests: other clusters are looked at as without a watch. */
const AT_MOST = 64;
/** A watch that ends in order or is cut is opened again, so often in all. */
const TRIES = 5;
/** A change rarely comes alone: what a controller writes next belongs to the same look. */
const TOGETHER_MS = 100;

/** A wait's pauses, which end early when Kubernetes tells of a change. */
export interface Watches {
  /**
   * The pause before the next look, at most `leftMs`: over as soon as one of these objects is no longer as the last look saw
   * it, where that leaves the look that is due where it is (`leavesTheNext`): a watch that is silent proves nothing.
   */
  pause(
    leftMs: number,
    o: { readonly observed: Observed; readonly telling: readonly Telling[] },
  ): Promise<void>;
  close(): void;
}

/** What a change has to be about: an object by its name, or a binding by its Service. */
type Subject = { readonly name: string } | { readonly of: string };

const isAbout = ({ name, service }: Told, subjects: readonly Subject[]): boolean =>
  subjects.some((one) => ('of' in one ? one.of === service : one.name === name));

/** Versions by cluster and UID; undefined: the object is gone. */
type Versions = ReadonlyMap<string, string | undefined>;

/**
 * Watches for one wait; none is open before its first pause. Nothing depends on them: where a watch is not
 * allowed, or cut, the pause is as long as without one.
 */
export function watchesOf(world: World): Watches {
  const started = world.now();
  const closing = new AbortController();
  /** Watches that are open, and what has to change. */
  const open = new Map<string, readonly Subject[]>();
  const tries = new Map<string, number>();
  const told = new Map<string, string | undefined>();
  let seen: Versions = new Map();
  let wake: (() => void) | undefined;
  /** Looks that are due without a watch, and when the next one is. */
  let planned = 0;
  let due: number | undefined;
  /** When the last pause ended: what comes after it is the look. */
  let lookedFrom = started;

  const hasNews = (): boolean => {
    for (const [key, version] of told) if (seen.get(key) !== version) return true;
    return false;
  };

  const watch = async (key: string, cluster: string, what: Watched): Promise<void> => {
    const kube = clientOf(world, cluster);
    const hear = (change: Told): void => {
      if (!isAbout(change, open.get(key) ?? [])) return;
      told.set(`${cluster} ${change.uid}`, change.version);
      if (wake && hasNews()) wake();
    };
    const end = await watchChanges(kube, what, hear, closing.signal);
    open.delete(key);
    if (end === 'over' || closing.signal.aborted || world.signal?.aborted) return;
    if (end.kind !== 'connection') tries.set(key, TRIES);
    world.emit({ kind: 'unwatched', text: kube.problem(end, watchSubject(what)).message });
  };

  const keepOpen = (telling: readonly Telling[], observed: Observed): void => {
    // What a document tells of has no connection.
    const near = telling.filter(({ cluster }) => world.kube.some((one) => one.context === cluster));
    for (const [key, { cluster, what, subjects }] of wantedBy(near, observed)) {
      const isOpen = open.has(key);
      const n = tries.get(key) ?? 0;
      if (!isOpen && (n >= TRIES || open.size >= AT_MOST)) continue;
      open.set(key, subjects);
      if (isOpen) continue;
      tries.set(key, n + 1);
      void watch(key, cluster, what);
    }
  };

  return {
    async pause(leftMs, { observed, telling }) {
      seen = versionsOf(observed);
      keepOpen(telling, observed);
      const began = world.now();
      const lookMs = began - lookedFrom;
      const { signal } = world;
      const leastMs = Math.min(leastBefore(began - started), leftMs);
      due =
        due === undefined
          ? began + pauseBefore(world, (planned += 1), leftMs)
          : Math.max(due, began + leastMs);
      const sleepUntil = (at: number, woken?: AbortSignal): Promise<void> => {
        const signals = [signal, woken].flatMap((one) => one ?? []);
        return world.sleep(Math.max(1, at - world.now()), AbortSignal.any(signals));
      };
      // What came while the look was made may be what it saw.
      if (!hasNews()) {
        const woken = new AbortController();
        wake = () => woken.abort();
        await sleepUntil(due, woken.signal);
        wake = undefined;
      }
      const soonest = Math.max(began + leastMs, world.now() + TOGETHER_MS);
      const isForward =
        hasNews() &&
        soonest < due &&
        leavesTheNext({ elapsedMs: soonest - started, lookMs, dueMs: due - started });
      told.clear();
      if (!signal?.aborted && world.now() < due) await sleepUntil(isForward ? soonest : due);
      if (!isForward) due = undefined;
      lookedFrom = world.now();
    },
    close: () => closing.abort(),
  };
}

/** Versions of the Services and bindings that a look saw, by cluster and UID. */
function versionsOf({ clusters }: Observed): Versions {
  return new Map(
    clusters.flatMap((view) =>
      [...bindingsRead(view), ...servicesRead(view)].map(
        ({ uid, resourceVersion }) => [`${view.context} ${uid}`, resourceVersion] as const,
      ),
    ),
  );
}

const servicesRead = (view: ClusterView) =>
  [view.service, ...Object.values(view.services)].flatMap((read) =>
    read.ok && read.value ? [read.value] : [],
  );

interface Wanted {
  readonly cluster: string;
  readonly what: Watched;
  readonly subjects: readonly Subject[];
}

/** The watches that tell it, each once: several bindings of a namespace are one watch. */
function wantedBy(telling: readonly Telling[], observed: Observed): ReadonlyMap<string, Wanted> {
  const found = new Map<string, Wanted>();
  const add = (cluster: string, what: Watched, subject: Subject): void => {
    const key = `${cluster} ${JSON.stringify(what)}`;
    const subjects = [...(found.get(key)?.subjects ?? []), subject];
    found.set(key, { cluster, what, subjects });
  };
  for (const { cluster, bindings, service } of telling) {
    const view = clusterOf(observed, cluster);
    if (!view) continue;
    if (service) {
      const { namespace, name } = service;
      add(cluster, { kind: 'service', service: { namespace, name } }, { name });
    }
    if (!bindings) continue;
    const { namespace } = 'of' in bindings ? bindings.of : bindings;
    const subject = 'of' in bindings ? { of: bindings.of.name } : { name: bindings.name };
    for (const flavour of flavoursIn(view, namespace))
      add(cluster, { kind: 'bindings', namespace, flavour }, subject);
  }
  return found;
}

/** Whose bindings a namespace has, or is to have. */
function flavoursIn(view: ClusterView, namespace: string) {
  const there = bindingsRead(view).filter((binding) => binding.namespace === namespace);
  const flavours = new Set(there.map(({ flavour }) => flavour));
  return flavours.size > 0 ? flavours : [flavourToMake(view.servedFlavours)];
}
