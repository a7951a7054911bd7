import { apiVersionOf } from './resources.ts';
import type { ResourceDef, Subresource } from './resources.ts';

/** The path of a collection (`name` empty) or an object, as a client would request it. */
export function pathOf(
  def: ResourceDef,
  namespace: string,
  name: string,
  subresource?: Subresource,
): string {
  const root = def.group ? '/apis' : '/api';
  const within = def.namespaced && namespace ? `/namespaces/${namespace}` : '';
  const end = [name, subresource].filter(Boolean).map((part) => `/${part}`);
  return `${root}/${apiVersionOf(def)}${within}/${def.plural}${end.join('')}`;
}
