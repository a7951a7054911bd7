import type { Problem } from '../core/model/problem.ts';
import type { Json } from './json.ts';

/** Why a request has no good answer, before it becomes a Problem. */
export type Failure =
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly body: Json | undefined;
      readonly text: string;
      readonly retryAfterMs?: number;
    }
  /** The connection failed; `code` is Node's, such as ECONNREFUSED. */
  | { readonly kind: 'connection'; readonly code: string; readonly message: string }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'interrupted' }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'malformed'; readonly text: string }
  /** It was never sent: there is no credential to send it with. */
  | { readonly kind: 'no-credential'; readonly problem: Problem };

/** What a request is about, for messages: what a person's rights are spelled with. */
export interface Subject {
  readonly verb: 'get' | 'list' | 'watch' | 'create' | 'patch' | 'delete';
  /** Plural, such as `services`. */
  readonly resource: string;
  /** Such as `status`: a right of its own. */
  readonly subresource?: string;
  /** API group; absent for the core group. */
  readonly group?: string;
  readonly namespace?: string;
  readonly name?: string;
}
