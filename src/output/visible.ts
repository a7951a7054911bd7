import { visibleText } from '../core/model/control-characters.ts';

/** Commands keep their words as they are to be typed: they are quoted where they are spelled. */
const isCommand = (value: object): boolean =>
  ('kind' in value && value.kind === 'tool' && 'argv' in value) ||
  ('kind' in value && value.kind === 'nlbmc' && 'options' in value);

/**
 * A copy of data in which every text prints as it is, for the lines that people read: values come
 * from clusters, contexts and flags, and may hold anything. What is one object stays one.
 */
export function visible<T>(data: T): T {
  const copies = new Map<object, unknown>();
  const copy = (value: unknown): unknown => {
    if (typeof value === 'string') return visibleText(value);
    if (typeof value !== 'object' || value === null || isCommand(value)) return value;
    const known = copies.get(value);
    if (known !== undefined) return known;
    const made: unknown = Array.isArray(value)
      ? value.map((item) => copy(item))
      : Object.fromEntries(
          Object.entries(value).map(([name, item]) => [visibleText(name), copy(item)]),
        );
    copies.set(value, made);
    return made;
  };
  return copy(data) as T;
}
