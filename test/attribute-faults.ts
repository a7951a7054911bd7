import { parseFlag } from '../src/core/model/annotations.ts';
import {
  attributeItems,
  protectionAttribute,
  protectsDeletion,
  type Reader,
  withProtection,
} from '../src/core/model/attributes.ts';

/** What a parser of a controller makes of a text; undefined: an error. */
export type Read = (text: string) => Readonly<Record<string, string>> | undefined;

const without = (read: Readonly<Record<string, string>>): string =>
  JSON.stringify(
    Object.entries(read)
      // Before v2.14.1 a space before `=` belonged to the key, which AWS then refused.
      .filter(([key]) => key.trim() !== protectionAttribute)
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );

/**
 * Where nlbmc and the controllers that read the annotation disagree about a text: accepted and not
 * readable, called protected and not protected, or edited so that something else changes.
 */
export function attributeFaults(
  text: string,
  reader: Reader,
  parsers: readonly Read[],
): readonly string[] {
  const say = (what: string): string => `${JSON.stringify(text)} (${reader}): ${what}`;
  if ('kind' in attributeItems(text, reader)) return [];
  const after = withProtection(text, reader);
  return parsers.flatMap((parse) => {
    const before = parse(text);
    if (!before) return [say('accepted, and the controller cannot read it')];
    const on = parseFlag(before[protectionAttribute] ?? '') === true;
    if (protectsDeletion(text, reader) && !on) return [say('called protected, and is not')];
    if (typeof after !== 'string') return [];
    const then = parse(after);
    if (parseFlag(then?.[protectionAttribute] ?? '') !== true || !then) {
      return [say(`becomes ${JSON.stringify(after)}, which does not protect`)];
    }
    return without(then) === without(before)
      ? []
      : [say(`becomes ${JSON.stringify(after)}, which changes another attribute`)];
  });
}
