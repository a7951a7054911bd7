import { failing, type Check } from '../plan/check.ts';
import { kubectl, nlbmc } from '../model/commands.ts';
import { nameText } from '../model/kubernetes.ts';
import type { EnableIntent } from '../model/intent.ts';
import type { Member } from '../observed/member.ts';
import type { Observed } from '../observed/observed.ts';
import type { Problem } from '../model/problem.ts';
import { straysOf, type Strays } from '../observed/strays.ts';
import type { RegisteredTarget } from '../model/target.ts';
import { targetText } from '../model/target-key.ts';
import { count } from '../model/words.ts';

/** Bindings on which the flag is about to go on. */
export interface RolloutCase {
  readonly observed: Observed;
  readonly intent: EnableIntent;
  readonly members: readonly Member[];
}

interface Stray {
  readonly member: Member;
  readonly strays: Strays;
  /** Those that time may still explain, while there is time. */
  readonly moving: readonly RegisteredTarget[];
}

const leakingIn = (all: readonly { readonly strays: Strays }[]): number =>
  all.reduce((sum, { strays }) => sum + strays.leaking.length, 0);

function strayTargets({ observed, intent, members }: RolloutCase): readonly Stray[] {
  const all = members.flatMap((member) => {
    const strays = straysOf(member, observed);
    return strays.ok ? { member, strays: strays.value } : [];
  });
  const accepted = intent.acceptLeaking === leakingIn(all);
  return all.map(({ member, strays }) => ({
    member,
    strays: accepted ? { ...strays, leaking: [] } : strays,
    moving: intent.settled
      ? []
      : [...(accepted ? [] : strays.leaking), ...strays.unclear, ...strays.doomed],
  }));
}

/** Strays that count now: of bindings where nothing is waited for. */
const counted = (subject: RolloutCase): readonly Stray[] =>
  strayTargets(subject).filter(({ moving }) => moving.length === 0);

const whereText = ({ binding, cluster }: Member): string =>
  `the target group of ${nameText(binding)} in ${cluster.context}`;

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

const lines = (targets: readonly RegisteredTarget[], observed: Observed): readonly string[] =>
  targets.map(
    (target) => `${targetText(target.target)} ${target.state}, ${ownerText(target, observed)}`,
  );

/**
 * Targets that are about to leave, for all that is known: a rollout is waited for before they
 * count. Empty when the settle time is over, and for targets whose owner is known already.
 */
export const settlingOf = (subject: RolloutCase): readonly Problem[] =>
  strayTargets(subject)
    .filter(({ moving }) => moving.length > 0)
    .map(({ member, moving }) => ({
      code: 'rollout-in-progress',
      message: `${count(moving.length, 'target')} in ${whereText(member)} ${moving.length === 1 ? 'is' : 'are'} about to leave: a rollout seems to be going on.`,
      details: lines(moving, subject.observed),
      cluster: member.cluster.context,
    }));

const noLeak: Check<RolloutCase> = {
  id: 'targets-would-leak',
  severity: 'blocker',
  run(subject) {
    const { intent, observed } = subject;
    const all = counted(subject);
    const accept = nlbmc(
      'enable',
      intent.service,
      '--context',
      intent.context,
      `--accept-leaking=${leakingIn(all)}`,
    );
    return failing(
      all
        .filter(({ strays }) => strays.leaking.length > 0)
        .map(({ member, strays: { leaking } }) => ({
          code: 'targets-would-leak',
          message: `${count(leaking.length, 'own target')} in ${whereText(member)} ${leaking.length === 1 ? 'is' : 'are'} registered without an eligible endpoint and would never be deregistered once the flag is on.`,
          hint: accept,
          details: lines(leaking, observed),
          cluster: member.cluster.context,
        })),
    );
  },
};

const noLeftover: Check<RolloutCase> = {
  id: 'leftover-tracked-targets',
  severity: 'blocker',
  run(subject) {
    return failing(
      counted(subject)
        .filter(({ strays }) => strays.doomed.length > 0)
        .map(({ member: { binding, cluster }, strays: { doomed } }) => {
          const prefix = binding.flavour === 'lbc' ? 'aws' : 'eks';
          const configMap = `${prefix}-lbc-targets-${binding.name}`;
          return {
            code: 'leftover-tracked-targets',
            message: `ConfigMap ${binding.namespace}/${configMap} of ${cluster.context} is left over from an earlier life and lists ${count(doomed.length, 'registered target')} that no endpoint of this cluster has: the controller would deregister ${doomed.length === 1 ? 'it' : 'them'}.`,
            hint: `${kubectl({ context: cluster.context, namespace: binding.namespace }, 'delete', 'configmap', configMap)}   # then restart the controller, which remembers it`,
            details: lines(doomed, subject.observed),
            cluster: cluster.context,
            saves: doomed.length,
          };
        }),
    );
  },
};

const noForeign: Check<RolloutCase> = {
  id: 'foreign-targets',
  severity: 'caution',
  run(subject) {
    return failing(
      counted(subject).flatMap(({ member, strays }): readonly Problem[] => {
        const foreign = [...strays.foreign, ...strays.unclear];
        if (foreign.length === 0) return [];
        const one = foreign.length === 1;
        return [
          {
            code: 'foreign-targets',
            message: `${count(foreign.length, 'target')} in ${whereText(member)} ${one ? 'is' : 'are'} nobody's here; the flag keeps ${one ? 'it' : 'them'} from being deregistered by the next reconcile.`,
            details: lines(foreign, subject.observed),
            cluster: member.cluster.context,
          },
        ];
      }),
    );
  },
};

/** What has to be true of the targets that are registered when the flag goes on. */
export const rolloutChecks: readonly Check<RolloutCase>[] = [noLeak, noLeftover, noForeign];
