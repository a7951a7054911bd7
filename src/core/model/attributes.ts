import { parseFlag } from './annotations.ts';
import { type Item, parseNew, parseOld, trimSpace } from './attribute-parsers.ts';

/** The attribute that guards the load balancer, in the annotation and in AWS alike. */
export const protectionAttribute = 'deletion_protection.enabled';

/**
 * Which controllers read the annotation: one that is known to be v2.14.1 or later (`new`), or one
 * that may be older, too (`any`): then both parsers have to agree.
 */
export type Reader = 'new' | 'any';

/** Why the annotation cannot be edited safely: the item, as it is written there. */
export interface MalformedAttributes {
  readonly kind: 'malformed';
  readonly item: string;
  readonly reason: string;
}

const malformed = (item: string, reason: string): MalformedAttributes => ({
  kind: 'malformed',
  item,
  reason,
});

/**
 * The items of `aws-load-balancer-attributes`, in order, as the newer parser reads them; or the item
 * that a controller would refuse, that AWS would refuse, or that is not safe beside another one. The
 * last of two equal keys wins. Absent or `''`: no items.
 */
export function attributeItems(
  text: string | undefined,
  reader: Reader = 'any',
): readonly Item[] | MalformedAttributes {
  if (text === undefined || text === '') return [];
  if (text.endsWith('\\')) return malformed(text, 'it ends in a backslash');
  const escaped = /[^,]*\\=[^,]*/.exec(text.replaceAll('\\\\', '__'));
  if (escaped) {
    const item = text.slice(escaped.index, escaped.index + escaped[0].length);
    return malformed(
      trimSpace(item),
      'its "=" is escaped, and the controller splits the item there all the same',
    );
  }
  const items = parseNew(text);
  const old = reader === 'new' ? [] : parseOld(text);
  for (const part of text.split(',')) {
    if (trimSpace(part) === '') return malformed(part, 'an item is empty');
    if (part.trim().includes('\n')) return malformed(part.trim(), 'a newline does not end an item');
  }
  for (const read of [items, old]) {
    if (!('kind' in read)) continue;
    const { item } = read;
    return malformed(item, item.includes('=') ? 'it has no key' : 'it has no "="');
  }
  return 'kind' in items ? [] : items;
}

/** The values that the parsers give the item, one each; undefined: it is not there. */
function protections(
  text: string | undefined,
  reader: Reader,
): readonly (string | undefined)[] | undefined {
  if ('kind' in attributeItems(text, reader) || text === undefined) return undefined;
  return (reader === 'new' ? [parseNew] : [parseNew, parseOld]).map((parse) => {
    const items = parse(text);
    return 'kind' in items
      ? undefined
      : items.findLast(({ key }) => key === protectionAttribute)?.value;
  });
}

const everyIs = (text: string | undefined, reader: Reader, wanted: boolean): boolean =>
  protections(text, reader)?.every((value) => parseFlag(value ?? '') === wanted) === true;

/** Whether the annotation protects the load balancer, for every controller that may read it. */
export const protectsDeletion = (text: string | undefined, reader: Reader = 'any'): boolean =>
  everyIs(text, reader, true);

/** Whether the annotation has the item and it says no, for every controller that may read it. */
export const refusesProtection = (text: string | undefined, reader: Reader = 'any'): boolean =>
  everyIs(text, reader, false);

/** Whether the annotation has the item, for any controller that may read it. */
export const mentionsProtection = (text: string | undefined, reader: Reader = 'any'): boolean =>
  protections(text, reader)?.some((value) => value !== undefined) === true;

/** Its item edited in place (the last of several, the one that wins) or added at the end. */
function edited(
  text: string | undefined,
  reader: Reader,
  value: 'true' | 'false',
): string | MalformedAttributes {
  const items = attributeItems(text, reader);
  if ('kind' in items) return items;
  if (text !== undefined && everyIs(text, reader, value === 'true')) return text;
  const wanted = `${protectionAttribute}=${value}`;
  const winner = items.findLastIndex(({ key }) => key === protectionAttribute);
  const found = items[winner]?.raw ?? '';
  if (reader === 'any' && found.includes('\\')) {
    return malformed(
      trimSpace(found),
      'controllers before 2.14.1 read its backslash as a character',
    );
  }
  const raws = items.map(({ raw }, index) => (index === winner ? wanted : raw));
  const after = (winner < 0 ? [...raws, wanted] : raws).join(',');
  // An older parser may find another one behind it, after a comma that the newer one passes over.
  if (everyIs(after, reader, value === 'true')) return after;
  return malformed(text ?? '', `controllers read a second ${protectionAttribute} in it`);
}

/**
 * The annotation with deletion protection off, written out: the controller sets what the annotation
 * has, and a dropped item would leave AWS as it is
 * (`pkg/deploy/elbv2/load_balancer_attributes_reconciler.go`). Every other item stays byte for byte.
 */
export const withoutProtection = (
  text: string | undefined,
  reader: Reader = 'any',
): string | MalformedAttributes => edited(text, reader, 'false');

/**
 * The annotation with deletion protection on: its item edited in place (the last of several, the
 * one that wins) or added at the end; every other item byte for byte, unchanged when on already.
 */
export const withProtection = (
  text: string | undefined,
  reader: Reader = 'any',
): string | MalformedAttributes => edited(text, reader, 'true');
