import type { Binding, Service } from '../../../src/core/model/kubernetes.ts';
import { known } from '../../../src/core/model/problem.ts';
import { withoutReleased } from '../../../src/core/observed/owner-claims.ts';
import { enrollmentOf, ownedBy } from '../../../src/core/observed/owner.ts';
import type { ClusterBuilder } from '../cluster-builder.ts';
import { service } from '../cluster-builder.ts';
import {
  enabledPrimary,
  hostname,
  joinedSecondary,
  primaryTags,
  unreadable,
  type WorldParts,
} from '../world.ts';
import { world } from '../verifying.ts';

const tagsOf = (cluster: string, stack = 'default/nginx') =>
  known({ 'elbv2.k8s.aws/cluster': cluster, 'service.k8s.aws/stack': stack });
const none = known({});

/** What was found: `Service default/nginx of pri`, `none`, `unread`, or the kind of dispute. */
function found(parts: Partial<WorldParts>): string {
  const owner = enrollmentOf(world(parts))!.owner;
  if (owner.kind === 'disputed') return owner.dispute.kind;
  return 'name' in owner ? ownedBy(owner) : owner.kind;
}

const finalizers = ['service.k8s.aws/resources'];
const pri = enabledPrimary;
const sec = joinedSecondary;
/** A Service that its controller has released: as an observation has it, whatever its labels say. */
const released = (over: Partial<Service> = {}): ClusterBuilder =>
  pri()
    .editService({ finalizers: [], type: 'NodePort', hostname, ...over })
    .unlabelled();
/** The secondary's Service, taken over by its controller. */
const adopted = (): ClusterBuilder =>
  sec()
    .editService({ finalizers, hostname })
    .editBindings({ stack: { kind: 'service', ...service } });
const nameless = (builder: ClusterBuilder): ClusterBuilder =>
  builder.with({ controller: unreadable() });
const autoMode = { flavour: 'auto-mode' } satisfies Partial<Binding>;

const ofPri = 'Service default/nginx of pri';
const ofSec = 'Service default/nginx of sec';

type Row = readonly [
  what: string,
  clusters: readonly ClusterBuilder[],
  balancer: NonNullable<WorldParts['balancer']>['tags'],
  groups: NonNullable<WorldParts['group']>['tags'],
  owner: string,
];

