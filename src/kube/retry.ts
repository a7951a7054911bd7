import type { Failure } from './failure.ts';
import { textAt } from './json.ts';

/** How often one request is sent before its failure is final. */
export const attempts = 5;

/**
 * Milliseconds to wait before the next attempt: doubling from a quarter of a second, with jitter so
 * that several runs do not come back together; Retry-After where the server sent it.
 */
export function delayBefore(attempt: number, failure: Failure): number {
  const backoff = Math.min(250 * 2 ** (attempt - 1), 4000) * (0.75 + Math.random() / 2);
  const asked = failure.kind === 'status' ? (failure.retryAfterMs ?? 0) : 0;
  return Math.round(Math.min(Math.max(backoff, asked), 30_000));
}

/**
 * Whether sending the same request again may help. All requests of this program may be repeated:
 * reads, dry runs, applies, and patches with a precondition. A refused connection, a wrong name or
 * certificate and a timeout do not get better in seconds, and the person should hear of them now.
 */
export function isTransient(failure: Failure): boolean {
  switch (failure.kind) {
    case 'status':
      if (failure.status === 429) return true;
      return failure.status >= 500 && failure.status !== 501 && !isDecided(failure);
    case 'connection':
      return ['ECONNRESET', 'EPIPE', 'EAI_AGAIN', 'ECONNABORTED', 'HPE_INVALID_EOF_STATE'].includes(
        failure.code,
      );
    case 'timeout':
    case 'interrupted':
    case 'too-large':
    case 'malformed':
    case 'no-credential':
      return false;
  }
}

/** Answers with status 500 that say what is wrong with the request or its webhook, not with the server. */
function isDecided(failure: Failure & { kind: 'status' }): boolean {
  const message = failure.body ? (textAt(failure.body, 'message') ?? '') : '';
  return /failed calling webhook|failed to create typed patch|field not declared in schema/.test(
    message,
  );
}
