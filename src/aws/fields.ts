import type { Reading } from '../core/model/problem.ts';
import { known, unknown } from '../core/model/problem.ts';
import type { AboutCall } from './connect.ts';
import { malformed } from './problem.ts';

/**
 * The list that an answer must have, even if it is empty: an answer without it is not "none" but no
 * answer (an endpoint that is not AWS, a body cut short).
 */
export function listIn<Output, Item>(
  answer: Reading<Output>,
  pick: (output: Output) => readonly Item[] | undefined,
  about: AboutCall,
): Reading<readonly Item[]> {
  if (!answer.ok) return answer;
  const list = pick(answer.value);
  return list ? known(list) : unknown(malformed(about));
}

/** Tags or attributes, which AWS gives as a list of keys and values. */
export const mapOf = (
  pairs: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[],
): Readonly<Record<string, string>> =>
  Object.fromEntries(pairs.map(({ Key, Value }) => [Key ?? '', Value ?? '']));

/** Reads all pages: `read` gets the marker of the page, and gives its items and the next marker. */
export async function allPages<Item>(
  read: (
    marker: string | undefined,
  ) => Promise<Reading<{ items: readonly Item[]; next?: string | undefined }>>,
): Promise<Reading<readonly Item[]>> {
  const items: Item[] = [];
  let marker: string | undefined;
  do {
    const page = await read(marker);
    if (!page.ok) return page;
    items.push(...page.value.items);
    marker = page.value.next || undefined;
  } while (marker !== undefined);
  return known(items);
}

/** The items in groups of at most `size`. */
export function groupsOf<Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] {
  const groups: Item[][] = [];
  for (let at = 0; at < items.length; at += size) groups.push(items.slice(at, at + size));
  return groups;
}