const rows: readonly Row[] = [
  ['the tags confirm the claim', [pri(), sec()], primaryTags, primaryTags, ofPri],
  ['no tags were read', [pri(), sec()], undefined, undefined, ofPri],
  ['tags may not be read', [pri(), sec()], unreadable(), unreadable(), ofPri],
  ['the claim has no tags', [pri(), sec()], none, primaryTags, 'claim-without-tags'],
  [
    'the tag of the cluster is gone',
    [pri(), sec()],
    known({ 'service.k8s.aws/stack': 'default/nginx' }),
    primaryTags,
    'claim-without-tags',
  ],
  ['the tags name a listed secondary', [pri(), sec()], tagsOf('sec'), undefined, 'tags-of-another'],
  [
    'the tags name another Service of the cluster',
    [pri(), sec()],
    tagsOf('pri', 'default/other'),
    undefined,
    'tags-of-another',
  ],
  ['the tags name a cluster that is not listed', [pri(), sec()], tagsOf('ter'), undefined, ofPri],
  ['that cluster is not listed either', [pri()], tagsOf('sec'), tagsOf('sec'), ofPri],
  ['the controller may not be read', [nameless(pri()), sec()], primaryTags, undefined, ofPri],
  [
    'the controllers of the other clusters may not be read',
    [pri(), nameless(sec())],
    tagsOf('sec'),
    undefined,
    ofPri,
  ],
  [
    'the controller may not be read, and the tags name another listed cluster',
    [nameless(pri()), sec()],
    tagsOf('sec'),
    undefined,
    'tags-of-another',
  ],
  ['two claims', [pri(), adopted()], primaryTags, primaryTags, 'two-claims'],
  ['two claims, and no tags were read', [pri(), adopted()], undefined, undefined, 'two-claims'],
  [
    'a claim by the finalizer and the address alone',
    [pri(), sec().editService({ finalizers, hostname: hostname.toUpperCase() })],
    primaryTags,
    primaryTags,
    'two-claims',
  ],
  [
    'a Service with a load balancer of its own',
    [pri(), sec().editService({ finalizers, hostname: 'own.elb.amazonaws.com' })],
    primaryTags,
    primaryTags,
    ofPri,
  ],
  [
    'one cluster under two contexts',
    [pri(), pri().with({ context: 'alias' })],
    primaryTags,
    primaryTags,
    ofPri,
  ],
  ['handed over', [released(), adopted()], tagsOf('sec'), tagsOf('sec'), ofSec],
  ['handed over, in the other order', [adopted(), released()], tagsOf('sec'), undefined, ofSec],
  [
    'handed over to a cluster that is not listed',
    [released()],
    tagsOf('ter'),
    tagsOf('ter'),
    'Service default/nginx of cluster ter',
  ],
  [
    'released, and the tags are as they were',
    [released(), sec()],
    primaryTags,
    primaryTags,
    'tags-without-claim',
  ],
  [
    'released, and the tags name a secondary that has not adopted it',
    [released(), sec()],
    tagsOf('sec'),
    tagsOf('sec'),
    'tags-without-claim',
  ],
  [
    'released, and put back while the other one owns it',
    [released({ finalizers }), adopted()],
    tagsOf('sec'),
    tagsOf('sec'),
    'two-claims',
  ],
  [
    'the Service that the tags name is gone',
    [pri().service(undefined).unlabelled(), sec()],
    primaryTags,
    primaryTags,
    'tags-without-claim',
  ],
  [
    'the Service that the tags name may not be read',
    [pri().unlabelled().with({ service: unreadable(), services: {} }), sec()],
    primaryTags,
    primaryTags,
    ofPri,
  ],
  [
    'bindings may not be read, and the Service is managed',
    [pri().with({ bindings: unreadable() }), sec()],
    primaryTags,
    primaryTags,
    ofPri,
  ],
  ['released, and no tags', [released(), sec()], none, none, 'none'],
  ['released, and the tags may not be read', [released(), sec()], none, unreadable(), 'unread'],
  ['the same of the load balancer', [released(), sec()], unreadable(), none, 'unread'],
  [
    'the group still has the tags',
    [released(), sec()],
    none,
    tagsOf('ter'),
    'Service default/nginx of cluster ter',
  ],
  [
    'the group has the tags of another cluster',
    [pri(), sec()],
    primaryTags,
    tagsOf('ter'),
    'groups-of-another',
  ],
  ['the group has lost its tags', [pri(), sec()], primaryTags, none, 'groups-of-another'],
  [
    'nobody claims, and group and load balancer name two clusters',
    [released(), sec()],
    tagsOf('ter'),
    tagsOf('pri'),
    'groups-of-another',
  ],
  ['the group may not be read', [pri(), sec()], primaryTags, unreadable(), ofPri],
  [
    'a group of EKS Auto Mode may have other tags, which are not documented',
    [pri().editBindings(autoMode), sec()],
    none,
    none,
    ofPri,
  ],
  [
    'a group with the tag that EKS Auto Mode requires for secondaries',
    [released(), sec()],
    none,
    known({ 'eks:eks-cluster-name': 'sec' }),
    'none',
  ],
];

test.each(rows)('%s', (_, clusters, balancer, groups, owner) => {
  expect(
    found({
      clusters,
      ...(balancer ? { balancer: { tags: balancer } } : {}),
      ...(groups ? { group: { tags: groups } } : {}),
    }),
  ).toBe(owner);
});

test('target groups of several load balancers have no owner in common', () =>
  expect(found({ balancer: { tags: none }, group: { loadBalancerArns: ['arn:other'] } })).toBe(
    ofPri,
  ));

describe('labels of a Service that its controller has released', () => {
  const made = (builder: ClusterBuilder): boolean => {
    const { bindings } = withoutReleased(builder.view);
    return bindings.ok && bindings.value.some(({ stack }) => stack !== undefined);
  };

  test.each([
    ['a Service with the finalizer', pri(), true],
    ['a Service without it', pri().editService({ finalizers: [] }), false],
    ['no Service', pri().service(undefined), true],
    ['a Service that may not be read', pri().with({ service: unreadable(), services: {} }), true],
    [
      'a Service that was not read',
      pri().with({ services: {}, localService: { namespace: 'default', name: 'x' } }),
      true,
    ],
    [
      'a Gateway',
      pri()
        .editService({ finalizers: [] })
        .editBindings({ stack: { kind: 'gateway', ...service } }),
      true,
    ],
  ])('%s', (_, builder, counts) => expect(made(builder)).toBe(counts));
});
