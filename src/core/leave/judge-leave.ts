import type { Echo } from '../plan/echo.ts';
import { advice, kubectlHint } from '../model/hint.ts';
import type { Plan } from '../plan/plan.ts';
import { eachOnce } from '../model/problem-key.ts';
import type { Problem } from '../model/problem.ts';
import { refused } from '../plan/refused.ts';
import { isRejection } from '../plan/rejections.ts';
import type { WebhookConfiguration } from '../model/webhook-configuration.ts';
import { listed } from '../model/words.ts';

/** An update that no webhook answers: the controller is gone, but its webhook configuration exists. */
function outlived(
  problem: Problem,
  cluster: string,
  all: readonly WebhookConfiguration[],
): Problem {
  const { webhook } = problem.about ?? {};
  const found = all.filter(
    ({ webhooks, forBindings }) =>
      forBindings || (webhook !== undefined && webhooks.includes(webhook)),
  );
  const kinds = 'validatingwebhookconfigurations,mutatingwebhookconfigurations';
  if (found.length === 0) {
    return { ...problem, hints: [kubectlHint({ context: cluster }, 'get', kinds)] };
  }
  const names = listed(found.map(({ kind, name }) => `${kind} ${name}`));
  const one = found.length === 1;
  return {
    ...problem,
    message: `${names} of ${cluster} ${one ? 'is' : 'are'} still registered, but nothing answers ${one ? 'it' : 'them'}. No finalizer can be removed until ${one ? 'it is' : 'they are'} deleted, and nlbmc does not change webhook configurations.`,
    hints: [
      kubectlHint(
        { context: cluster },
        'delete',
        ...found.map(({ kind, name }) => `${kind.toLowerCase()}/${name}`),
      ),
      advice(
        `Where Helm installed the controller, uninstall its chart: that deletes ${one ? 'it' : 'them'}, too.`,
      ),
    ],
  };
}

/**
 * Adds to a plan what its rehearsals showed: a finalizer that could not be removed at the end must
 * stop the leave before anything is deregistered.
 */
export function judgeLeave(plan: Plan, echoes: readonly Echo[]): Plan {
  const blockers = echoes.flatMap(({ rehearsal, result, webhooks }): readonly Problem[] => {
    if (rehearsal.kind === 'set-flag' || result.ok) return [];
    const { cluster } = rehearsal.step;
    const problem = { ...result.problem, about: { cluster, ...result.problem.about } };
    if (problem.code === 'webhook-unreachable') return [outlived(problem, cluster, webhooks ?? [])];
    return [{ ...problem, ...(isRejection(problem.code) ? {} : { unread: true }) }];
  });
  if (blockers.length === 0) return plan;
  return {
    ...refused(eachOnce(blockers), plan.skips),
    ...(plan.capacity ? { capacity: plan.capacity } : {}),
  };
}
