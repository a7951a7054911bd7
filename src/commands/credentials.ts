import type { Observed } from '../core/observed/observed.ts';
import { ProblemError } from '../core/model/problem.ts';

const configuration = ['credentials-refused', 'plugin-failed'];

/**
 * Raises ProblemError (exit 2) when every cluster turned the credentials down: then nothing was
 * found out, and the trouble is on this side. One that answered makes a verdict of it.
 */
export function stopWhereNobodyAnswers({ clusters }: Pick<Observed, 'clusters'>): void {
  const refusals = clusters.flatMap(({ bindings, context }) =>
    !bindings.ok && configuration.includes(bindings.problem.code)
      ? { about: { cluster: context }, ...bindings.problem }
      : [],
  );
  const [first] = refusals;
  if (first && refusals.length === clusters.length) throw new ProblemError(first, 2);
}
