import { InvalidArgumentError } from '@commander-js/extra-typings';
import { type ConnectTo, parseConnectTo } from '../core/model/connect-to.ts';
import type { Connections, Identify } from '../core/plan/traffic.ts';
import { ENOUGH } from './traffic-words.ts';
import { decimal, parseCount } from './values.ts';

/** A regular expression; one that does not parse is refused with JavaScript's reason. */
export function parsePattern(text: string): RegExp {
  try {
    return new RegExp(text);
  } catch (error) {
    throw new InvalidArgumentError(`${(error as Error).message}.`);
  }
}

/** A number of connections; `enough`: by the number of clusters. */
export const parseConnections = (text: string): Connections =>
  text === ENOUGH ? ENOUGH : parseCount(1)(text);

/** `header:NAME`, `body:REGEX` or `logs`. */
export function parseIdentify(text: string): Identify {
  if (text === 'logs') return { kind: 'logs' };
  const [, kind, value = ''] = /^(header|body):(.+)$/s.exec(text) ?? [];
  // The characters of a field name (RFC 9110, token).
  if (kind === 'header' && /^[\w!#$%&'*+.^`|~-]+$/.test(value)) return { kind, name: value };
  if (kind === 'body') return { kind, pattern: parsePattern(value).source };
  throw new InvalidArgumentError('Write header:NAME, body:REGEX or logs.');
}

/** Where connections go instead; repeatable. */
export function parseConnection(text: string, previous: readonly ConnectTo[] | undefined) {
  const rule = parseConnectTo(text);
  if (!rule) {
    throw new InvalidArgumentError('Write ADDRESS:PORT or HOST:PORT:ADDRESS:PORT, IPv6 in [].');
  }
  return [...(previous ?? []), rule];
}

const escapes: Readonly<Record<string, string>> = {
  r: '\r',
  n: '\n',
  t: '\t',
  '0': '\0',
  '\\': '\\',
};

/** Text to send, in which `\r`, `\n`, `\t`, `\0`, `\\` and `\xHH` stand for what they do in C. */
export const parseText = (text: string): string =>
  text.replaceAll(/\\(?:x([0-9a-fA-F]{2})|([rnt0\\]))/g, (_, hex?: string, letter = '') =>
    hex === undefined ? (escapes[letter] ?? '') : String.fromCharCode(Number.parseInt(hex, 16)),
  );

/** Percentage points from 0 to 100. */
export function parsePercent(text: string): number {
  const percent = decimal(text);
  if (!(percent >= 0 && percent <= 100)) {
    throw new InvalidArgumentError('Write a number from 0 to 100.');
  }
  return percent;
}

/** The words of a command, as `wordsFor` has put them together. */
export function parseCommand(text: string): readonly string[] {
  try {
    return JSON.parse(text) as string[];
  } catch {
    throw new InvalidArgumentError(
      'Write the command after it, as the last words of the command line.',
    );
  }
}
