import { planJoin } from '../../../src/core/join/plan-join.ts';
import { isWrite } from '../../../src/core/plan/plan.ts';
import { undoOf } from '../../../src/core/plan/undo.ts';
import { hintText } from '../../../src/output/hint-text.ts';
import { arnOf, endpointsAt, type ClusterBuilder } from '../cluster-builder.ts';
import { intent, plan, spec } from '../joining.ts';
import {
  codesOf,
  enabledPrimary,
  joinedSecondary,
  observed,
  secondary,
  secondaryTargets,
  templates,
} from '../world.ts';

describe('joined already', () => {
  test('by hand, under any name: no step, and its goals are looked at', () => {
    const hand = secondary()
      .binding({ name: 'by-hand', multiCluster: true })
      .tracks('by-hand', secondaryTargets.join(','));
    const { steps, blockers, cautions, goals } = plan(hand);
    expect({ steps, blockers, cautions }).toEqual({ steps: [], blockers: [], cautions: [] });
    expect(goals[2]).toMatchObject({ binding: { name: 'by-hand' } });
  });

  test('with the flag and type left to the webhook, and a port by name', () => {
    const hand = joinedSecondary().editBindings({
      servicePort: 'http',
      spec: {
        targetGroupARN: arnOf(80),
        multiClusterTargetGroup: true,
        serviceRef: { name: 'nginx', port: 'http' },
        networking: spec.networking,
      },
    });
    expect(plan(hand)).toMatchObject({ steps: [], cautions: [] });
  });

  test('with other rules: shown, left as it is, and taken over when asked', () => {
    const open = [
      { from: [{ ipBlock: { cidr: '0.0.0.0/0' } }], ports: [{ protocol: 'TCP', port: 80 }] },
    ];
    const hand = joinedSecondary().editBindings({
      networking: open,
      spec: { ...spec, networking: { ingress: open } },
    });
    expect(plan(hand)).toMatchObject({
      steps: [],
      cautions: [],
      notes: [{ code: 'binding-differs' }],
    });
    const adopted = plan(hand, { adopt: true });
    expect(adopted.cautions).toEqual([]);
    expect(adopted.steps).toMatchObject([{ force: true, changes: [{ path: 'spec.networking' }] }]);
    const [undo] = adopted.steps.filter(isWrite).map(undoOf);
    expect(undo && hintText(undo, {}).text).toContain(
      'patch targetgroupbinding.elbv2.k8s.aws nginx --type=merge',
    );
  });

  test('is no matter of overlapping addresses or of the controller any more', () => {
    expect(plan(joinedSecondary().controller({ readyReplicas: 0 })).blockers).toEqual([]);
  });
});

describe('cautions', () => {
  test.each<[string, ClusterBuilder, ClusterBuilder]>([
    ['no-endpoints', secondary().endpoints([]), enabledPrimary()],
    [
      'zone-not-served',
      secondary().endpoints(endpointsAt(['10.0.2.1'], { zone: 'us-east-1f' })),
      enabledPrimary(),
    ],
    [
      'peer-not-attached',
      secondary(),
      enabledPrimary().editBindings({
        networking: [
          {
            from: [{ securityGroup: { groupID: 'sg-x' } }],
            ports: [{ protocol: 'TCP', port: 80 }],
          },
        ],
      }),
    ],
  ])('%s', (code, sec, pri) => {
    const { cautions, steps } = plan(sec, {}, pri);
    expect(codesOf(cautions)).toEqual([code]);
    expect(steps).toHaveLength(1);
  });

  test('health checks on the primary’s node port, and a node selector that selects none', () => {
    const pri = enabledPrimary()
      .editService({ externalTrafficPolicy: 'Local' })
      .editBindings({ targetType: 'instance', nodeSelector: { matchLabels: { edge: 'yes' } } })
      .nodes([]);
    const sec = secondary()
      .service({ type: 'NodePort' })
      .nodes([{ name: 'n', instanceId: 'i-1', ready: 'True', labels: {}, taints: [] }]);
    const healthCheck = {
      enabled: true,
      protocol: 'HTTP',
      port: '31234',
      intervalSeconds: 10,
      timeoutSeconds: 5,
      healthyThreshold: 2,
      unhealthyThreshold: 2,
    };
    const o = observed({
      clusters: [pri, sec],
      targets: { 80: [] },
      group: { targetType: 'instance', healthCheck },
    });
    expect(codesOf(planJoin(o, intent, templates).cautions)).toEqual([
      'no-endpoints',
      'node-selector-empty',
      'health-check-node-port',
      'health-check-http',
    ]);
  });
});
