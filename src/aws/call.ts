import type { Reading } from '../core/model/problem.ts';
import { known, unknown } from '../core/model/problem.ts';
import type { Call } from './endpoint.ts';
import { isThrottling } from './error-names.ts';
import type { AwsOptions } from './options.ts';
import { problemOf } from './problem.ts';
import { thrownOf } from './thrown.ts';

const attempts = 5;
/** A call is given up after this many request timeouts in all, waits included. */
const deadlineTimeouts = 4;

/**
 * Makes a call, again where that may help, and turns a failure into a Problem. The SDK's own
 * retries are off: they cannot be shown, and they sleep on a clock that is not ours.
 */
export async function call<Output>(
  o: AwsOptions & { readonly triedProfile: string | undefined },
  about: Call,
  send: (abortSignal: AbortSignal) => Promise<Output>,
): Promise<Reading<Output>> {
  const place = { ...about, profile: o.triedProfile, requestTimeoutMs: o.requestTimeoutMs };
  const deadline = AbortSignal.timeout(o.requestTimeoutMs * deadlineTimeouts);
  const attempt = async (): Promise<Output> => {
    const timeout = AbortSignal.timeout(o.requestTimeoutMs);
    try {
      return await send(AbortSignal.any([timeout, deadline, ...(o.signal ? [o.signal] : [])]));
    } catch (error) {
      throw timeout.aborted || deadline.aborted ? new TimedOut() : error;
    }
  };
  for (let n = 1; ; n += 1) {
    try {
      // Without the pause before the next one: what holds a turn waits for nothing but its answer.
      return known(await (o.inTurn ? o.inTurn(attempt) : attempt()));
    } catch (error) {
      if (o.signal?.aborted) return unknown(problemOf({ kind: 'interrupted' }, place));
      if (error instanceof TimedOut) return unknown(problemOf({ kind: 'timeout' }, place));
      const problem = problemOf({ kind: 'error', error }, place);
      if (n >= attempts || !isTransient(error)) return unknown(problem);
      const delayMs = Math.round(Math.min(400 * 2 ** (n - 1), 5000) * (0.75 + Math.random() / 2));
      o.emit({ kind: 'retrying', text: problem.message, delayMs });
      await o.sleep(delayMs, o.signal);
      if (o.signal?.aborted) return unknown(problemOf({ kind: 'interrupted' }, place));
    }
  }
}

class TimedOut extends Error {}

/** Throttling, trouble on AWS's side, a cut connection, and a clock that the SDK has just corrected. */
function isTransient(error: unknown): boolean {
  const { name, code, status, clockCorrected } = thrownOf(error);
  if (isThrottling(name) || clockCorrected || (status ?? 0) >= 500) return true;
  return ['ECONNRESET', 'EPIPE', 'EAI_AGAIN', 'ECONNABORTED'].includes(code ?? '');
}
