import type { ObjectName } from './kubernetes.ts';

/**
 * What the API server answers to a rehearsed change of a multi-cluster binding that changes nothing.
 * `refused`: the controller's webhook, since another binding of the target group is exclusive; it names
 * all others. `accepted`; `heard`: the same webhook refused a change that it never allows, so it was called.
 */
export type SiblingAnswer =
  | { readonly kind: 'refused'; readonly bindings: readonly ObjectName[] }
  | { readonly kind: 'accepted'; readonly heard: boolean };
