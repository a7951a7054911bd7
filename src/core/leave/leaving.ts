import { shortfalls, type Shortfall } from '../observed/capacity.ts';
import { failing, type Check } from '../plan/check.ts';
import type { Code } from '../model/codes.ts';
import { nlbmc } from '../model/commands.ts';
import { nameText } from '../model/kubernetes.ts';
import type { LeaveCase } from './leave-case.ts';
import type { LeavePort } from './leave-port.ts';
import type { Problem } from '../model/problem.ts';
import type { Target } from '../model/target.ts';
import { targetKey, targetText } from '../model/target-key.ts';
import { count, listed } from '../model/words.ts';

/** A refusal with the targets that it saves, by target group and key. */
export interface Stake {
  readonly problem: Problem;
  readonly keys: readonly string[];
}

type Staking = (subject: LeaveCase) => readonly Stake[];

const keysOf = (arn: string, targets: readonly Target[]): readonly string[] => [
  ...new Set(targets.map((target) => `${arn}|${targetKey(target)}`)),
];

const stake = (
  port: LeavePort,
  targets: readonly Target[],
  { context }: LeaveCase['leaving'],
  told: Pick<Problem, 'code' | 'message' | 'details' | 'hint'>,
): Stake => {
  const keys = keysOf(port.arn, targets);
  return { problem: { ...told, cluster: context, saves: keys.length }, keys };
};

const portText = ({ port, group }: LeavePort): string =>
  port === null ? `target group ${group?.name ?? ''}` : `port ${port}`;

const bindingsText = ({ members }: LeavePort, context: string): string =>
  `${listed(members.map(({ binding }) => nameText(binding)))} in ${context}`;

/** The command that makes an exclusive binding a shared one, in place. */
const adoption = ({ intent: { service, context, primary } }: LeaveCase): string =>
  nlbmc('join', service, '--context', context, '--primary', primary ?? 'PRIMARY', '--adopt');

/** Deleted, an exclusive binding takes every target with it (`pkg/targetgroupbinding/multicluster_manager.go`). */
const exclusives: Staking = (subject) =>
  subject.intent.withoutController
    ? []
    : subject.ports
        .filter(({ others }) => others.length > 0)
        .map((port) =>
          stake(port, port.others, subject.leaving, {
            code: 'binding-exclusive',
            message: `${bindingsText(port, subject.leaving.context)} is exclusive: when it is deleted its controller deregisters every target of ${portText(port)}, ${count(port.others.length, 'target')} of others among them.`,
            details: port.others.map(targetText),
            hint: `${adoption(subject)}   # shared first; then leave`,
          }),
        );

/** What no record lists stays registered when the binding is gone, for whoever gets the address next. */
const leaks: Staking = (subject) =>
  subject.ports
    .filter(({ leaking }) => leaking.length > 0)
    .map((port) => {
      const recorded = port.members.some(
        ({ tracked }) => tracked.ok && tracked.value.kind === 'set',
      );
      const why = recorded ? 'The record of the controller' : 'No ConfigMap';
      const lists = recorded ? 'does not list' : 'lists';
      return stake(port, port.leaking, subject.leaving, {
        code: 'targets-would-leak',
        message: `${why} ${lists} ${count(port.leaking.length, 'registered target')} of ${bindingsText(port, subject.leaving.context)}: they would stay in the target group of ${portText(port)} when it is gone. Accepted, nlbmc deregisters these endpoints of its Service itself:`,
        details: port.leaking.map(targetText),
      });
    });

/** The controller deregisters what it tracks, whoever has the address now. */
const taken: Staking = (subject) =>
  subject.ports
    .filter(
      ({ contested, others, members }) =>
        contested.length > 0 &&
        others.length === 0 &&
        members.some(({ binding }) => !binding.terminating),
    )
    .map((port) =>
      stake(
        port,
        port.contested.map(({ target }) => target),
        subject.leaving,
        {
          code: 'target-contested',
          message: `${bindingsText(port, subject.leaving.context)} tracks ${count(port.contested.length, 'target')} of ${portText(port)} that another cluster ${port.contested.every(({ unsure }) => unsure) ? 'may have' : 'has'} now, and its controller would deregister what it tracks.`,
          details: port.contested.map(({ target, why }) => `${targetText(target)}: ${why}`),
        },
      ),
    );

