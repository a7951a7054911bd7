import { planEnable } from '../../../src/core/enable/plan-enable.ts';
import { planJoin } from '../../../src/core/join/plan-join.ts';
import { verdictOf } from '../../../src/core/verify/verify.ts';
import {
  attributesKey,
  type ClusterBuilder,
  endpointsAt,
  flagKey,
  service,
  serviceWith,
} from '../cluster-builder.ts';
import { known } from '../../../src/core/model/problem.ts';
import { a, b, shared, targets } from '../peers.ts';
import { intent as joining } from '../joining.ts';
import {
  codesOf,
  enabledAnnotations,
  enabledPrimary,
  joinedSecondary,
  observed,
  primaryTargets,
  secondaryTargets,
  templates,
} from '../world.ts';

const verifying = { service, minHealthy: 1, knownTargets: [], allowUnprotected: false };

/** What enable and join would do in a world, and what verify says of it. */
function said(pri: ClusterBuilder, sec: ClusterBuilder) {
  const world = observed({
    clusters: [pri, sec],
    targets: { 80: [...primaryTargets, ...secondaryTargets] },
  });
  const enable = planEnable(world, { service, context: 'pri', settled: true });
  const join = planJoin(world, joining, templates);
  return {
    acts: [enable, join].some(({ steps, blockers }) => steps.length + blockers.length > 0),
    red: codesOf(verdictOf(world, verifying).problems),
    green: verdictOf(world, verifying).exit === 0,
  };
}

const pri = enabledPrimary;
const sec = joinedSecondary;
const annotated = (over: Record<string, string>): ClusterBuilder =>
  pri().editService({ annotations: { ...enabledAnnotations, ...over } });

test('an enrollment as it should be: nothing to say, and nothing to do', () =>
  expect(said(pri(), sec())).toEqual({ acts: false, red: [], green: true }));

describe('what enable or join would act on or refuse is not green', () => {
  test.each<[string, ClusterBuilder, ClusterBuilder]>([
    ['service-terminating', pri().editService({ terminating: true }), sec()],
    ['service-terminating', pri(), sec().editService({ terminating: true })],
    ['flag-malformed', annotated({ [flagKey]: 'yes' }), sec()],
    ['primary-not-enabled', annotated({ [flagKey]: 'false' }), sec()],
    [
      'primary-not-enabled',
      pri().editService({ annotations: { [attributesKey]: enabledAnnotations[attributesKey] } }),
      sec(),
    ],
    ['attributes-malformed', annotated({ [attributesKey]: 'a=b,' }), sec()],
    [
      'port-missing',
      pri(),
      sec().editService({ ports: [{ port: 81, targetPort: 80, protocol: 'TCP' }] }),
    ],
    [
      'protocol-mismatch',
      pri(),
      sec().editService({ ports: [{ name: 'http', port: 80, targetPort: 80, protocol: 'UDP' }] }),
    ],
    ['type-mismatch', pri(), sec().editService({ type: 'ExternalName' })],
    ['family-mismatch', pri(), sec().editService({ ipFamilies: ['IPv6'] })],
    ['same-cluster-name', pri(), sec().controller({ clusterName: 'pri' })],
    [
      'target-contested',
      pri(),
      sec().binding({ name: 'two', multiCluster: true }).tracks('two', secondaryTargets.join(',')),
    ],
    [
      'tracking-collision',
      pri().controller({ version: '3.4.3' }).binding({
        namespace: 'default-k8s',
        name: 'default-nginx-1',
        multiCluster: true,
        targetGroupArn: 'x',
      }),
      sec(),
    ],
  ])('%s: %#', (code, primary, secondary) => {
    const { red, acts, green } = said(primary, secondary);
    expect([acts, green]).toEqual([true, false]);
    expect(red).toContain(code);
  });
});

describe('where no cluster owns the load balancer, the first member is judged like the others', () => {
  const strange = (one: ClusterBuilder): ClusterBuilder =>
    one.editService({ type: 'ExternalName' });
  test.each<[string, readonly ClusterBuilder[]]>([
    ['first', [strange(a()), b()]],
    ['second', [a(), strange(b())]],
    ['alone', [strange(a())]],
  ])('listed %s', (_, clusters) => {
    const alone = clusters.length === 1 ? { targets: { 80: targets[80].slice(0, 2) } } : {};
    const { exit, problems } = verdictOf(shared({ clusters, ...alone }), verifying);
    expect([exit, codesOf(problems)]).toEqual([3, ['type-mismatch']]);
  });
});

test("a second Service of the owner's cluster is judged as join judges it", () => {
  const twin = { ...service, name: 'twin' };
  const world = (type: 'ClusterIP' | 'ExternalName') =>
    observed({
      clusters: [
        pri()
          .binding({ name: 'twin-80', serviceName: 'twin', multiCluster: true })
          .tracks('twin-80', secondaryTargets.join())
          .with({
            services: {
              ...pri().view.services,
              'default/twin': known(serviceWith({ ...twin, type })),
            },
            endpoints: {
              ...pri().view.endpoints,
              'default/twin': known(endpointsAt(['10.0.2.1', '10.0.2.2'])),
            },
          }),
      ],
      targets: { 80: [...primaryTargets, ...secondaryTargets] },
    });
  expect(codesOf(verdictOf(world('ClusterIP'), verifying).problems)).toEqual([]);
  expect(codesOf(verdictOf(world('ExternalName'), verifying).problems)).toEqual(['type-mismatch']);
});
