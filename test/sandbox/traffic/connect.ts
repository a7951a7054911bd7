import { request } from 'node:http';
import { connect, type Socket } from 'node:net';

/** What one request on a new connection came to: the pod that answered, or why none did. */
export interface Outcome {
  readonly pod: string;
  readonly cluster: string;
  readonly error: string;
}

/** One GET on a connection of its own; `silent` when no answer came in time. */
export function ask(address: string, path = '/', patienceMs = 120_000): Promise<Outcome> {
  return new Promise((resolve) => {
    const [host, port] = address.split(':');
    const outcome = (error: string): void => resolve({ pod: '', cluster: '', error });
    const headers = { 'user-agent': 'test/1' };
    const asked = request({ host, port, path, headers, agent: false }, (answer) => {
      answer.resume();
      const of = (name: string): string => String(answer.headers[name] ?? '');
      resolve({ pod: of('x-pod'), cluster: of('x-cluster'), error: '' });
    });
    asked.setTimeout(patienceMs, () => {
      outcome('silent');
      asked.destroy();
    });
    asked.on('error', (error: NodeJS.ErrnoException) => outcome(error.code ?? error.message));
    asked.end();
  });
}

/** `count` connections, forty at a time. */
export async function askMany(address: string, count: number, path = '/'): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  let started = 0;
  const line = async (): Promise<void> => {
    while (started++ < count) outcomes.push(await ask(address, path));
  };
  await Promise.all(Array.from({ length: 40 }, line));
  return outcomes;
}

export function countBy<T>(list: readonly T[], key: (one: T) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const one of list) counts[key(one)] = (counts[key(one)] ?? 0) + 1;
  return counts;
}

/** Expects a count that fair dice would give: within five standard deviations. */
export function expectShare(count: number | undefined, of: number, share: number): void {
  const noise = 5 * Math.sqrt(of * share * (1 - share));
  expect(Math.abs((count ?? 0) - of * share)).toBeLessThan(noise);
}

/** A connection that stays open, for one request after the other. */
export class OpenConnection {
  readonly socket: Socket;
  /** Resolves when it ends: `closed`, or the code of the error. */
  readonly end: Promise<string>;
  #text = '';
  #wake: (() => void) | undefined;

  constructor(address: string) {
    const [host, port] = address.split(':');
    this.socket = connect(Number(port), host);
    this.socket.setEncoding('utf8').on('data', (text) => {
      this.#text += text;
      this.#wake?.();
    });
    this.end = new Promise((resolve) => {
      this.socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
      this.socket.on('close', () => {
        resolve('closed');
        this.#wake?.();
      });
    });
  }

  /** Sends a GET and gives the body of its answer; empty when the connection ended instead. */
  async ask(path = '/'): Promise<string> {
    this.#text = '';
    this.socket.write(`GET ${path} HTTP/1.1\r\nHost: test\r\n\r\n`);
    while (!/\r\n\r\n.*\n/s.test(this.#text) && !this.socket.closed) {
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    return /\r\n\r\n(.*)\n/s.exec(this.#text)?.[1] ?? '';
  }
}
