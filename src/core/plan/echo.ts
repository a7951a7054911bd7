import type { KubeDocument, Rehearsal } from './plan.ts';
import type { Reading } from '../model/problem.ts';
import type { WebhookConfiguration } from '../model/webhook-configuration.ts';

/**
 * What the server made of a rehearsal (a request with dryRun=All). The document is the object as
 * it would have been stored; undefined where only acceptance matters (a Service).
 */
export interface Echo {
  readonly rehearsal: Rehearsal;
  readonly result: Reading<KubeDocument | undefined>;
  /** Where a webhook did not answer: the cluster's webhook configurations, if they may be read. */
  readonly webhooks?: readonly WebhookConfiguration[];
}

/** Echoes of these clusters, and those of the others: each command judges its own. */
export function echoesApart(
  echoes: readonly Echo[],
  contexts: readonly string[],
): { readonly theirs: readonly Echo[]; readonly others: readonly Echo[] } {
  const isTheirs = ({ rehearsal }: Echo): boolean =>
    contexts.includes(rehearsal.kind === 'step' ? rehearsal.step.cluster : rehearsal.cluster);
  return {
    theirs: echoes.filter(isTheirs),
    others: echoes.filter((echo) => !isTheirs(echo)),
  };
}
