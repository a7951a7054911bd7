import { handoverUnderWay } from '../../../src/core/observed/handover-under-way.ts';
import type { Service } from '../../../src/core/model/kubernetes.ts';
import type { ClusterBuilder } from '../cluster-builder.ts';
import { owner } from '../handing.ts';
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

/** What has been done last, which way, and the clusters of --old and --new. */
test.each<
  [
    string,
    readonly [string | undefined, Partial<Service>],
    readonly [string | undefined, Partial<Service>],
    readonly unknown[] | undefined,
  ]
>([
  ['nothing', [undefined, HELD], [undefined, PLAIN], undefined],
  ['release', ['released', FACE], [undefined, PLAIN], ['release', false, 'pri', undefined]],
  ['retag', ['tagged sec', FACE], ['tagged sec', PLAIN], ['retag', false, 'pri', 'sec']],
  ['adopt', ['tagged sec', FACE], ['tagged sec', HELD], ['adopt', false, 'pri', 'sec']],
  [
    'retag, on the way back',
    ['tagged pri', FACE],
    ['tagged pri', PLAIN],
    ['retag', true, 'pri', 'sec'],
  ],
  [
    'adopt, on the way back',
    ['tagged pri', HELD],
    ['tagged pri', PLAIN],
    ['adopt', true, 'pri', 'sec'],
  ],
  [
    'release, on the way back',
    [undefined, FACE],
    ['released', PLAIN],
    ['release', true, undefined, 'sec'],
  ],
])('%s is done', (_, old, fresh, expected) => {
  const clusters = [noted(owner(), ...old), noted(joinedSecondary(), ...fresh)];
  const open = handoverUnderWay(observed({ clusters, targets: { 80: [] } }));
  const found = open && [
    open.done,
    open.back,
    open.old?.cluster.context,
    open.new?.cluster.context,
  ];
  expect(found).toEqual(expected);
});
