import type { Code } from '../model/codes.ts';
import type { About, Problem } from '../model/problem.ts';
import { type Check, check, type Finding, type Wrong } from '../plan/check.ts';
import type { NlbmcHint, OptionValue } from '../model/hint.ts';
import type { HandoverIntent } from '../model/intent.ts';
import { handoverHint } from '../model/nlbmc-hints.ts';
import { type HandoverCase, type Side, sidesOf } from './handover-case.ts';

type Skip = Extract<Finding, { kind: 'skip' }>;
type Found = readonly Wrong[] | Wrong | Skip | undefined;

/** What a handover is, as far as its checks differ. `back` is the way back of each of the others. */
export type Way = 'forward' | 'lost' | 'none' | 'back';

/** What the person wants: the load balancer goes to NEW, from a lost cluster, to no cluster, or back to OLD. */
export function wayOf({ intent }: Pick<HandoverCase, 'intent'>): Way {
  if (intent.back) return 'back';
  if (intent.lost) return 'lost';
  return intent.new === undefined ? 'none' : 'forward';
}

/** A check of one side. Where the handover does not have that side, it passes. */
export const sideCheck = (
  which: 'from' | 'to',
  id: Code,
  severity: Check<HandoverCase>['severity'],
  look: (side: Side, subject: HandoverCase) => Found,
): Check<HandoverCase> =>
  check(id, severity, (subject) => {
    const side = subject[which];
    return side && look(side, subject);
  });

/** The same check of each side that the handover has: what is wrong counts before what was not checked. */
export const eachSideCheck = (
  id: Code,
  severity: Check<HandoverCase>['severity'],
  look: (side: Side, subject: HandoverCase) => Found,
): Check<HandoverCase> =>
  check(id, severity, (subject) => {
    const found = sidesOf(subject).map((side) => look(side, subject));
    const wrong = found.flatMap((one) => (one === undefined || isSkip(one) ? [] : one));
    return wrong.length > 0 ? wrong : found.find((one) => one !== undefined && isSkip(one));
  });

const isSkip = (found: NonNullable<Found>): found is Skip => 'kind' in found;

/** A fact without which nothing may be written: the command ends with 8, not with a refusal. */
export const needed = (problem: Problem, about: About = {}): Problem => ({
  ...problem,
  about: { ...about, ...problem.about },
  unread: true,
});

/** What a problem of the Service of a side is about. */
export const aboutSide = ({ cluster, service }: Side): About => ({
  cluster: cluster.context,
  service,
});

/** The Service of a side as messages call it. */
export const sideText = ({ cluster, service }: Side): string =>
  `Service ${service.namespace}/${service.name} in ${cluster.context}`;

/** The same command, with these words of the person's changed. */
export function typedAgain(
  { intent, observed }: Pick<HandoverCase, 'intent' | 'observed'>,
  changed: Partial<HandoverIntent> = {},
  more: Readonly<Record<string, OptionValue>> = {},
): NlbmcHint {
  const others = observed.clusters
    .map(({ context }) => context)
    .filter((context) => context !== intent.old && context !== intent.new);
  return handoverHint({ ...intent, ...changed }, others, more);
}
