import { AwsError } from './error.ts';
import type { State } from './state.ts';
import type { Tag } from './tag.ts';

/** The tags of a resource, as lists go in both services. */
export function tagList(state: State, id: string): Tag[] {
  return [...(state.tags.get(id) ?? [])].map(([Key, Value]) => ({ Key, Value }));
}

/**
 * Adds tags to a resource; a key that is there takes the new value.
 * Refuses one key given twice (DuplicateTagKeys) and more than 50 tags (TooManyTags).
 */
export function putTags(
  state: Pick<State, 'tags' | 'limits'>,
  id: string,
  tags: readonly Tag[] = [],
): void {
  const keys = new Set<string>();
  for (const { Key } of tags) {
    if (keys.has(Key)) {
      throw new AwsError('DuplicateTagKeys', `Tag key was specified more than once: ${Key}`);
    }
    keys.add(Key);
  }
  const merged = new Map(state.tags.get(id));
  for (const { Key, Value } of tags) merged.set(Key, Value ?? '');
  if (merged.size > state.limits.tagsPerResource) {
    throw new AwsError(
      'TooManyTags',
      "You've reached the limit on the number of tags per load balancer",
    );
  }
  state.tags.set(id, merged);
}
