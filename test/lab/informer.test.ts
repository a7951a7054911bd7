import type { KubeObject } from '../../src/sandbox/kube/object.ts';
import { Informer } from './informer.ts';
import type { KubeRest } from './kube-rest.ts';
import { waitFor } from './waiting.ts';
import type { WatchEvent } from './watch.ts';

const pod = (name: string, uid: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { namespace: 'default', name, uid },
});

const END: WatchEvent = {
  type: 'BOOKMARK',
  object: {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: '', annotations: { 'k8s.io/initial-events-end': 'true' } },
  },
};

/** Watches that a test plays: the n-th call of `watch` tells the n-th list of events, and ends if it is not the last. */
function playing(lists: readonly (readonly WatchEvent[])[]): KubeRest {
  let begun = 0;
  const watch: KubeRest['watch'] = (_resource, seen, ended) => {
    const events = lists[begun] ?? [];
    begun += 1;
    const isLast = begun >= lists.length;
    setImmediate(() => {
      for (const event of events) seen(event);
      if (!isLast) ended();
    });
    return () => undefined;
  };
  return { watch } as KubeRest;
}

const added = (object: KubeObject): WatchEvent => ({ type: 'ADDED', object });

test('what went while no watch was open is missed when the next one has told what is there', async () => {
  const told: string[] = [];
  const [gone, anew, stays] = [pod('gone', '1'), pod('anew', '2'), pod('stays', '3')];
  const kube = playing([
    [added(gone), added(anew), added(stays), END],
    [added(pod('anew', '4')), added(stays), END],
  ]);
  const informer = new Informer(kube, 'pods', ({ metadata }, isGone) => {
    if (isGone) told.push(`${metadata.name}/${metadata.uid}`);
  });
  try {
    await waitFor('both watches were read', () => told.length >= 2, 10_000);
    expect(told.toSorted()).toEqual(['anew/2', 'gone/1']);
    const names = informer.objects.map(({ metadata }) => `${metadata.name}/${metadata.uid}`);
    expect(names.toSorted()).toEqual(['anew/4', 'stays/3']);
  } finally {
    informer.stop();
  }
});

test('an object that changes or goes is told at once', async () => {
  const one = pod('one', '1');
  const told: boolean[] = [];
  const kube = playing([
    [added(one), END, { type: 'MODIFIED', object: one }, { type: 'DELETED', object: one }],
  ]);
  const informer = new Informer(kube, 'pods', (_object, isGone) => told.push(isGone));
  await waitFor('it was told', () => told.length === 3, 10_000);
  expect(told).toEqual([false, false, true]);
  expect(informer.objects).toEqual([]);
  informer.stop();
});
