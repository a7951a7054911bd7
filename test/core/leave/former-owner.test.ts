import { known } from '../../../src/core/model/problem.ts';
import type { Plan } from '../../../src/core/plan/plan.ts';
import type { ClusterBuilder } from '../cluster-builder.ts';
import { member, ours, plan } from '../leaving.ts';
import { codesOf, hostname, primaryTags, unreadable } from '../world.ts';

/** A Service that owned the load balancer once: released, with a class that nobody serves. */
const former = (): ClusterBuilder =>
  member()
    .editService({ labels: ours, type: 'LoadBalancer', loadBalancerClass: 'nobody', hostname })
    .with({ externalDns: known([]) });

const annotated = { 'external-dns.alpha.kubernetes.io/hostname': 'web.example' };
const running = { externalDns: known([{ namespace: 'dns', name: 'external-dns' }]) };
const leave = (sec: ClusterBuilder, deleteService = true): Plan => plan(sec, { deleteService });
const kindsOf = ({ steps }: Plan): readonly string[] => steps.map(({ kind }) => kind);

test('it leaves, and its Service goes with it: that has no load balancer of its own any more', () => {
  const made = leave(former());
  expect(codesOf(made.blockers)).toEqual([]);
  expect(codesOf(made.cautions)).toEqual([]);
  expect(kindsOf(made)).toEqual(['delete-binding', 'wait', 'delete-service']);
});

const unaddressed = (): ClusterBuilder =>
  member().editService({ labels: ours, type: 'LoadBalancer', loadBalancerClass: 'nobody' });

test.each([
  [
    'the finalizer is there again, so two Services claim the load balancer',
    former().editService({ finalizers: ['service.k8s.aws/resources'] }),
    'owner-disputed',
  ],
  [
    'it has the address of another load balancer',
    former().editService({ hostname: 'other.elb.amazonaws.com' }),
    'service-not-ours',
  ],
  ['it has no address', unaddressed(), 'service-not-ours'],
])('%s: its Service stays', (_, sec, code) => expect(codesOf(leave(sec).blockers)).toEqual([code]));

test.each([
  ['external-dns may keep a record of it', former().editService({ annotations: annotated })],
  ['external-dns runs, and the Service shows the address', former().with(running)],
  [
    'a Service that never owned has the annotation',
    member().editService({ labels: ours, annotations: annotated }),
  ],
])('%s: a person has to accept that', (_, sec) => {
  const { blockers, cautions } = leave(sec);
  expect(blockers).toEqual([]);
  expect(cautions.filter(({ grave }) => grave).map(({ code }) => code)).toEqual(['dns-owner']);
  // Without the deletion the record stays.
  expect(codesOf(leave(sec, false).cautions)).not.toContain('dns-owner');
});

test('external-dns runs, and the Service never had the address: no record leads from it to the load balancer', () =>
  expect(codesOf(leave(member().editService({ labels: ours }).with(running)).cautions)).toEqual(
    [],
  ));

test('whether external-dns runs could not be read: the plan says what was not checked', () => {
  const { blockers, skips } = leave(former().with({ externalDns: unreadable() }));
  expect(blockers).toEqual([]);
  expect(skips.flatMap(({ details = [] }) => details)).toContain(
    'Not checked: "No DNS record depends on the Service to delete".',
  );
});

test('while it is disputed who owns the load balancer, only the Service has to stay', () => {
  const disputed = { balancer: { tags: known({}) }, group: { tags: primaryTags } };
  const refused = plan(former(), { deleteService: true }, disputed);
  expect(codesOf(refused.blockers)).toEqual(['owner-disputed']);
  expect(refused.blockers[0]?.saves).toBe(5);
  expect(kindsOf(plan(former(), {}, disputed))).toEqual(['delete-binding']);
});
