import { AwsError } from '../state/error.ts';
import { canonical } from '../state/addresses.ts';
import type { State } from '../state/state.ts';

/** An EC2 filter: any of the values, all of the filters. */
export interface Filter {
  readonly Name?: string;
  readonly Values?: readonly string[];
}

/** What a resource answers to each filter name. */
export type Fields<T> = Readonly<Record<string, (item: T) => readonly (string | undefined)[]>>;

/** EC2's wildcards: `*` for any text, `?` for one character, backslash for the character itself. */
function pattern(value: string): RegExp {
  const source = value.replace(/\\(.)|([*?])|([\s\S])/g, (_, escaped, wild, plain) => {
    if (wild) return wild === '*' ? '[\\s\\S]*' : '[\\s\\S]';
    return ((escaped ?? plain) as string).replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
  });
  return new RegExp(`^${source}$`);
}

/**
 * The items that pass all filters. `tag:KEY` and `tag-key` work for everything with an id; a name
 * that is neither that nor in `fields` is InvalidParameterValue.
 */
export function filtered<T>(
  state: State,
  items: readonly T[],
  filters: readonly Filter[] = [],
  idOf: (item: T) => string,
  fields: Fields<T>,
): T[] {
  let left = [...items];
  for (const { Name: name = '', Values: values = [] } of filters) {
    const field = fieldOf(state, name, idOf, fields);
    if (!field) throw new AwsError('InvalidParameterValue', `The filter '${name}' is invalid`);
    // IPv6 addresses are found whatever way they are written.
    const patterns = values.map((value) => pattern(canonical(value)));
    left = left.filter((item) =>
      field(item).some(
        (text) => text !== undefined && patterns.some((one) => one.test(canonical(text))),
      ),
    );
  }
  return left;
}

function fieldOf<T>(
  state: State,
  name: string,
  idOf: (item: T) => string,
  fields: Fields<T>,
): ((item: T) => readonly (string | undefined)[]) | undefined {
  if (name === 'tag-key') return (item) => [...(state.tags.get(idOf(item))?.keys() ?? [])];
  if (name.startsWith('tag:')) return (item) => [state.tags.get(idOf(item))?.get(name.slice(4))];
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

/**
 * The items with these ids, in the order of the account; all without ids. The first unknown id
 * fails the call with the code and words of its kind.
 */
export function named<T>(
  byId: ReadonlyMap<string, T>,
  ids: readonly string[] | undefined,
  code: string,
  words: (id: string) => string,
): T[] {
  if (!ids || ids.length === 0) return [...byId.values()];
  const unknown = ids.find((id) => !byId.has(id));
  if (unknown !== undefined) throw new AwsError(code, words(unknown));
  return [...byId].filter(([id]) => ids.includes(id)).map(([, item]) => item);
}
