import type { KubeCluster } from '../cluster/cluster.ts';
import type { User } from '../cluster/rbac.ts';

/** A request as read from the wire: what a handler needs and no socket. */
export interface Request {
  readonly cluster: KubeCluster;
  readonly method: string;
  /** Without the query, decoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly contentType: string;
  /** Parsed JSON or YAML; undefined without a body. */
  readonly body: unknown;
  readonly user: User;
  /** Collects what goes out as Warning headers. */
  warn(message: string): void;
}

/** Where a stream is written to. */
export interface Sink {
  write(text: string): void;
  end(): void;
  /** Calls back once, however the stream ends. */
  onEnd(fn: () => void): void;
}

/** What goes back: JSON, text, or a stream that lasts. */
export type Answer =
  | {
      readonly kind: 'json';
      readonly status: number;
      readonly body: unknown;
      readonly type?: string;
    }
  | {
      readonly kind: 'text';
      readonly status: number;
      readonly text: string;
      readonly type?: string;
    }
  | { readonly kind: 'stream'; readonly type: string; start(sink: Sink): void };

export function json(body: unknown, status = 200): Answer {
  return { kind: 'json', status, body };
}

export function text(words: string, status = 200): Answer {
  return { kind: 'text', status, text: words };
}

/** The server's answer for a path that does not exist. */
export const NO_SUCH_PATH = text('404 page not found\n', 404);
