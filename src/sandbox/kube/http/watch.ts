import type { Cancel } from '../../time/clock.ts';
import type { KubeObject } from '../object.ts';
import { invalid, StatusError } from '../status-error.ts';
import type { Change } from '../cluster/store.ts';
import type { Answer, Request, Sink } from './exchange.ts';
import { askedVersion, selected } from './list.ts';
import { Representation } from './representation.ts';
import type { Target } from './target.ts';
import { count, flag } from './verb.ts';

const BOOKMARK_MS = 60_000;
// Between half an hour and an hour in the real server; clients watch again.
const DEFAULT_TIMEOUT_S = 2_700;

interface Event {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: KubeObject;
}

/** A change as a watch with selectors sees it: what comes into its sight is added, what leaves it deleted. */
function seen(change: Change, matches: (object: KubeObject) => boolean): Event | undefined {
  const before = change.old !== undefined && matches(change.old);
  const now = change.type !== 'DELETED' && matches(change.object);
  if (now) return { type: before ? 'MODIFIED' : 'ADDED', object: change.object };
  if (!before) return undefined;
  const { resourceVersion } = change.object.metadata;
  const last = change.type === 'DELETED' ? change.object : change.old;
  const metadata = { ...last.metadata, ...(resourceVersion && { resourceVersion }) };
  return { type: 'DELETED', object: { ...last, metadata } };
}

/**
 * GET with watch=true: from the asked resourceVersion on; without one, everything there is first.
 * A version no longer kept gets an ERROR event with 410, as from the real watch cache. Raises 422
 * for sendInitialEvents, which this server has not.
 */
export function watch(request: Request, target: Target): Answer {
  const { query, cluster } = request;
  if (query.has('sendInitialEvents'))
    throw invalid({ group: 'meta.k8s.io', kind: 'ListOptions' }, '', [
      {
        field: 'sendInitialEvents',
        message:
          'Forbidden: sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled',
        reason: 'FieldValueForbidden',
      },
    ]);
  const representation = new Representation(request, target.def);
  const matches = selected(request, target);
  const inSight = (object: KubeObject): boolean =>
    (!target.namespace || object.metadata.namespace === target.namespace) && matches(object);
  const from = askedVersion(request);
  const seconds = count(query, 'timeoutSeconds') || DEFAULT_TIMEOUT_S;
  return {
    kind: 'stream',
    type: 'application/json',
    start(sink: Sink): void {
      const send = (type: string, object: unknown): void =>
        sink.write(`${JSON.stringify({ type, object })}\n`);
      const tell = (change: Change): void => {
        const event = seen(change, inSight);
        if (event) send(event.type, representation.event(event.object));
      };
      try {
        if (from > 0) cluster.store.changesSince(from, target.def.key).forEach(tell);
        else
          for (const object of cluster.list(target.def.key, target.namespace))
            if (inSight(object)) send('ADDED', representation.event(object));
      } catch (error) {
        if (!(error instanceof StatusError)) throw error;
        send('ERROR', error.status);
        sink.end();
        return;
      }
      const stops = [
        cluster.onChange(target.def.key, tell),
        cluster.clock.after(seconds * 1000, () => {
          bookmark();
          // At once: the stream tells its end later, and more may be due by then.
          stop();
          sink.end();
        }),
      ];
      const bookmark = (): void => {
        if (!flag(query, 'allowWatchBookmarks')) return;
        send('BOOKMARK', representation.bookmark(String(cluster.store.version)));
      };
      let next: Cancel | undefined;
      const repeat = (): void => {
        next = cluster.clock.after(BOOKMARK_MS, () => {
          bookmark();
          repeat();
        });
      };
      if (flag(query, 'allowWatchBookmarks')) repeat();
      const stop = (): void => {
        next?.();
        stops.forEach((cancel) => cancel());
      };
      sink.onEnd(stop);
    },
  };
}