/** What is known to be another's is left out; what may be is no permission to take it out. */
const doubtful: Staking = (subject) =>
  subject.ports.flatMap((port) => {
    const found = port.contested.filter(({ unsure }) => unsure);
    if (found.length === 0) return [];
    return stake(
      port,
      found.map(({ target }) => target),
      subject.leaving,
      {
        code: 'target-contested',
        message: `${count(found.length, 'target')} of ${portText(port)} that ${subject.leaving.context} tracks may be another cluster's by now, and would be deregistered.`,
        details: found.map(({ target, why }) => `${targetText(target)}: ${why}`),
      },
    );
  });

const contests: Staking = (subject) =>
  subject.intent.withoutController ? doubtful(subject) : taken(subject);

function shortfallText(one: Shortfall, port: LeavePort, context: string): string {
  const { healthy, staying, floor, zone } = one;
  const without = `without the ${count(one.targets.length, 'target')} of ${context}`;
  const left = `${count(staying, 'healthy target')} of ${healthy}, and ${floor} are asked for`;
  const needed = 'and cross-zone load balancing is off: each zone needs its own';
  switch (one.kind) {
    case 'fail-open':
      return `no target of ${portText(port)} is healthy anywhere: the load balancer fails open and sends to every registered target, and the ${count(one.targets.length, 'target')} of ${context} may be the ones that answer`;
    case 'port':
      return `${without} ${portText(port)} would have ${staying === 0 ? 'no healthy target' : left}`;
    case 'zone':
      return staying > 0
        ? `${without} zone ${zone} of ${portText(port)} would have ${left}`
        : `${without} zone ${zone} of ${portText(port)} would have no healthy target${port.capacity?.crossZone ? '' : `, ${needed}`}`;
    case 'zone-unknown':
      return `${without} a zone of ${portText(port)} may be left with none: of some healthy targets the zone is not known, ${needed}`;
  }
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

/** Only what would really go is weighed: a binding that is being deleted already is past asking. */
const shortages: Staking = (subject) =>
  subject.ports
    .filter(({ others, members, leaking }) => {
      const goes = members.some(({ binding }) => !binding.terminating);
      return (
        others.length === 0 && (goes || leaking.length > 0 || subject.intent.withoutController)
      );
    })
    .flatMap((port) => {
      const short = port.capacity ? shortfalls(port.capacity, subject.intent) : [];
      const [first, ...more] = short;
      if (!first) return [];
      return [
        stake(
          port,
          short.flatMap(({ targets }) => targets),
          subject.leaving,
          {
            code: 'below-floor',
            message: sentence(shortfallText(first, port, subject.leaving.context)),
            ...(more.length === 0
              ? {}
              : { details: more.map((one) => shortfallText(one, port, subject.leaving.context)) }),
          },
        ),
      ];
    });

const stakings: Readonly<Partial<Record<Code, Staking>>> = {
  'binding-exclusive': exclusives,
  'targets-would-leak': leaks,
  'target-contested': contests,
  'below-floor': shortages,
};

/** How many targets the refusals of a leave save together; one that several save counts once. */
export const targetsSaved = (subject: LeaveCase): number =>
  new Set(
    Object.values(stakings)
      .flatMap((of) => of(subject))
      .flatMap(({ keys }) => keys),
  ).size;

const checkOf = (id: Code, of: Staking): Check<LeaveCase> => ({
  id,
  severity: 'blocker',
  run: (subject) => failing(of(subject).map(({ problem }) => problem)),
});

/** What a leave would cost others, or leave behind: refusals that name the number of targets. */
export const leavingChecks: readonly Check<LeaveCase>[] = Object.entries(stakings).map(([id, of]) =>
  checkOf(id as Code, of),
);
