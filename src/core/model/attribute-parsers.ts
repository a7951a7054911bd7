/** An item of the annotation: as it is written, with spaces and escapes, and as it is read. */
export interface Item {
  readonly raw: string;
  readonly key: string;
  readonly value: string;
}

/** An item that the controller cannot read: it then stops reconciling the Service. */
export interface Unreadable {
  readonly kind: 'unreadable';
  readonly item: string;
}

const SPACE =
  '[\\t\\n\\v\\f\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]';
const ends = new RegExp(`^${SPACE}+|${SPACE}+$`, 'g');

/** As Go's strings.TrimSpace, which knows other white space than JavaScript's trim. */
export const trimSpace = (text: string): string => text.replace(ends, '');

/** Takes the item apart at its first `=`; undefined: none, or no key before it. */
function itemOf(raw: string, text: string, trim: (part: string) => string): Item | undefined {
  const at = text.indexOf('=');
  const key = trim(text.slice(0, Math.max(at, 0)));
  return at < 0 || key === '' ? undefined : { raw, key, value: trim(text.slice(at + 1)) };
}

const itemsOf = (
  parts: readonly { readonly raw: string; readonly text: string }[],
  trim: (part: string) => string,
): readonly Item[] | Unreadable => {
  const items: Item[] = [];
  for (const { raw, text } of parts) {
    const item = itemOf(raw, text, trim);
    if (!item) return { kind: 'unreadable', item: trimSpace(raw) };
    items.push(item);
  }
  return items;
};

/**
 * The parser of controllers before v2.14.1 (`pkg/annotations/parser.go`): empty items do not count,
 * items are trimmed and their keys and values are not, and a backslash is a character like others.
 */
export const parseOld = (text: string): readonly Item[] | Unreadable =>
  itemsOf(
    text
      .split(',')
      .map((raw) => ({ raw, text: trimSpace(raw) }))
      .filter((part) => part.text !== ''),
    (part) => part,
  );

/**
 * The parser since v2.14.1 (`pkg/annotations/parser.go`): a backslash takes the next character as it
 * is, before `=` is looked for, so an escaped `=` divides like any other. A comma ends an item where
 * an `=` follows anywhere; the last comma before nothing is a part of the value.
 */
export function parseNew(text: string): readonly Item[] | Unreadable {
  const parts: { raw: string; text: string }[] = [];
  let start = 0;
  let read = '';
  const end = (at: number): void => {
    parts.push({ raw: text.slice(start, at), text: trimSpace(read) });
    start = at + 1;
    read = '';
  };
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === '\\' && at + 1 < text.length) {
      at += 1;
      read += text.charAt(at);
      continue;
    }
    const rest = char === ',' ? text.slice(at + 1) : '';
    if (trimSpace(rest) === '') read += char;
    else if (rest.includes('=')) end(at);
    else return { kind: 'unreadable', item: trimSpace(rest) };
  }
  if (read !== '') end(text.length);
  return itemsOf(parts, trimSpace);
}
