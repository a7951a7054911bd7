import { kubectl } from '../model/commands.ts';
import type { Echo } from '../plan/echo.ts';
import type { Plan } from '../plan/plan.ts';
import type { Problem } from '../model/problem.ts';
import { refused } from '../plan/refused.ts';
import { isRejection } from '../plan/rejections.ts';
import type { WebhookConfiguration } from '../model/webhook-configuration.ts';
import { listed } from '../model/words.ts';

/** An update that no webhook answers: the configuration outlived its controller. */
function outlived(
  problem: Problem,
  cluster: string,
  all: readonly WebhookConfiguration[],
): Problem {
  const found = all.filter(
    ({ webhooks, forBindings }) =>
      forBindings || webhooks.some((name) => problem.message.includes(` ${name} `)),
  );
  if (found.length === 0) {
    return {
      ...problem,
      cluster,
      hint: `which configuration has it asked: ${kubectl({ context: cluster }, 'get', 'validatingwebhookconfigurations,mutatingwebhookconfigurations')}`,
    };
  }
  const names = listed(found.map(({ kind, name }) => `${kind} ${name}`));
  const one = found.length === 1;
  const commands = found.map(({ kind, name }) =>
    kubectl({ context: cluster }, 'delete', kind.toLowerCase(), name),
  );
  return {
    ...problem,
    cluster,
    message: `${names} of ${cluster} ${one ? 'stands' : 'stand'} and nobody answers: no finalizer can be removed while ${one ? 'it does' : 'they do'}, and nlbmc does not touch webhook configurations.`,
    hint: `helm uninstall of the controller's chart takes ${one ? 'it' : 'them'} away; by hand: ${commands.join(' && ')}`,
  };
}

/**
 * Adds to a plan what its rehearsals showed: a finalizer that could not be removed at the end must
 * stop the leave before anything is deregistered.
 */
export function judgeLeave(plan: Plan, echoes: readonly Echo[]): Plan {
  const blockers = echoes.flatMap(({ rehearsal, result, webhooks }): readonly Problem[] => {
    if (rehearsal.kind === 'set-flag' || result.ok) return [];
    const { problem } = result;
    const { cluster } = rehearsal.step;
    if (problem.code === 'webhook-unreachable') return [outlived(problem, cluster, webhooks ?? [])];
    return [{ cluster, ...problem, ...(isRejection(problem.code) ? {} : { unread: true }) }];
  });
  if (blockers.length === 0) return plan;
  const once = [...new Map(blockers.map((problem) => [problem.message, problem])).values()];
  return { ...refused(once, plan.skips), ...(plan.capacity ? { capacity: plan.capacity } : {}) };
}
