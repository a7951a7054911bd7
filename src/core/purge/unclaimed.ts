import { acceptsRemoving } from '../observed/capacity.ts';
import { check, type Check } from '../plan/check.ts';
import { advice, type ClusterRef, type NlbmcHint, noted, targetsHint } from '../model/hint.ts';
import { accepting, purgeHint } from '../model/nlbmc-hints.ts';
import { knownTargetTexts } from '../model/known-target.ts';
import { mayServe } from '../observed/member.ts';
import { eachOnce } from '../model/problem-key.ts';
import { nameText } from '../model/kubernetes.ts';
import type { PurgeIntent } from '../model/intent.ts';
import type { Observed } from '../observed/observed.ts';
import type { Problem, Reading } from '../model/problem.ts';
import type { Fate, UnclaimedTarget } from '../observed/unclaimed.ts';
import { count } from '../model/words.ts';

/** The targets that no listed cluster claims, judged one by one. */
export interface UnclaimedCase {
  readonly observed: Observed;
  readonly intent: PurgeIntent;
  readonly unclaimed: readonly UnclaimedTarget[];
}

/** Targets that are refused unless the person names their number. */
export const refusedTargets = ({ unclaimed }: UnclaimedCase): readonly UnclaimedTarget[] =>
  unclaimed.filter(({ fate }) => fate === 'serving' || fate === 'elsewhere');

/** Whether the person has named exactly that number. */
export const isAccepted = (subject: UnclaimedCase): boolean =>
  acceptsRemoving(refusedTargets(subject).length, subject.intent.acceptRemoving);

/** The command again, about these clusters besides those that were listed. */
function again({ observed, intent }: UnclaimedCase, more: readonly ClusterRef[]): NlbmcHint {
  const contexts = [...observed.clusters.map(({ context }) => context), ...more];
  const { departed } = intent;
  return purgeHint({ service: intent.service }, contexts, {
    departed: departed?.name,
    from: departed?.file,
    'known-target': knownTargetTexts(intent.knownTargets),
  });
}

/** The command that deregisters all refused targets. */
function accepted(subject: UnclaimedCase): NlbmcHint {
  const saved = refusedTargets(subject).length;
  const hint = again(subject, []);
  return accepting(
    { ...hint, options: { ...hint.options, accept: `removing=${saved}` } },
    saved === 1 ? 'this target is deregistered' : `these ${saved} targets are deregistered`,
  );
}

const of = ({ unclaimed }: UnclaimedCase, fate: Fate): readonly UnclaimedTarget[] =>
  unclaimed.filter((one) => one.fate === fate);

const textsOf = (targets: readonly UnclaimedTarget[]): readonly string[] =>
  targets.map(({ text }) => text);

const noneServing = check<UnclaimedCase>('target-serving', 'blocker', (subject) => {
  const targets = of(subject, 'serving');
  if (targets.length === 0 || isAccepted(subject)) return undefined;
  const one = targets.length === 1;
  const { service } = subject.intent;
  return {
    message: `${count(targets.length, 'unclaimed target')} of Service ${nameText(service)} ${one ? 'is' : 'are'} healthy, or may be any moment: something still serves there.`,
    hints: [
      {
        ...again(subject, [{ any: true }]),
        where: 'with the context of the cluster that serves for …',
      },
      accepted(subject),
    ],
    details: textsOf(targets),
    about: { service },
    saves: targets.length,
  };
});

const noneElsewhere = check<UnclaimedCase>('target-owned-elsewhere', 'blocker', (subject) => {
  if (isAccepted(subject)) return undefined;
  const all = of(subject, 'elsewhere');
  const { service } = subject.intent;
  const holders = [...new Set(all.map(({ holder = '' }) => holder))];
  return holders.map((holder) => {
    const targets = all.filter((one) => one.holder === holder);
    return {
      message: `${count(targets.length, 'unclaimed target')} of Service ${nameText(service)} ${targets.length === 1 ? 'belongs' : 'belong'} to cluster ${holder}, according to ${targets.length === 1 ? 'its tag' : 'their tags'} in EC2. That cluster was not listed.`,
      hints: [again(subject, [{ clusterName: holder }]), accepted(subject)],
      details: textsOf(targets),
      about: { service, clusterName: holder },
      saves: targets.length,
    };
  });
});

