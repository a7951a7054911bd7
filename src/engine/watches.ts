import { flavourToMake } from '../core/model/flavours.ts';
import { nameText } from '../core/model/kubernetes.ts';
import type { ClusterView } from '../core/model/cluster-view.ts';
import { bindingsRead, clusterOf } from '../core/observed/enrollment.ts';
import type { Observed } from '../core/observed/observed.ts';
import type { Telling } from '../core/progress/told-by-kubernetes.ts';
import { type Told, type Watched, watchChanges, watchSubject } from '../kube/watch.ts';
import { leastBefore, pauseBefore } from './pause.ts';
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
   * it. Such a look does not put off the one that was due: a watch that is silent proves nothing.
   */
  pause(
    leftMs: number,
    o: { readonly observed: Observed; readonly telling: readonly Telling[] },
  ): Promise<void>;
  close(): void;
}

/** One watch, for as long as it lasts. */
interface Open {
  /** What a change has to be about; undefined: all that is told. */
  names: ReadonlySet<string> | undefined;
}

/** Versions by cluster and UID; undefined: the object is gone. */
type Versions = ReadonlyMap<string, string | undefined>;

/**
 * Watches for one wait; none is open before its first pause. Nothing depends on them: where a watch is not
 * allowed, or cut, the pause is as long as without one.
 */
export function watchesOf(world: World): Watches {
  const started = world.now();
  const closing = new AbortController();
  const open = new Map<string, Open>();
  const tries = new Map<string, number>();
  const told = new Map<string, string | undefined>();
  let seen: Versions = new Map();
  let wake: (() => void) | undefined;
  /** Looks that were due without a watch, and when the next one is. */
  let planned = 0;
  let due: number | undefined;

  const hasNews = (): boolean => [...told].some(([key, version]) => seen.get(key) !== version);

  const watch = async (key: string, cluster: string, what: Watched): Promise<void> => {
    const kube = clientOf(world, cluster);
    const hear = ({ name, uid, version }: Told): void => {
      const { names } = open.get(key) ?? {};
      if (names && !names.has(name)) return;
      told.set(`${cluster} ${uid}`, version);
      if (hasNews()) wake?.();
    };
    const end = await watchChanges(kube, what, hear, closing.signal);
    open.delete(key);
    if (end === 'over' || end.kind === 'interrupted') return;
    if (end.kind !== 'connection') tries.set(key, TRIES);
    world.emit({ kind: 'unwatched', text: kube.problem(end, watchSubject(what)).message });
  };

  const keepOpen = (telling: readonly Telling[], observed: Observed): void => {
    // What a document tells of has no connection.
    const near = telling.filter(({ cluster }) => world.kube.some((one) => one.context === cluster));
    for (const [key, { cluster, what, names }] of watchedBy(near, observed)) {
      const one = open.get(key);
      if (one) one.names = names;
      const n = tries.get(key) ?? 0;
      if (one || n >= TRIES || open.size >= AT_MOST) continue;
      tries.set(key, n + 1);
      open.set(key, { names });
      void watch(key, cluster, what);
    }
  };

  return {
    async pause(leftMs, { observed, telling }) {
      seen = versionsOf(observed);
      keepOpen(telling, observed);
      const began = world.now();
      const { signal } = world;
      const leastMs = Math.min(leastBefore(began - started), leftMs);
      const ms =
        due === undefined
          ? pauseBefore(world, (planned += 1), leftMs)
          : Math.max(due - began, leastMs);
      due = began + ms;
      // What came while the look was made may be what it saw.
      if (!hasNews()) {
        const woken = new AbortController();
        wake = () => woken.abort();
        await world.sleep(ms, signal ? AbortSignal.any([signal, woken.signal]) : woken.signal);
        wake = undefined;
      }
      const news = hasNews();
      told.clear();
      const sleptMs = world.now() - began;
      const restMs = Math.min(Math.max(leastMs, sleptMs + TOGETHER_MS), ms) - sleptMs;
      if (news && restMs > 0 && !signal?.aborted) await world.sleep(restMs, signal);
      if (!news || world.now() >= due) due = undefined;
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
  readonly names: ReadonlySet<string> | undefined;
}

/** The watches that tell it, each once: several bindings of a namespace are one watch. */
function watchedBy(telling: readonly Telling[], observed: Observed): ReadonlyMap<string, Wanted> {
  const found = new Map<string, Wanted>();
  for (const { cluster, bindings, service } of telling) {
    const view = clusterOf(observed, cluster);
    if (!view) continue;
    if (service)
      found.set(`${cluster} ${nameText(service)}`, {
        cluster,
        what: { kind: 'service', service },
        names: undefined,
      });
    for (const flavour of bindings ? flavoursIn(view, bindings.namespace) : []) {
      const { namespace, name } = bindings!;
      const key = `${cluster} ${flavour} ${namespace}`;
      const before = found.get(key);
      const names =
        name === undefined || (before && !before.names)
          ? undefined
          : new Set([...(before?.names ?? []), name]);
      found.set(key, { cluster, what: { kind: 'bindings', namespace, flavour }, names });
    }
  }
  return found;
}

/** Whose bindings a namespace has, or is to have. */
function flavoursIn(view: ClusterView, namespace: string) {
  const there = bindingsRead(view).filter((binding) => binding.namespace === namespace);
  const flavours = new Set(there.map(({ flavour }) => flavour));
  return flavours.size > 0 ? flavours : [flavourToMake(view.servedFlavours)];
}
