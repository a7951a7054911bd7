import { check, type Check, type Wrong } from '../plan/check.ts';
import { trackingName } from '../model/flavours.ts';
import { advice, type Hint } from '../model/hint.ts';
import { accepting, enableHint, purgeHint } from '../model/nlbmc-hints.ts';
import { evidenceText } from '../observed/evidence-text.ts';
import { dropRecordHints, leftoverTargets } from '../observed/leftover.ts';
import { nameText } from '../model/kubernetes.ts';
import type { EnableIntent } from '../model/intent.ts';
import type { Member } from '../observed/member.ts';
import type { Observed } from '../observed/observed.ts';
import type { About, Problem } from '../model/problem.ts';
import { ownAddresses, straysOf, type Strays } from '../observed/strays.ts';
import type { RegisteredTarget } from '../model/target.ts';
import { targetKey, targetText } from '../model/target-key.ts';
import { count } from '../model/words.ts';

/** Bindings that are about to get the flag. */
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

const lines = (targets: readonly RegisteredTarget[], observed: Observed): readonly string[] =>
  targets.map(
    (target) =>
      `${targetText(target.target)} ${target.state}, ${evidenceText(observed.addressEvidence[target.target.id])}`,
  );

/**
 * Targets that are about to leave, for all that is known: a rollout is waited for before they
 * count. Empty when the settle time is over, and for targets whose cluster is known already.
 */
export const settlingOf = (subject: RolloutCase): readonly Problem[] =>
  strayTargets(subject)
    .filter(({ moving }) => moving.length > 0)
    .map(({ member, moving }) => ({
      code: 'rollout-in-progress',
      message: `${count(moving.length, 'target')} in ${whereText(member)} ${moving.length === 1 ? 'is' : 'are'} about to leave: a rollout seems to be going on.`,
      details: lines(moving, subject.observed),
      about: aboutBinding(member),
    }));

const aboutBinding = ({ cluster, binding: { namespace, name } }: Member): About => ({
  cluster: cluster.context,
  binding: { namespace, name },
});

/**
 * The way on from own targets that would leak, before accepting it: those at an address that the
 * Service still has go with their pod, or are eligible once it is ready; what has no pod any more is
 * purged.
 */
function leakCure({ intent }: RolloutCase, all: readonly Stray[]): Hint {
  const isHeld = ({ member, strays }: Stray): boolean => {
    const addresses = ownAddresses(member);
    return strays.leaking.every(({ target }) => addresses.has(targetKey(target)));
  };
  return all.every(isHeld)
    ? advice('Wait until their pods are gone or ready, then run the same command again.')
    : purgeHint({ service: intent.service }, [intent.context]);
}

const noLeak = check<RolloutCase>('targets-would-leak', 'blocker', (subject) => {
  const { intent, observed } = subject;
  const all = counted(subject).filter(({ strays }) => strays.leaking.length > 0);
  const leaking = leakingIn(all);
  const accept = accepting(
    enableHint(intent.service, intent.context, { accept: `leaking=${leaking}` }),
    `${count(leaking, 'target')} will stay registered until a person purges ${leaking === 1 ? 'it' : 'them'}`,
  );
  return all.map((one) => {
    const { member, strays } = one;
    const single = strays.leaking.length === 1;
    return {
      message: `${count(strays.leaking.length, 'own target')} in ${whereText(member)} ${single ? 'is' : 'are'} registered without an eligible endpoint. The controller would never deregister ${single ? 'it' : 'them'} once the flag is on.`,
      about: aboutBinding(member),
      hints: [leakCure(subject, all), accept],
      details: lines(strays.leaking, observed),
    };
  });
});

const noLeftover = check<RolloutCase>('leftover-tracked-targets', 'blocker', (subject) =>
  counted(subject).flatMap(({ member }): readonly Wrong[] => {
    const { binding, cluster } = member;
    const left = leftoverTargets(member, subject.observed);
    if (!left.ok || left.value.length === 0) return [];
    const one = left.value.length === 1;
    return [
      {
        message: `ConfigMap ${binding.namespace}/${trackingName(binding)} of ${cluster.context} is left over from an earlier time when the target group was shared. The ConfigMap lists ${count(left.value.length, 'registered target')} that ${one ? 'is not an endpoint' : 'are not endpoints'} of this cluster. The controller would deregister ${one ? 'it' : 'them'} once the flag is on.`,
        about: aboutBinding(member),
        hints: dropRecordHints(cluster, binding),
        details: lines(left.value, subject.observed),
        saves: left.value.length,
      },
    ];
  }),
);

const noForeign = check<RolloutCase>('foreign-targets', 'caution', (subject) =>
  counted(subject).flatMap(({ member, strays }): readonly Wrong[] => {
    const foreign = [...strays.foreign, ...strays.unclear];
    if (foreign.length === 0) return [];
    const one = foreign.length === 1;
    return [
      {
        message: `${count(foreign.length, 'target')} in ${whereText(member)} ${one ? 'does' : 'do'} not belong to this cluster. The flag protects ${one ? 'it' : 'them'}: without the flag, the next reconcile deregisters ${one ? 'it' : 'them'}.`,
        about: aboutBinding(member),
        details: lines(foreign, subject.observed),
      },
    ];
  }),
);

/** What has to be true of the targets that are registered when the flag goes on. */
export const rolloutChecks: readonly Check<RolloutCase>[] = [noLeak, noLeftover, noForeign];
