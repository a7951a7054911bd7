import { nlbmc, kubectl } from '../commands.ts';
import { nameText } from '../enrollment.ts';
import type { EnableIntent } from '../intent.ts';
import type { Member } from '../member.ts';
import type { Observed } from '../observed.ts';
import type { Problem } from '../problem.ts';
import { straysOf } from '../strays.ts';
import type { RegisteredTarget } from '../target.ts';
import { targetText } from '../target-key.ts';
import { count } from '../words.ts';

/** What the strays of all bindings mean: to wait for, to refuse, to ask about. */
export interface RolloutFindings {
  readonly settling: readonly Problem[];
  readonly blockers: readonly Problem[];
  readonly cautions: readonly Problem[];
}

function ownerText(target: RegisteredTarget, observed: Observed): string {
  const evidence = observed.owners[target.target.id];
  if (!evidence?.ok) return 'owner unknown';
  const { gone, instance, cluster } = evidence.value;
  if (gone) return 'no network interface has this address';
  return [
    instance === undefined ? 'no instance' : `instance ${instance}`,
    cluster === undefined ? 'no cluster tag' : `cluster tag ${cluster}`,
  ].join(', ');
}

/**
 * Targets that are neither draining nor eligible when the flag is about to go on. Before the settle
 * time is over a rollout may explain them; then the own ones refuse, unless their exact number was
 * accepted, the foreign ones ask (this is their rescue), and those that a leftover ConfigMap would
 * have deregistered refuse.
 */
export function judgeRollout(
  observed: Observed,
  intent: EnableIntent,
  members: readonly Member[],
): RolloutFindings {
  const all = members.flatMap((member) => {
    const strays = straysOf(member, observed);
    return strays.ok ? { member, strays: strays.value } : [];
  });
  const settling: Problem[] = [];
  const blockers: Problem[] = [];
  const cautions: Problem[] = [];
  const leaking = all.reduce((sum, { strays }) => sum + strays.leaking.length, 0);
  const accepted = leaking > 0 && intent.acceptLeaking === leaking;
  for (const { member, strays } of all) {
    const { binding, cluster } = member;
    const where = `the target group of ${nameText(binding)} in ${cluster.context}`;
    const lines = (targets: readonly RegisteredTarget[]): readonly string[] =>
      targets.map(
        (target) => `${targetText(target.target)} ${target.state}, ${ownerText(target, observed)}`,
      );
    const moving = [...(accepted ? [] : strays.leaking), ...strays.unclear, ...strays.doomed];
    if (!intent.settled && moving.length > 0) {
      settling.push({
        code: 'rollout-in-progress',
        message: `${count(moving.length, 'target')} in ${where} ${moving.length === 1 ? 'is' : 'are'} about to leave: a rollout seems to be going on.`,
        details: lines(moving),
        cluster: cluster.context,
      });
      continue;
    }
    const foreign = [...strays.foreign, ...strays.unclear];
    if (foreign.length > 0) {
      cautions.push({
        code: 'foreign-targets',
        message: `${count(foreign.length, 'target')} in ${where} ${foreign.length === 1 ? 'is' : 'are'} nobody's here; the flag keeps ${foreign.length === 1 ? 'it' : 'them'} from being deregistered by the next reconcile.`,
        details: lines(foreign),
        cluster: cluster.context,
      });
    }
    if (strays.doomed.length > 0) {
      const configMap = `${binding.flavour === 'lbc' ? 'aws' : 'eks'}-lbc-targets-${binding.name}`;
      blockers.push({
        code: 'leftover-tracked-targets',
        message: `ConfigMap ${binding.namespace}/${configMap} of ${cluster.context} is left over from an earlier life and lists ${count(strays.doomed.length, 'registered target')} that no endpoint of this cluster has: the controller would deregister ${strays.doomed.length === 1 ? 'it' : 'them'}.`,
        hint: `${kubectl({ context: cluster.context, namespace: binding.namespace }, 'delete', 'configmap', configMap)}   # then restart the controller, which remembers it`,
        details: lines(strays.doomed),
        cluster: cluster.context,
        saves: strays.doomed.length,
      });
    }
    if (strays.leaking.length > 0 && !accepted) {
      blockers.push({
        code: 'targets-would-leak',
        message: `${count(strays.leaking.length, 'own target')} in ${where} ${strays.leaking.length === 1 ? 'is' : 'are'} registered without an eligible endpoint and would never be deregistered once the flag is on.`,
        hint: nlbmc(
          'enable',
          intent.service,
          '--context',
          intent.context,
          `--accept-leaking=${leaking}`,
        ),
        details: lines(strays.leaking),
        cluster: cluster.context,
      });
    }
  }
  return { settling, blockers, cautions };
}
