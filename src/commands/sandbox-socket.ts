import { request } from 'node:http';
import { advice, type Hint } from '../core/model/hint.ts';
import { ProblemError } from '../core/model/problem.ts';
import type { Io } from '../io.ts';

/** Orders are carried out at once: a sandbox that takes longer hangs. */
const LONGEST_WAIT_MS = 10_000;

/** How a practice world stands: its faults in force, its controllers. */
export interface SandboxState {
  readonly faults: readonly {
    readonly number: number;
    readonly rule: string;
    readonly hits: number;
    readonly times?: number;
  }[];
  readonly controllers: readonly {
    readonly cluster: string;
    readonly version: string;
    readonly state: string;
  }[];
}

/**
 * Gives an order to the practice world whose socket NLBMC_SANDBOX_SOCKET names, and its state after
 * it. Raises ProblemError (exit 2) where there is no world, or where it refuses.
 */
export async function orderSandbox(
  order: object,
  io: Pick<Io, 'env' | 'signal'>,
): Promise<SandboxState> {
  const socketPath = io.env['NLBMC_SANDBOX_SOCKET'];
  if (!socketPath) {
    throw usage(
      'NLBMC_SANDBOX_SOCKET is not set, so no sandbox can be found.',
      advice(
        "Type this in a shell that 'nlbmc sandbox -- bash' opened, or first source the env.sh that 'nlbmc sandbox' names.",
      ),
    );
  }
  const { status, text } = await post(socketPath, JSON.stringify(order), io.signal);
  if (status === 200) return JSON.parse(text) as SandboxState;
  const { message, hint } = JSON.parse(text) as { readonly message: string; readonly hint: string };
  throw usage(message, ...(hint ? [advice(hint)] : []));
}

function post(
  socketPath: string,
  body: string,
  signal: AbortSignal | undefined,
): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(
      { socketPath, method: 'POST', ...(signal ? { signal } : {}) },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => (text += part));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
        response.on('error', (error) => reject(unreachable(socketPath, error)));
      },
    );
    sent.setTimeout(LONGEST_WAIT_MS, () => sent.destroy(new Error('it gave no answer')));
    sent.on('error', (error) => reject(unreachable(socketPath, error)));
    sent.end(body);
  });
}

/** What an error of the socket means to a person. */
function unreachable(path: string, error: NodeJS.ErrnoException): ProblemError {
  const why: Readonly<Record<string, string>> = {
    ENOENT: 'The sandbox has ended',
    ECONNREFUSED: 'The sandbox has ended',
    EACCES: 'The sandbox belongs to another user',
  };
  return usage(
    `${why[error.code ?? ''] ?? `The sandbox cannot be reached (${error.message})`}: ${path}`,
    advice("Start one with 'nlbmc sandbox', and source the env.sh that it names."),
  );
}

const usage = (message: string, ...hints: readonly Hint[]): ProblemError =>
  new ProblemError({ code: 'usage', message, hints });
