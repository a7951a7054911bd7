import type { ServerResponse } from 'node:http';
import type { Answer, Sink } from './exchange.ts';

function sinkOf(response: ServerResponse): Sink {
  return {
    write: (text) => void response.write(text),
    end: () => void response.end(),
    onEnd: (fn) => void response.once('close', fn),
  };
}

/** Puts an answer on the wire; `warnings` go out as Warning headers. */
export function send(response: ServerResponse, answer: Answer, warnings: readonly string[]): void {
  if (response.destroyed) return;
  const said = warnings.map((warning) => `299 - ${JSON.stringify(warning)}`);
  if (said.length > 0) response.setHeader('Warning', said);
  response.setHeader('Cache-Control', 'no-cache, private');
  if (answer.kind === 'stream') {
    response.writeHead(200, { 'Content-Type': answer.type });
    response.flushHeaders();
    answer.start(sinkOf(response));
    return;
  }
  const [text, type] =
    answer.kind === 'json'
      ? [JSON.stringify(answer.body), answer.type ?? 'application/json']
      : [answer.text, answer.type ?? 'text/plain; charset=utf-8'];
  if (answer.status === 429) response.setHeader('Retry-After', '1');
  response.writeHead(answer.status, {
    'Content-Type': type,
    'Content-Length': Buffer.byteLength(text),
  });
  response.end(text);
}
