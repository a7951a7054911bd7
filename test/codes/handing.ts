import { cautions, others, refusals } from '../core/handing-cases.ts';
import { found, type HandingParts } from '../core/handing.ts';
import { forbidden, joinedSecondary, unreadable } from '../core/world.ts';
import { advice } from '../../src/core/model/hint.ts';
import { known } from '../../src/core/model/problem.ts';
import type { Situations } from './situations.ts';

const handing = (parts: HandingParts) => () => {
  const all = found(parts);
  return [...all.blockers, ...all.cautions];
};

const each = (table: Readonly<Record<string, readonly [unknown, HandingParts, ...unknown[]]>>) =>
  Object.fromEntries(Object.entries(table).map(([what, [, parts]]) => [what, handing(parts)]));

const shifted = ['10.0.1.1', '10.0.2.1'].map((id) => ({
  target: { id, port: 80 },
  state: 'healthy' as const,
  shifted: true as const,
}));

const lost = (instances: HandingParts['facts']): HandingParts => ({
  intent: { lost: true },
  fresh: joinedSecondary(),
  targets: ['10.0.1.1:80', '10.0.2.1:80'],
  facts: instances ?? {},
});

/** What a handover is refused for, or asks. */
export const whileHandingOver: Situations = {
  ...each(refusals),
  ...each(cautions),
  'a zone is shifted away': handing({ group: { targets: known(shifted) } }),
  'NEW has no such Service': handing({ fresh: joinedSecondary().service(undefined) }),
  'OLD is said to be lost, and answers': handing(lost({ instances: known(['i-1']) })),
  'OLD is said to be lost, and EC2 is not read': handing(
    lost({ instances: unreadable({ ...forbidden, hints: [advice('Ask for the right.')] }) }),
  ),
  'a version that cannot be told': handing(others(undefined, { version: 'latest' })),
};