/** What a person has to have seen before anything is deregistered. */
const nonePurged = check<UnclaimedCase>('target-unclaimed', 'caution', (subject) => {
  const named = isAccepted(subject) ? refusedTargets(subject) : [];
  const targets = [...of(subject, 'purge'), ...named];
  if (targets.length === 0) return undefined;
  const { service } = subject.intent;
  return {
    message: `${count(targets.length, 'target')} of Service ${nameText(service)} that no listed cluster tracks will be deregistered${
      named.length === 0 ? '' : `, ${named.length} of them because you named that number`
    }. Nothing registers ${targets.length === 1 ? 'it' : 'them'} again.`,
    details: textsOf(targets),
    about: { service },
  };
});

/** Whether unclaimed targets may be deregistered: hazards H7, H20 and H24. */
export const unclaimedChecks: readonly Check<UnclaimedCase>[] = [
  noneElsewhere,
  noneServing,
  nonePurged,
];

/** What makes EC2's answer readable; where EC2 does not know who has it, only a person knows whether an address is free. */
function cures(
  { observed }: UnclaimedCase,
  targets: readonly UnclaimedTarget[],
): Pick<Problem, 'hints'> {
  const readings: readonly Reading<unknown>[] = [
    ...targets.flatMap(({ found }) => observed.addressEvidence[found.target.id] ?? []),
    ...Object.values(observed.vpcs ?? {}),
  ];
  const unread = eachOnce(readings.flatMap((reading) => (reading.ok ? [] : reading.problem)));
  if (unread.length > 0) return { hints: unread.flatMap((problem) => problem.hints ?? []) };
  // Never for a target that may serve: the workload with that address gets connections.
  const idle = targets.filter(({ found }) => !mayServe(found));
  const arns = [...new Set(idle.map(({ targetGroupArn }) => targetGroupArn))];
  if (arns.length === 0) {
    const text =
      'Find out who has these addresses. nlbmc does not deregister targets that may serve.';
    return { hints: [advice(text)] };
  }
  return {
    hints: arns.map((arn) => {
      const here = idle.filter(({ targetGroupArn }) => targetGroupArn === arn);
      return noted(
        targetsHint(
          'deregister',
          arn,
          here.map(({ found }) => found.target),
        ),
        `by hand, if you know that no workload has ${here.length === 1 ? 'this address' : 'these addresses'}`,
      );
    }),
  };
}

/** The targets that a person knows, and that stay; undefined where there are none. */
export function knownNote(subject: UnclaimedCase): Problem | undefined {
  const targets = of(subject, 'known');
  if (targets.length === 0) return undefined;
  const { service } = subject.intent;
  return {
    code: 'target-unclaimed',
    message: `${count(targets.length, 'target')} of Service ${nameText(service)} ${targets.length === 1 ? 'stays' : 'stay'} registered: you named ${targets.length === 1 ? 'it' : 'them'} with --known-target, and EC2 has no cluster tag for ${targets.length === 1 ? 'it' : 'them'}.`,
    details: textsOf(targets),
    about: { service },
  };
}

/** The targets that are left alone, with why; a needed fact where nothing else is to be done. */
export function untouchedProblem(subject: UnclaimedCase): Problem | undefined {
  const targets = of(subject, 'untouched');
  if (targets.length === 0) return undefined;
  const one = targets.length === 1;
  const { service } = subject.intent;
  return {
    code: 'owner-unknown',
    message: `${count(targets.length, 'unclaimed target')} of Service ${nameText(service)} ${one ? 'is' : 'are'} not changed, because nothing that could be read says who has ${one ? 'its address' : 'their addresses'}.`,
    ...cures(subject, targets),
    about: { service },
    details: textsOf(targets),
  };
}
