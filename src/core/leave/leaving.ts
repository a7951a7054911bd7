import { shortfalls, type Shortfall } from '../observed/capacity.ts';
import { check, type Check } from '../plan/check.ts';
import type { Code } from '../model/codes.ts';
import { accepting, joinHint } from '../model/nlbmc-hints.ts';
import type { NlbmcHint } from '../model/hint.ts';
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
  told: Pick<Problem, 'code' | 'message' | 'details' | 'hints'>,
): Stake => {
  const keys = keysOf(port.arn, targets);
  const about = { cluster: context, targetGroup: port.arn };
  return { problem: { ...told, about, saves: keys.length }, keys };
};

const portText = ({ port, group }: LeavePort): string =>
  port === null ? `target group ${group?.name ?? ''}` : `port ${port}`;

const bindingsText = ({ members }: LeavePort, context: string): string =>
  `${listed(members.map(({ binding }) => nameText(binding)))} in ${context}`;

/** The command that makes an exclusive binding a shared one, in place. */
const adoption = ({ intent }: LeaveCase): NlbmcHint =>
  accepting(
    joinHint({
      service: intent.service,
      localService: intent.localService,
      context: intent.context,
      primary: intent.primary ?? { any: true },
      adopt: true,
    }),
    'join makes the binding shared (then run leave again)',
  );

/** Deleted, an exclusive binding takes every target with it (`pkg/targetgroupbinding/multicluster_manager.go`). */
const exclusives: Staking = (subject) =>
  subject.intent.withoutController
    ? []
    : subject.ports
        .filter(({ others }) => others.length > 0)
        .map((port) =>
          stake(port, port.others, subject.leaving, {
            code: 'binding-exclusive',
            message: `${bindingsText(port, subject.leaving.context)} is exclusive. When it is deleted, its controller deregisters every target of ${portText(port)}, including ${count(port.others.length, 'target')} of other clusters.`,
            details: port.others.map(targetText),
            hints: [adoption(subject)],
          }),
        );

/** What no record lists stays registered when the binding is gone, and then gets traffic for the next pod with that address. */
const leaks: Staking = (subject) =>
  subject.ports
    .filter(({ leaking }) => leaking.length > 0)
    .map((port) => {
      const recorded = port.members.some(
        ({ tracked }) => tracked.ok && tracked.value.kind === 'set',
      );
      const why = recorded ? 'The ConfigMap of the controller does not list' : 'No ConfigMap lists';
      return stake(port, port.leaking, subject.leaving, {
        code: 'targets-would-leak',
        message: `${why} ${count(port.leaking.length, 'registered target')} of ${bindingsText(port, subject.leaving.context)}. The controller would leave ${port.leaking.length === 1 ? 'it' : 'them'} in the target group of ${portText(port)}. If you accept, nlbmc deregisters ${port.leaking.length === 1 ? 'it' : 'them'} itself:`,
        details: port.leaking.map(targetText),
      });
    });

/**
 * A binding beside the primary's own, mostly for the same pods: the controller deregisters all that
 * the deleted one tracks, and the one that stays notices at its next full reconcile, hours later.
 */
const siblings: Staking = (subject) =>
  subject.intent.withoutController
    ? []
    : subject.ports
        .map((port) => {
          const goes = new Set(port.goes.map(targetKey));
          return { port, shared: port.shared.filter(({ target }) => goes.has(targetKey(target))) };
        })
        .filter(({ port, shared }) => shared.length > 0 && port.others.length === 0)
        .map(({ port, shared }) => {
          const names = listed([...new Set(shared.map(({ binding }) => binding))]);
          const one = shared.length === 1;
          return stake(
            port,
            shared.map(({ target }) => target),
            subject.leaving,
            {
              code: 'target-contested',
              message: `${bindingsText(port, subject.leaving.context)} has ${count(shared.length, 'target')} of ${portText(port)} in common with ${names}, which stays. When it is deleted, its controller deregisters ${one ? 'it' : 'them all'}. ${names} registers ${one ? 'it' : 'them'} again only at its next full reconcile; nlbmc repair brings that about.`,
              details: shared.map(({ target }) => targetText(target)),
            },
          );
        });

const belong = ({ contested }: LeavePort): string => {
  if (contested.every(({ unsure }) => unsure)) return 'may belong';
  return contested.length === 1 ? 'belongs' : 'belong';
};

/** The controller deregisters what it tracks, even when another cluster has the address now. */
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
          message: `${bindingsText(port, subject.leaving.context)} tracks ${count(port.contested.length, 'target')} of ${portText(port)} that ${belong(port)} to another cluster now. Its controller would deregister ${port.contested.length === 1 ? 'it' : 'them'}.`,
          details: port.contested.map(({ target, why }) => `${targetText(target)}: ${why}`),
        },
      ),
    );

/** Targets that are known to be another cluster's are not deregistered; targets that may be another cluster's need a person's permission. */
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
        message: `${count(found.length, 'target')} of ${portText(port)} that ${subject.leaving.context} tracks may belong to another cluster now, and the leave would deregister them.`,
        details: found.map(({ target, why }) => `${targetText(target)}: ${why}`),
      },
    );
  });

const contests: Staking = (subject) =>
  subject.intent.withoutController ? doubtful(subject) : [...siblings(subject), ...taken(subject)];

function shortfallText(one: Shortfall, port: LeavePort, context: string): string {
  const { healthy, staying, floor, zone } = one;
  const without = `without the ${count(one.targets.length, 'target')} of ${context}`;
  const left = `${count(staying, 'healthy target')} of ${healthy}, and ${floor} are required`;
  const needed = port.capacity?.impaired
    ? 'and AWS reports the load balancer as impaired, as during a zonal shift, so each zone needs its own healthy targets'
    : 'and cross-zone load balancing is off, so each zone needs its own healthy targets';
  switch (one.kind) {
    case 'fail-open':
      return `no target of ${portText(port)} is healthy anywhere. The load balancer then sends connections to every registered target, and the ${count(one.targets.length, 'target')} of ${context} may be the only ${one.targets.length === 1 ? 'one that answers' : 'ones that answer'}`;
    case 'port':
      return `${without}, ${portText(port)} would have ${staying > 0 ? left : port.standing.length === port.goes.length ? `no target at all, and clients that connect there get no answer until a cluster joins again` : 'no healthy target'}`;
    case 'zone':
      return staying > 0
        ? `${without}, zone ${zone} of ${portText(port)} would have ${left}`
        : `${without}, zone ${zone} of ${portText(port)} would have no healthy target${port.capacity?.crossZone && !port.capacity.impaired ? '' : `, ${needed}`}`;
    case 'zone-unknown':
      return `${without}, a zone of ${portText(port)} may have no healthy target left: the zone of some healthy targets is not known, ${needed}`;
  }
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

/** Only what this leave deregisters is weighed. A binding that is being deleted cannot be kept. */
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

/** What a leave would cost others, or leave behind: refusals that name the number of targets. */
export const leavingChecks: readonly Check<LeaveCase>[] = Object.entries(stakings).map(([id, of]) =>
  check(id as Code, 'blocker', (subject) => of(subject).map(({ problem }) => problem)),
);
