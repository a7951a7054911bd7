import { acceptsRemoving } from '../observed/capacity.ts';
import { failing, type Check } from '../plan/check.ts';
import { nlbmc, targetsCommand } from '../model/commands.ts';
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
function again(
  { observed, intent }: UnclaimedCase,
  more: readonly string[],
  ...words: readonly string[]
): string {
  const contexts = [...observed.clusters.map(({ context }) => context), ...more].join(',');
  const departed = intent.departed
    ? ['--departed', intent.departed.name, '--from', intent.departed.file]
    : [];
  return nlbmc('purge', intent.service, '--context', contexts, ...departed, ...words);
}

const accepting = (subject: UnclaimedCase): string =>
  again(subject, [], `--accept-removing=${refusedTargets(subject).length}`);

const of = ({ unclaimed }: UnclaimedCase, fate: Fate): readonly UnclaimedTarget[] =>
  unclaimed.filter((one) => one.fate === fate);

const textsOf = (targets: readonly UnclaimedTarget[]): readonly string[] =>
  targets.map(({ text }) => text);

const noneServing: Check<UnclaimedCase> = {
  id: 'target-serving',
  severity: 'blocker',
  run(subject) {
    const targets = of(subject, 'serving');
    if (targets.length === 0 || isAccepted(subject)) return failing([]);
    const one = targets.length === 1;
    return failing([
      {
        code: 'target-serving',
        message: `${count(targets.length, 'unclaimed target')} of Service ${nameText(subject.intent.service)} ${one ? 'is' : 'are'} healthy, or may be any moment: whoever ${one ? 'it is' : 'they are'} of still serves.`,
        hint: `${again(subject, ['OWNER'])}   # with the cluster that serves there; or, to take ${one ? 'it' : 'them'} out all the same:\n${accepting(subject)}`,
        details: textsOf(targets),
        saves: targets.length,
      },
    ]);
  },
};

const noneElsewhere: Check<UnclaimedCase> = {
  id: 'target-owned-elsewhere',
  severity: 'blocker',
  run(subject) {
    if (isAccepted(subject)) return failing([]);
    const all = of(subject, 'elsewhere');
    const owners = [...new Set(all.map(({ owner = '' }) => owner))];
    return failing(
      owners.map((owner): Problem => {
        const targets = all.filter((one) => one.owner === owner);
        const one = targets.length === 1;
        return {
          code: 'target-owned-elsewhere',
          message: `${count(targets.length, 'unclaimed target')} of Service ${nameText(subject.intent.service)} ${one ? 'is' : 'are'} held by cluster ${owner}, by its tags in EC2, and that was not listed.`,
          hint: `${again(subject, [owner])}   # if it is there; or, to take ${one ? 'it' : 'them'} out all the same:\n${accepting(subject)}`,
          details: textsOf(targets),
          saves: targets.length,
        };
      }),
    );
  },
};

/** What a person has to have seen before anything is deregistered. */
const nonePurged: Check<UnclaimedCase> = {
  id: 'target-unclaimed',
  severity: 'caution',
  run(subject) {
    const accepted = isAccepted(subject) ? refusedTargets(subject) : [];
    const targets = [...of(subject, 'purge'), ...accepted];
    if (targets.length === 0) return failing([]);
    const one = targets.length === 1;
    return failing([
      {
        code: 'target-unclaimed',
        message: `${count(targets.length, 'target')} of Service ${nameText(subject.intent.service)} that no listed cluster tracks will be deregistered${
          accepted.length === 0 ? '' : `, ${accepted.length} of them because you named that number`
        }; nothing registers ${one ? 'it' : 'them'} again.`,
        details: textsOf(targets),
      },
    ]);
  },
};

/** Whether the targets that nobody claims may go: H7, H20 and H24. */
export const unclaimedChecks: readonly Check<UnclaimedCase>[] = [
  noneElsewhere,
  noneServing,
  nonePurged,
];

/** What lets EC2 be asked; where it cannot tell, only a person knows whether an address is free. */
function cures({ observed }: UnclaimedCase, targets: readonly UnclaimedTarget[]): string[] {
  const readings: readonly Reading<unknown>[] = [
    ...targets.flatMap(({ found }) => observed.owners[found.target.id] ?? []),
    ...Object.values(observed.vpcs ?? {}),
  ];
  const unread = readings.flatMap((reading) => (reading.ok ? [] : reading.problem));
  if (unread.length > 0) return [...new Set(unread.flatMap(({ hint }) => hint ?? []))];
  const arns = [...new Set(targets.map(({ targetGroupArn }) => targetGroupArn))];
  return arns.map((arn) => {
    const here = targets.filter(({ targetGroupArn }) => targetGroupArn === arn);
    const command = targetsCommand(
      'deregister',
      arn,
      here.map(({ found }) => found.target),
    );
    return `${command}   # by hand, once you know that nobody has ${here.length === 1 ? 'this address' : 'these addresses'}`;
  });
}

/** The targets that are left alone, with why; a needed fact where nothing else is to be done. */
export function untouchedProblem(subject: UnclaimedCase): Problem | undefined {
  const targets = of(subject, 'untouched');
  if (targets.length === 0) return undefined;
  const one = targets.length === 1;
  const hints = cures(subject, targets);
  return {
    code: 'owner-unknown',
    message: `${count(targets.length, 'unclaimed target')} of Service ${nameText(subject.intent.service)} ${one ? 'is' : 'are'} not touched: nothing that could be read tells whose ${one ? 'it is' : 'they are'}.`,
    ...(hints.length > 0 ? { hint: hints.join('\n') } : {}),
    details: textsOf(targets),
  };
}
