import { ownerFound } from '../../../src/core/checks/owner.ts';
import { planEnable } from '../../../src/core/enable/plan-enable.ts';
import { memberFound } from '../../../src/core/join/member-found.ts';
import { planJoin } from '../../../src/core/join/plan-join.ts';
import { known } from '../../../src/core/model/problem.ts';
import { verdictOf } from '../../../src/core/verify/verify.ts';
import {
  attributesKey,
  flagKey,
  service,
  serviceWith,
  type ClusterBuilder,
} from '../cluster-builder.ts';
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

/** Everything that is said of a world: by the shared checks, by enable and join, by verify. */
function said(pri: ClusterBuilder, sec: ClusterBuilder) {
  const world = observed({
    clusters: [pri, sec],
    targets: { 80: [...primaryTargets, ...secondaryTargets] },
  });
  const [primary, secondary] = world.clusters;
  const found = primary?.service.ok ? primary.service.value : undefined;
  const shared =
    primary && secondary && found
      ? [
          ownerFound({ observed: world, cluster: primary, service: found }),
          memberFound(world, { primary, secondary, service: found }),
        ].flatMap(({ blockers, cautions }) => [...blockers, ...cautions])
      : [];
  const enable = planEnable(world, { service, context: 'pri', settled: true });
  const join = planJoin(world, joining, templates);
  return {
    shared: codesOf(shared),
    acts: [enable, join].some(({ steps, blockers }) => steps.length + blockers.length > 0),
    green: verdictOf(world, verifying).exit === 0,
  };
}

const pri = enabledPrimary;
const sec = joinedSecondary;
const annotated = (over: Record<string, string>): ClusterBuilder =>
  pri().editService({ annotations: { ...enabledAnnotations, ...over } });

test('an enrollment as it should be: nothing to say, and nothing to do', () =>
  expect(said(pri(), sec())).toEqual({ shared: [], acts: false, green: true }));

describe('what enable or join would act on or refuse is found by the checks that verify shares', () => {
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
    ['binding-conflict', pri(), sec().binding({ name: 'two', multiCluster: true })],
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
    const { shared, acts } = said(primary, secondary);
    expect(acts).toBe(true);
    expect(shared).toContain(code);
  });

  test.each<[string, ClusterBuilder, ClusterBuilder]>([
    ['controller-too-old', pri().controller({ version: '2.9.0' }), sec()],
    ['field-stripped', pri().with({ crdMultiCluster: known(false) }), sec()],
    ['service-missing', pri(), sec().service(undefined)],
  ])('and what takes the sharing away unasked: %s', (code, primary, secondary) =>
    expect(said(primary, secondary).shared).toContain(code),
  );

  test('a member that joined with a Service of another name is judged by that one', () => {
    const web = serviceWith({ name: 'web', uid: 'uid-web', terminating: true });
    const other = sec()
      .editBindings({ serviceName: 'web' })
      .with({ services: { ...sec().view.services, 'default/web': known(web) } });
    expect(said(pri(), other).shared).toEqual(['service-terminating']);
  });
});
