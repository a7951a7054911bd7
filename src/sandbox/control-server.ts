import { chmodSync, mkdirSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { control, type ControlRequest } from './control.ts';
import { SandboxUsageError } from './usage-error.ts';
import type { World } from './world.ts';

const LONGEST_BODY = 65_536;
const LONGEST_WAIT_MS = 10_000;

/** The shortest limit of the systems that have such sockets: macOS, sys/un.h. */
const LONGEST_PATH = 103;

const pathIn = (folder: string): string => join(folder, 'control', 'socket');

/** Whether the system takes a path as long as that of the socket in this folder. */
export function fitsSocket(folder: string): boolean {
  return Buffer.byteLength(pathIn(folder)) <= LONGEST_PATH;
}

/**
 * Takes orders for the world at a socket that only this user can open: a POST with a ControlRequest
 * gets a ControlState, or 422 with `message` and `hint`. Raises SandboxUsageError where the system
 * takes no path as long as that.
 */
export async function serveControl(
  world: World,
  folder: string,
): Promise<{ readonly path: string; close(): Promise<void> }> {
  const path = pathIn(folder);
  if (!fitsSocket(folder)) {
    throw new SandboxUsageError(
      `The path ${path} is too long for a socket.`,
      'Set TMPDIR to a folder with a shorter path.',
    );
  }
  // The socket has its final mode only a moment after it is there: till then the folder guards it.
  mkdirSync(join(folder, 'control'), { mode: 0o700 });
  const server = createServer(
    { requestTimeout: LONGEST_WAIT_MS, headersTimeout: LONGEST_WAIT_MS },
    (request, response) => {
      answer(world, request, response).catch(() => response.destroy());
    },
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  chmodSync(path, 0o600);
  // Never what keeps the process alive.
  server.unref();
  return {
    path,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  world: World,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LONGEST_BODY) return send(response, 413, told('The request is too long.'));
    chunks.push(chunk);
  }
  try {
    const asked = requestIn(Buffer.concat(chunks).toString());
    send(response, 200, control(world, asked));
  } catch (error) {
    if (!(error instanceof SandboxUsageError)) throw error;
    send(response, 422, told(error.message, error.hint));
  }
}

const told = (message: string, hint = ''): object => ({ message, hint });

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
  response.end(JSON.stringify(body));
}

/** The request in a body. Raises SandboxUsageError where it is not a ControlRequest. */
function requestIn(text: string): ControlRequest {
  const asked = parsed(text);
  const { verb, rules, numbers, cluster } = asked;
  const isList = (list: unknown, type: 'string' | 'number'): boolean =>
    Array.isArray(list) && list.length > 0 && list.every((item) => typeof item === type);
  const known =
    verb === 'list' ||
    (verb === 'fault' && isList(rules, 'string')) ||
    (verb === 'remove' && (numbers === 'all' || isList(numbers, 'number'))) ||
    (['pause', 'resume', 'restart'].includes(String(verb)) && typeof cluster === 'string');
  if (known) return asked as unknown as ControlRequest;
  throw new SandboxUsageError(
    'The sandbox does not know this request.',
    'Use the nlbmc with which the sandbox was started.',
  );
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
