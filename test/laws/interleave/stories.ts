import { type Name, names } from './scene.ts';

type Story = readonly (readonly [what: string, who: 'one' | 'other' | 'pri'])[];

/**
 * What tends to go wrong together (hazards of a shared target group): each step is an act or a
 * command, and which of the story's clusters it is for. A schedule strews such stories in, with
 * other things between their steps. `one` is no primary; `other` is any other
 * cluster.
 */
export const stories: readonly Story[] = [
  // A binding that loses its flag on the way would own the target group.
  [
    ['strike', 'one'],
    ['join', 'one'],
  ],
  // A record from an earlier life names addresses that others have by now.
  [
    ['strip', 'one'],
    ['rollout', 'one'],
    ['reuse', 'other'],
    ['reuse', 'other'],
    ['join', 'one'],
  ],
  // A dead pod's target stays, tracked, and its address comes alive elsewhere.
  [
    ['orphan', 'other'],
    ['reuse', 'one'],
    ['reuse', 'one'],
  ],
  [
    ['orphan', 'one'],
    ['reuse', 'other'],
    ['repair', 'pri'],
  ],
  // What controllers have forgotten, they are made to look at again.
  [
    ['forget', 'one'],
    ['restart', 'one'],
    ['kill', 'one'],
    ['repair', 'pri'],
  ],
  // A cluster that is gone for a while, and what is taken for its remains.
  [
    ['orphan', 'one'],
    ['strip', 'one'],
    ['reuse', 'other'],
    ['purge', 'pri'],
  ],
  // Who leaves is the last one that serves.
  [
    ['empty', 'pri'],
    ['leave', 'one'],
  ],
  // Those who leave together are the last ones that serve.
  [
    ['join several', 'one'],
    ['empty', 'pri'],
    ['leave several', 'one'],
  ],
  // Who takes another's place has a target that died, or its controller is gone for a while.
  [
    ['join several', 'one'],
    ['orphan', 'other'],
    ['replace', 'one'],
  ],
  // By a document that was true once: the owner has other pods by now, or shares no more.
  [
    ['show', 'pri'],
    ['rollout', 'pri'],
    ['join by a document', 'one'],
  ],
  [
    ['show', 'pri'],
    ['flag', 'pri'],
    ['verify by a document', 'other'],
    ['join by a document', 'one'],
  ],
  // Sharing is asked for, and for a while nobody acts on it.
  [
    ['hang', 'pri'],
    ['enroll', 'pri'],
  ],
  // The controller is gone, and an address that it recorded is alive elsewhere.
  [
    ['uninstall', 'one'],
    ['orphan', 'one'],
    ['uninstall', 'one'],
    ['reuse', 'other'],
    ['leave', 'one'],
  ],
  // The end of sharing, asked for while others are still there.
  [
    ['join', 'one'],
    ['disable', 'pri'],
  ],
];

/** The same around a handover. */
export const handoverStories: readonly Story[] = [
  // Another cluster owns the load balancer, and controllers know what they knew.
  [
    ['join', 'one'],
    ['handover', 'one'],
    ['restart', 'pri'],
    ['rollout', 'one'],
    ['handover', 'one'],
  ],
  [
    ['join', 'one'],
    ['handover', 'one'],
    ['revert', 'pri'],
    ['handover', 'one'],
  ],
];

/** The clusters of a story by their parts, chosen by two numbers from 0 to 1. */
export function castOf(a: number, b: number): Readonly<Record<'one' | 'other' | 'pri', Name>> {
  const one = names[1 + Math.floor(a * (names.length - 1))] ?? 'sec';
  const others = names.filter((name) => name !== one);
  return { one, other: others[Math.floor(b * others.length)] ?? 'pri', pri: 'pri' };
}
