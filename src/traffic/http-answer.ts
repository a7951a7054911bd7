import type { AnswerText } from '../core/traffic/answer-marks.ts';

/** Far more than any page that names its pod near its top. */
const largestAnswer = 64 * 1024;

export type HttpProgress =
  /** More has to come. */
  | { readonly kind: 'open' }
  | { readonly kind: 'done'; readonly status: number; readonly answer: AnswerText }
  /** What came is no HTTP. */
  | { readonly kind: 'strange'; readonly said: string };

/**
 * Reads an HTTP/1 answer as it arrives (RFC 9112). A body without a length ends with the
 * connection: `ended`. Of a body larger than 64 KiB the beginning is enough. An answer that stays
 * `open` although the connection ended was cut.
 */
export function readHttp(bytes: Buffer, ended: boolean): HttpProgress {
  const text = bytes.toString('latin1');
  if (!'HTTP/1.'.startsWith(text.slice(0, 7))) {
    return { kind: 'strange', said: printable(text) };
  }
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) {
    return text.length > largestAnswer ? { kind: 'strange', said: 'a head without end' } : open;
  }
  const [first = '', ...lines] = text.slice(0, end).split('\r\n');
  const status = Number(/^HTTP\/1\.\d (\d{3})/.exec(first)?.[1]);
  if (!status) return { kind: 'strange', said: printable(first) };
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon > 0)
      headers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
  }
  const rest = bytes.subarray(end + 4);
  // An interim answer (100 Continue, 103 Early Hints) comes before the real one.
  if (status < 200) return readHttp(rest, ended);
  const body = bodyOf(rest, headers, status, ended);
  if (body === undefined) return open;
  return { kind: 'done', status, answer: { headers, body: body.toString('utf8') } };
}

const open = { kind: 'open' } as const;

const printable = (text: string): string =>
  `"${text.slice(0, 40).replaceAll(/[^\x20-\x7e]/g, '.')}"`;

/** The body where it is all there (or enough of it). */
function bodyOf(
  rest: Buffer,
  headers: Readonly<Record<string, string>>,
  status: number,
  ended: boolean,
): Buffer | undefined {
  if (status === 204 || status === 304) return rest.subarray(0, 0);
  if (rest.length >= largestAnswer) return rest.subarray(0, largestAnswer);
  if (/chunked/i.test(headers['transfer-encoding'] ?? '')) return chunks(rest);
  const length = headers['content-length'];
  if (length === undefined) return ended ? rest : undefined;
  return rest.length >= Number(length) ? rest.subarray(0, Number(length)) : undefined;
}

/** The chunks put together; undefined while the last one is missing. */
function chunks(bytes: Buffer): Buffer | undefined {
  const parts: Buffer[] = [];
  for (let at = 0; ;) {
    const line = bytes.indexOf('\r\n', at, 'latin1');
    if (line < 0) return undefined;
    const size = Number.parseInt(bytes.toString('latin1', at, line), 16);
    if (size === 0) return Buffer.concat(parts);
    if (!(size > 0) || bytes.length < line + 2 + size) return undefined;
    parts.push(bytes.subarray(line + 2, line + 2 + size));
    at = line + 2 + size + 2;
  }
}
