import { request } from 'node:https';
import type { KubeObject } from '../../src/sandbox/kube/object.ts';

/** An API server, and who asks it: by a header or by a client certificate. */
export interface Server {
  readonly url: string;
  /** Of a server that speaks TLS. */
  readonly ca?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly cert?: string;
  readonly key?: string;
}

/** One line of a watch. */
export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: KubeObject;
}

/** All that is there comes first, and then a bookmark (Kubernetes: `sendInitialEvents`). */
const QUERY =
  'watch=true&allowWatchBookmarks=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan';

/** As KubeRest.watch, of a path. */
export function openWatch(
  { url, headers, ...tls }: Server,
  path: string,
  seen: (event: WatchEvent) => void,
  ended: () => void,
): () => void {
  let isOver = false;
  let rest = '';
  const asked = request(new URL(`${path}?${QUERY}`, url), { ...tls, agent: false, headers });
  asked.on('response', (response) => {
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => {
      if (response.statusCode !== 200 || isOver) return;
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) seen(JSON.parse(line) as WatchEvent);
    });
    // Cut in the middle: the end of the request, below, follows.
    response.on('error', () => undefined);
  });
  asked.on('error', () => undefined);
  asked.on('close', () => isOver || ended());
  asked.end();
  return () => {
    isOver = true;
    asked.destroy();
  };
}
