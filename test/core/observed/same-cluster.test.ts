import type { Service } from '../../../src/core/model/kubernetes.ts';
import { known, type Reading } from '../../../src/core/model/problem.ts';
import { sameCluster, sameness, unprovenOf } from '../../../src/core/observed/same-cluster.ts';
import { cluster, serviceWith } from '../cluster-builder.ts';
import { codesOf, unreadable } from '../world.ts';

type Asked = Reading<Service | undefined>;

const uid = (text: string): Asked => known(serviceWith({ uid: text }));
const absent: Asked = known(undefined);
const forbidden: Asked = unreadable();

const view = (context: string, identity: Reading<string>, asked: Asked) =>
  cluster(context).with({ identity, services: { 'default/nginx': asked } }).view;

describe('two contexts', () => {
  test.each<[Reading<string>, Asked, Reading<string>, Asked, ReturnType<typeof sameness>]>([
    [known('a'), uid('1'), known('a'), forbidden, 'same'],
    // A name, and even the same Service UID by accident, say nothing against kube-system's.
    [known('a'), uid('1'), known('b'), uid('1'), 'different'],
    [known('a'), uid('1'), unreadable(), uid('1'), 'same'],
    [known('a'), uid('1'), unreadable(), uid('2'), 'different'],
    [unreadable(), uid('1'), unreadable(), absent, 'different'],
    [unreadable(), absent, unreadable(), uid('1'), 'different'],
    [unreadable(), uid('1'), unreadable(), forbidden, 'unknown'],
    [unreadable(), forbidden, known('a'), uid('1'), 'unknown'],
    [unreadable(), absent, unreadable(), absent, 'unknown'],
  ])('%#: proven by an object, never named', (identityA, a, identityB, b, expected) => {
    const [one, two] = [view('x', identityA, a), view('y', identityB, b)];
    expect(sameness(one, two)).toBe(expected);
    expect(sameCluster(one, two)?.code).toBe(expected === 'same' ? 'same-cluster' : undefined);
    const unproven = unprovenOf(one, two);
    expect(unproven.length > 0).toBe(expected === 'unknown');
    expect(unproven.every(({ unread }) => unread)).toBe(true);
    if (expected === 'unknown') expect(codesOf(unproven)).toContain('api-forbidden');
  });
});
