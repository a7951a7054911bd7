import type { Code } from './codes.ts';
import type { Problem } from './problem.ts';

/** What a check found. A skip is shown with its reason; it is never a pass. */
export type Finding =
  | { readonly kind: 'pass' }
  | { readonly kind: 'fail'; readonly problems: readonly Problem[] }
  | { readonly kind: 'skip'; readonly reason: string };

/**
 * A true-or-false statement about what was observed. The title is a true sentence with a tick
 * before it. `blocker`: refuses; `caution`: asks; `unknown`: a fact that is needed was not read.
 */
export interface Check<Subject> {
  readonly id: Code;
  readonly title: string;
  readonly severity: 'blocker' | 'caution';
  run(subject: Subject): Finding;
}
