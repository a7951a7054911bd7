import { progressOf } from '../../src/core/progress/progress.ts';
import { plansOfMembers } from '../../src/core/verify/agreement.ts';
import { verdictOf } from '../../src/core/verify/verify.ts';
import { enrollmentOf } from '../../src/core/observed/owner.ts';
import type { Observed } from '../../src/core/observed/observed.ts';
import { enabledPrimary, joinedSecondary, observed } from '../core/world.ts';
import { a as onePeer, b as otherPeer, shared, targets as peerTargets } from '../core/peers.ts';
import { asked, awsWith, both, faults } from './faulty-clusters.ts';

interface World {
  readonly name: string;
  readonly seen: Observed;
}

const ofService: readonly World[] = Object.entries(faults).flatMap(([a, first]) =>
  Object.entries(faults).flatMap(([b, second]) =>
    Object.entries(awsWith(both)).map(([c, parts]) => ({
      name: `${a} in the primary, ${b} in the secondary, ${c} in AWS`,
      seen: observed({
        clusters: [first(enabledPrimary()), second(joinedSecondary())],
        targets: { 80: both },
        ...parts,
      }),
    })),
  ),
);

/** Where no cluster owns the load balancer the members are alike: what is wrong is wrong in one of them. */
const ofNone: readonly World[] = Object.entries(faults).flatMap(([a, fault]) =>
  Object.entries(awsWith(peerTargets[80])).map(([c, parts]) => ({
    name: `${a} in one cluster, nothing in the other, ${c} in AWS`,
    seen: shared({ clusters: [fault(onePeer()), otherPeer()], ...parts }),
  })),
);

/** What the commands would refuse, change or wait for: nothing of it, where they agree with green. */
function objections({ seen }: World): readonly string[] {
  const enrollment = enrollmentOf(seen);
  if (!enrollment) return ['there is no enrollment'];
  return plansOfMembers(seen, enrollment).flatMap(({ command, observed: at, plan }) => [
    ...plan.blockers.filter(({ unread }) => !unread).map(({ code }) => `${command}: ${code}`),
    ...plan.steps.map(({ kind }) => `${command}: ${kind}`),
    ...plan.goals
      .map((goal) => progressOf(goal, at, {}).progress)
      .filter(({ state }) => state !== 'done')
      .map(({ goal, text }) => `${command}: ${goal.kind}: ${text}`),
  ]);
}

describe.each([
  { owner: 'a Service', worlds: ofService, fewestGreen: 4, fewestSingle: 21, most: 2 },
  { owner: 'no cluster', worlds: ofNone, fewestGreen: 4, fewestSingle: 7, most: 3 },
])('law 9, where $owner owns the load balancer', ({ worlds, fewestGreen, fewestSingle, most }) => {
  const green = worlds.filter(({ seen }) => verdictOf(seen, asked).exit === 0);
  const objected = worlds.filter((world) => objections(world).length > 0);

  test('where verify is green, enable by the owner and join of each member have no step, no blocker, and their goals hold', () => {
    expect(
      green.flatMap((world) => objections(world).map((text) => `${world.name}: ${text}`)),
    ).toEqual([]);
  });

  test('the property is about something: worlds are green, and in many of them a command objects', () => {
    expect(green.map(({ name }) => name)).toContain(
      worlds.find(({ name }) => /^nothing.*nothing.*nothing/.test(name))?.name,
    );
    expect(green.length).toBeGreaterThanOrEqual(fewestGreen);
    expect(objected.length).toBeGreaterThan(worlds.length / most);
  });

  test('each single fault that a command objects to makes verify red or unknown', () => {
    const single = objected.filter(
      ({ name }) =>
        name.split(',').filter((part) => part.trim().startsWith('nothing in')).length === 2,
    );
    expect(single.length).toBeGreaterThanOrEqual(fewestSingle);
    expect(single.filter((world) => green.includes(world)).map(({ name }) => name)).toEqual([]);
  });
});
