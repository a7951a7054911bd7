import { parseFlag } from './annotations.ts';

/** The attribute that guards the load balancer, in the annotation and in AWS alike. */
export const protectionAttribute = 'deletion_protection.enabled';

/** Why the annotation cannot be edited safely: the item, as it is written there. */
export interface MalformedAttributes {
  readonly kind: 'malformed';
  readonly item: string;
  readonly reason: string;
}

interface Item {
  /** As written, with spaces. */
  readonly raw: string;
  readonly key: string;
  readonly value: string;
}

const unescape = (text: string): string => text.replace(/\\([\s\S])/g, '$1').trim();

/** Where the key ends, escaped characters passed over; -1: nowhere. */
const equalsAt = (raw: string): number => raw.replace(/\\[\s\S]/g, '__').indexOf('=');

/** Splits as LBC since v2.14.1: a comma after a backslash does not end an item. */
const splitNew = (text: string): readonly string[] => text.match(/(?:\\[\s\S]|[^,\\])+/g) ?? [];

const malformed = (item: string, reason: string): MalformedAttributes => ({
  kind: 'malformed',
  item,
  reason,
});

/**
 * The items of `aws-load-balancer-attributes`, in order, or the item that one of the controller's
 * two parsers would refuse, or read as something that AWS refuses. Since v2.14.1 a backslash
 * escapes, spaces around `=` do not count, and an empty item, an item without `=` or a blank text
 * is an error, while a trailing comma becomes part of the value; before, empty items were ignored
 * and a backslash was a character (`pkg/annotations/parser.go`). The last of two equal keys wins.
 * Absent or `''`: no items.
 */
export function attributeItems(text: string | undefined): readonly Item[] | MalformedAttributes {
  if (text === undefined || text === '') return [];
  if (text.endsWith('\\')) return malformed(text, 'it ends in a backslash');
  for (const part of text.split(',')) {
    if (part.trim() === '') return malformed(part, 'an item is empty');
    if (part.trim().includes('\n')) return malformed(part.trim(), 'a newline does not end an item');
    const at = part.indexOf('=');
    if (at < 0) return malformed(part.trim(), 'it has no "="');
    if (part.slice(0, at).trim() === '') return malformed(part.trim(), 'it has no key');
  }
  const items: Item[] = [];
  for (const raw of splitNew(text)) {
    const at = equalsAt(raw);
    if (at < 0) return malformed(raw.trim(), 'its "=" is escaped');
    items.push({ raw, key: unescape(raw.slice(0, at)), value: unescape(raw.slice(at + 1)) });
  }
  return items;
}

/** The value that the parser before v2.14.1 gives a key: it trims items, but not around `=`. */
const oldValue = (text: string, key: string): string | undefined =>
  text
    .split(',')
    .map((part) => part.trim())
    .findLast((part) => part.startsWith(`${key}=`))
    ?.slice(key.length + 1);

/** Whether the annotation protects the load balancer, for every version of the controller. */
export function protectsDeletion(text: string | undefined): boolean {
  const items = attributeItems(text);
  if ('kind' in items || text === undefined) return false;
  const value = items.findLast(({ key }) => key === protectionAttribute)?.value ?? '';
  return parseFlag(value) === true && parseFlag(oldValue(text, protectionAttribute) ?? '') === true;
}

/** Whether the annotation has the item and it says no, for every version of the controller. */
export function refusesProtection(text: string | undefined): boolean {
  const items = attributeItems(text);
  if ('kind' in items || text === undefined) return false;
  const value = items.findLast(({ key }) => key === protectionAttribute)?.value;
  const older = oldValue(text, protectionAttribute);
  return parseFlag(value ?? '') === false && parseFlag(older ?? '') === false;
}

/** Whether the annotation has the item, for any version of the controller. */
export function mentionsProtection(text: string | undefined): boolean {
  const items = attributeItems(text);
  if ('kind' in items || text === undefined) return false;
  return (
    items.some(({ key }) => key === protectionAttribute) ||
    oldValue(text, protectionAttribute) !== undefined
  );
}

/** Its item edited in place (the last of several, the one that wins) or added at the end. */
function edited(items: readonly Item[], value: 'true' | 'false'): string {
  const wanted = `${protectionAttribute}=${value}`;
  const winner = items.findLastIndex(({ key }) => key === protectionAttribute);
  const raws = items.map(({ raw }, index) => (index === winner ? wanted : raw));
  return (winner < 0 ? [...raws, wanted] : raws).join(',');
}

/**
 * The annotation with deletion protection off, said aloud: the controller sets what the annotation
 * has, and a dropped item would leave AWS as it is
 * (`pkg/deploy/elbv2/load_balancer_attributes_reconciler.go`). Every other item stays byte for byte.
 */
export function withoutProtection(text: string | undefined): string | MalformedAttributes {
  const items = attributeItems(text);
  if ('kind' in items) return items;
  if (text !== undefined && refusesProtection(text)) return text;
  return edited(items, 'false');
}

/**
 * The annotation with deletion protection on: its item edited in place (the last of several, the
 * one that wins) or added at the end; every other item byte for byte, unchanged when on already.
 */
export function withProtection(text: string | undefined): string | MalformedAttributes {
  const items = attributeItems(text);
  if ('kind' in items) return items;
  if (text !== undefined && protectsDeletion(text)) return text;
  return edited(items, 'true');
}
