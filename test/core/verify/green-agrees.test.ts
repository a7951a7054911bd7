import { planEnable } from '../../../src/core/enable/plan-enable.ts';
import { planJoin } from '../../../src/core/join/plan-join.ts';
import { verdictOf } from '../../../src/core/verify/verify.ts';
import { attributesKey, flagKey, service, type ClusterBuilder } from '../cluster-builder.ts';
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
