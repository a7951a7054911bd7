import net from 'node:net';
import tls from 'node:tls';
import type { AnswerText } from '../core/traffic/answer-marks.ts';
import type { AttemptResult } from '../core/plan/traffic.ts';
import { failed, failureOf } from './failure.ts';
import { readHttp } from './http-answer.ts';

/** What is said over a connection, and what is expected back. */
export type Speech =
  | { readonly kind: 'http'; readonly path: string; readonly host: string }
  /** Anything else over TCP; without `expect` the connection itself is the answer. */
  | { readonly kind: 'plain'; readonly send?: string; readonly expect?: RegExp };

export interface Line {
  readonly address: string;
  readonly port: number;
  /** Speak TLS, to a server of that name, trusting these authorities besides none. */
  readonly tls?: { readonly serverName: string; readonly ca?: string };
  readonly speech: Speech;
  /** For all of it, the answer included. */
  readonly timeoutMs: number;
  readonly now: () => number;
  readonly marks: (answer: AnswerText) => readonly string[] | undefined;
}

export interface Exchange {
  readonly connectMs?: number;
  readonly totalMs: number;
  readonly result: AttemptResult;
}

/** Long enough for a reset that follows a connection to a target which refuses. */
const lingerMs = 250;

/**
 * Opens one connection, has one exchange over it, and closes it. Never rejects. The second value
 * gives it up at once. Deadlines run on real time, as those of a request do.
 */
export function openConnection(line: Line): readonly [Promise<Exchange>, () => void] {
  const { address, port, speech, now } = line;
  const to = `${net.isIPv6(address) ? `[${address}]` : address}:${port}`;
  const started = now();
  let giveUp = (): void => undefined;
  const exchange = new Promise<Exchange>((resolve) => {
    let connectMs: number | undefined;
    let ready = false;
    let bytes = Buffer.alloc(0);
    const socket = line.tls
      ? tls.connect({ host: address, port, ...secure(line.tls) })
      : net.connect({ host: address, port });
    const deadline = AbortSignal.timeout(line.timeoutMs);
    const settle = (result: AttemptResult): void => {
      deadline.removeEventListener('abort', onDeadline);
      socket.destroy();
      resolve({
        ...(connectMs === undefined ? {} : { connectMs }),
        totalMs: now() - started,
        result,
      });
    };
    const answered = (answer: AnswerText): void => {
      const marks = line.marks(answer);
      // Copied: a match is a slice that would keep the whole page it was found in.
      settle({ kind: 'answered', ...(marks ? { marks: marks.map(copyOf) } : {}) });
    };
    const onDeadline = (): void =>
      settle(
        failed(
          'timeout',
          connectMs === undefined
            ? `${to} did not connect within ${line.timeoutMs / 1000} s`
            : `${to} connected and did not answer within ${line.timeoutMs / 1000} s`,
        ),
      );
    const look = (ended: boolean): void => {
      if (speech.kind === 'plain') return lookPlain(ended);
      const progress = readHttp(bytes, ended);
      if (progress.kind === 'strange') {
        settle(failed('bad-answer', `${to} answered ${progress.said}, which is not HTTP`));
      } else if (progress.kind === 'done' && progress.status >= 500) {
        settle(failed('bad-answer', `${to} answered with status ${progress.status}`));
      } else if (progress.kind === 'done') answered(progress.answer);
      else if (ended) settle(failed('closed-early', `${to} closed before the end of its answer`));
    };
    const lookPlain = (ended: boolean): void => {
      if (speech.kind !== 'plain') return;
      const body = bytes.toString('utf8');
      if (speech.expect?.test(body)) return answered({ headers: {}, body });
      if (!ended) return;
      if (speech.expect && body !== '')
        settle(failed('bad-answer', `${to} did not say what was expected`));
      else if (body === '') settle(failed('closed-early', `${to} closed without a word`));
      else answered({ headers: {}, body });
    };
    deadline.addEventListener('abort', onDeadline, { once: true });
    giveUp = () => settle({ kind: 'interrupted' });
    socket.on('connect', () => (connectMs = now() - started));
    socket.on(line.tls ? 'secureConnect' : 'connect', () => {
      ready = true;
      const words = speech.kind === 'http' ? request(speech) : speech.send;
      if (words !== undefined) socket.write(words);
      if (speech.kind === 'plain' && !speech.expect) {
        AbortSignal.timeout(lingerMs).addEventListener('abort', () =>
          answered({ headers: {}, body: bytes.toString('utf8') }),
        );
      }
    });
    socket.on('data', (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
      look(false);
    });
    socket.on('end', () => {
      if (ready) look(true);
      else settle(failed('closed-early', `${to} closed during the TLS handshake`));
    });
    socket.on('error', (error) =>
      settle(failureOf(error, line.tls !== undefined && connectMs !== undefined && !ready, to)),
    );
    socket.on('close', () => settle(failed('closed-early', `${to} closed the connection`)));
  });
  return [exchange, () => giveUp()];
}

const copyOf = (text: string): string => Buffer.from(text).toString();

const request = ({ path, host }: Extract<Speech, { kind: 'http' }>): string =>
  `GET ${path} HTTP/1.1\r\nhost: ${host}\r\nuser-agent: nlbmc\r\naccept: */*\r\nconnection: close\r\n\r\n`;

/** An address is no name for SNI (RFC 6066); the certificate is compared with it all the same. */
function secure({ serverName, ca }: NonNullable<Line['tls']>): tls.ConnectionOptions {
  return {
    ...(net.isIP(serverName)
      ? {
          checkServerIdentity: (_, certificate) => tls.checkServerIdentity(serverName, certificate),
        }
      : { servername: serverName }),
    ...(ca === undefined ? {} : { ca }),
  };
}
