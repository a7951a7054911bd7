import { progressOf } from '../../src/core/progress/progress.ts';
import { plansOfMembers } from '../../src/core/verify/agreement.ts';
import { verdictOf } from '../../src/core/verify/verify.ts';
import { enrollmentOf } from '../../src/core/observed/owner.ts';
import type { VerifyIntent } from '../../src/core/model/intent.ts';
import type { Observed } from '../../src/core/observed/observed.ts';
import {
  attributesKey,
  type ClusterBuilder,
  endpointsAt,
  flagKey,
  service,
} from '../core/cluster-builder.ts';
import {
  enabledAnnotations,
  enabledPrimary,
  joinedSecondary,
  observed,
  primaryTargets,
  secondaryTargets,
  unreadable,
  type WorldParts,
} from '../core/world.ts';
import { a as onePeer, b as otherPeer, shared, targets as peerTargets } from '../core/peers.ts';

/** What may be the matter with either cluster. */
const faults: Readonly<Record<string, (cluster: ClusterBuilder) => ClusterBuilder>> = {
  nothing: (c) => c,
  'Service in deletion': (c) => c.editService({ terminating: true }),
  'no Service': (c) => c.service(undefined),
  'another port': (c) =>
    c.editService({ ports: [{ name: 'http', port: 81, targetPort: 80, protocol: 'TCP' }] }),
  'another protocol': (c) =>
    c.editService({ ports: [{ name: 'http', port: 80, targetPort: 80, protocol: 'SCTP' }] }),
  'an ExternalName': (c) => c.editService({ type: 'ExternalName' }),
  'the other family': (c) => c.editService({ ipFamilies: ['IPv6'] }),
  'no finalizer': (c) => c.editService({ finalizers: [] }),
  'no flag': (c) =>
    c.editService({ annotations: { [attributesKey]: 'deletion_protection.enabled=true' } }),
  'a malformed flag': (c) =>
    c.editService({ annotations: { ...enabledAnnotations, [flagKey]: 'yes' } }),
  'malformed attributes': (c) =>
    c.editService({ annotations: { ...enabledAnnotations, [attributesKey]: 'x' } }),
  'no protection': (c) => c.editService({ annotations: { [flagKey]: 'true' } }),
  'an exclusive binding': (c) => c.editBindings({ multiCluster: false }),
  'a binding in deletion': (c) => c.editBindings({ terminating: true }),
  'a binding that nobody acted on': (c) => c.editBindings({ generation: 2 }),
  'no rules': (c) => c.editBindings({ networking: [] }),
  'rules for another port': (c) =>
    c.editBindings({ networking: [{ from: [], ports: [{ protocol: 'TCP', port: 81 }] }] }),
  'an old controller': (c) => c.controller({ version: '2.9.0' }),
  'a controller that is down': (c) => c.controller({ readyReplicas: 0 }),
  'a controller of another name': (c) => c.controller({ clusterName: 'pri' }),
  'a controller that nobody may read': (c) => c.with({ controller: unreadable() }),
  'an old CRD': (c) => c.with({ crdMultiCluster: { ok: true, value: false } }),
  'no right to list everywhere': (c) => c.with({ bindingsScope: 'namespace' }),
  'EKS Auto Mode': (c) => c.editBindings({ flavour: 'auto-mode' }),
  'no record': (c) => c.with({ tracked: {} }),
  'no pods': (c) => c.endpoints([]),
  'a pod more': (c) => c.endpoints(endpointsAt(['10.0.1.1', '10.0.2.1', '10.0.9.1'])),
  'another identity': (c) => c.with({ identity: { ok: true, value: 'uid-pri' } }),
};

const both = [...primaryTargets, ...secondaryTargets];

/** What may be the matter in AWS, where these targets are the members'. */
const awsWith = (all: readonly string[]): Readonly<Record<string, Partial<WorldParts>>> => ({
  nothing: {},
  'no protection in AWS': { protection: 'false' },
  'a target of nobody': { targets: { 80: [...all, '10.0.3.9:80'] } },
  'a target too few': { targets: { 80: all.slice(0, -1) } },
  'an unhealthy target': { targets: { 80: [...all.slice(0, -1), `${all.at(-1)} unhealthy`] } },
  'an impaired load balancer': { balancer: { state: 'active_impaired' } },
  'no listener': { group: { loadBalancerArns: [] } },
});

const intent: VerifyIntent = {
  service,
  minHealthy: 1,
  knownTargets: [],
  allowUnprotected: false,
  acceptUnread: true,
};

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
  const green = worlds.filter(({ seen }) => verdictOf(seen, intent).exit === 0);
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
