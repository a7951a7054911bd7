import type { KubeDocument, Rehearsal } from './plan.ts';
import type { Reading } from './problem.ts';

/**
 * What the server made of a rehearsal (a request with dryRun=All). The document is the object as
 * it would have been stored; undefined where only acceptance matters (a Service).
 */
export interface Echo {
  readonly rehearsal: Rehearsal;
  readonly result: Reading<KubeDocument | undefined>;
}
