import { handoverOpen } from '../../../src/core/checks/handover-open.ts';
import { handoverUnderWay } from '../../../src/core/observed/handover-under-way.ts';
import type { Service } from '../../../src/core/model/kubernetes.ts';
import type { ClusterBuilder } from '../cluster-builder.ts';
import { owner } from '../handing.ts';
import { typed } from '../typed.ts';
import { joinedSecondary, observed } from '../world.ts';

const OWNED = ['service.k8s.aws/resources'];
const noted = (builder: ClusterBuilder, note: string | undefined, over: Partial<Service>) =>
  builder.editService({
    annotations: note === undefined ? {} : { 'nlbmc/handover': note },
    ...(note === undefined ? {} : { handoverNote: { value: note, at: '2026-11-23T12:00:00Z' } }),
    ...over,
  });

const FACE = { type: 'LoadBalancer', finalizers: [] } as const;
const PLAIN = { type: 'NodePort', finalizers: [] } as const;
const HELD = { type: 'LoadBalancer', finalizers: OWNED } as const;

test('where only the new cluster is listed, the other one is to be listed, or it is lost', () => {
  const fresh = noted(joinedSecondary(), 'tagged sec', PLAIN);
  const [first] = handoverOpen(observed({ clusters: [fresh], targets: { 80: [] } }));
  expect(typed(first).split('\n')).toEqual([
    expect.stringMatching(/: nlbmc verify nginx .*--context …,sec$/),
    expect.stringMatching(
      /^if that cluster is lost, .*: nlbmc handover nginx .*--old … --new sec --lost$/,
    ),
  ]);
});

/** What has been done last, which way, and the clusters that give and take the load balancer. */
test.each<
  [
    string,
    readonly [string | undefined, Partial<Service>],
    readonly [string | undefined, Partial<Service>],
    readonly unknown[] | undefined,
  ]
>([
  ['nothing', [undefined, HELD], [undefined, PLAIN], undefined],
  ['release', ['released', FACE], [undefined, PLAIN], ['release', false, 'pri', 'sec']],
  ['retag', ['tagged sec', FACE], ['tagged sec', PLAIN], ['retag', false, 'pri', 'sec']],
  ['adopt', ['tagged sec', FACE], ['tagged sec', HELD], ['adopt', false, 'pri', 'sec']],
  [
    'retag, on the way back',
    ['tagged pri', FACE],
    ['tagged pri', PLAIN],
    ['retag', true, 'sec', 'pri'],
  ],
  [
    'adopt, on the way back',
    ['tagged pri', HELD],
    ['tagged pri', PLAIN],
    ['adopt', true, 'sec', 'pri'],
  ],
  ['retag, to no cluster', ['untagged', FACE], [undefined, PLAIN], ['retag', false, 'pri', 'none']],
  [
    'retag, from a cluster that is lost',
    [undefined, PLAIN],
    ['tagged sec', PLAIN],
    ['retag', false, undefined, 'sec'],
  ],
  [
    'release, on the way back',
    [undefined, FACE],
    ['released', PLAIN],
    ['release', true, 'sec', 'pri'],
  ],
])('%s is done', (_, old, fresh, expected) => {
  const clusters = [noted(owner(), ...old), noted(joinedSecondary(), ...fresh)];
  const open = handoverUnderWay(observed({ clusters, targets: { 80: [] } }));
  const taker = open?.taker;
  const to = taker === 'none' ? taker : taker?.context;
  const found = open && [open.done, open.back, open.giver?.cluster.context, to];
  expect(found).toEqual(expected);
});
