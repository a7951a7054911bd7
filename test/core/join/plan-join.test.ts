import type { JoinIntent } from '../../../src/core/model/intent.ts';
import { planJoin } from '../../../src/core/join/plan-join.ts';
import { known } from '../../../src/core/model/problem.ts';
import { typed } from '../typed.ts';
import { applied } from '../apply.ts';
import { arnOf, cluster, endpointsAt, service, type ClusterBuilder } from '../cluster-builder.ts';
import { intent, spec, plan, world } from '../joining.ts';
import {
  codesOf,
  enabledPrimary,
  joinedSecondary,
  observed,
  secondary,
  templates,
} from '../world.ts';

describe('what is written', () => {
  test('a binding for the port, and nothing of LBC’s own labels', () => {
    const { steps, blockers, cautions, goals } = plan(secondary());
    expect({ blockers, cautions }).toEqual({ blockers: [], cautions: [] });
    expect(steps).toEqual([
      {
        kind: 'apply-binding',
        cluster: 'sec',
        force: false,
        changes: [],
        document: {
          apiVersion: 'elbv2.k8s.aws/v1beta1',
          kind: 'TargetGroupBinding',
          metadata: {
            name: 'nginx',
            namespace: 'default',
            labels: { team: 'web', 'app.kubernetes.io/managed-by': 'nlbmc' },
          },
          spec: { ...spec, iamRoleArnToAssume: 'arn:role' },
        },
      },
    ]);
    expect(goals.map(({ kind }) => kind)).toEqual([
      'still-multi-cluster',
      'binding-multi-cluster',
      'endpoints-healthy',
    ]);
  });

  test('ports are the local Service’s, rule by rule, and never left out', () => {
    const local = secondary()
      .service({ ports: [{ name: 'web', port: 80, targetPort: 'web', protocol: 'TCP' }] })
      .endpoints(endpointsAt(['10.0.2.1'], { ports: { web: 8080 } }));
    const from = [{ ipBlock: { cidr: '10.0.0.0/16' } }];
    const pri = enabledPrimary().editBindings({
      networking: [
        { from, ports: [{ protocol: 'TCP', port: 80 }] },
        { from: [], ports: [] },
      ],
    });
    expect(plan(local, {}, pri).steps[0]).toMatchObject({
      document: {
        spec: {
          networking: {
            ingress: [
              { from, ports: [{ protocol: 'TCP', port: 'web' }] },
              { from: [], ports: [{ protocol: 'TCP', port: 'web' }] },
            ],
          },
        },
      },
    });
  });

  test('no networking where the primary has none', () => {
    const [binding] = enabledPrimary().view.bindings.ok
      ? [...(enabledPrimary().view.bindings as { value: readonly object[] }).value]
      : [];
    const { networking: _, ...bare } = binding as { networking?: unknown };
    const pri = enabledPrimary().with({ bindings: known([bare as never]) });
    const [step] = plan(secondary(), {}, pri).steps;
    expect(
      step?.kind === 'apply-binding' && 'networking' in (step.document['spec'] as object),
    ).toBe(false);
  });

  test('several ports, several bindings, named after their ports', () => {
    const ports = [80, 443].map((port) => ({
      name: `p${port}`,
      port,
      targetPort: port,
      protocol: 'TCP',
    }));
    const pri = enabledPrimary()
      .editService({ ports })
      .endpoints([])
      .binding({
        name: 'k8s-2',
        stack: { kind: 'service', ...service },
        servicePort: 443,
        targetGroupArn: arnOf(443),
        multiCluster: true,
      })
      .tracks('k8s-2', '');
    const sec = secondary()
      .service({ ports })
      .tracks('nginx-80', undefined)
      .tracks('nginx-443', undefined);
    const o = observed({ clusters: [pri, sec], targets: { 80: [], 443: [] } });
    const { steps, goals } = planJoin(o, intent, templates);
    expect(
      steps.map((step) => step.kind === 'apply-binding' && step.document.metadata.name),
    ).toEqual(['nginx-80', 'nginx-443']);
    expect(goals).toHaveLength(6);
  });

  test('a missing Service where that was asked for, with the primary’s selector and ports', () => {
    const none = cluster('sec').tracks('nginx', undefined);
    const { steps, skips } = plan(none, { createService: true });
    expect(steps.map(({ kind }) => kind)).toEqual(['create-service', 'apply-binding']);
    expect(steps[0]).toMatchObject({
      document: {
        metadata: { name: 'nginx', labels: { 'app.kubernetes.io/managed-by': 'nlbmc' } },
        spec: {
          type: 'ClusterIP',
          selector: { app: 'nginx' },
          ports: [{ name: 'http', port: 80, targetPort: 80, protocol: 'TCP' }],
        },
      },
    });
    expect(codesOf(skips)).toContain('no-endpoints');
    expect(plan(none, { createService: true }).documents).toHaveLength(2);
  });

  test('for instance targets that Service is NodePort, on the primary’s node port', () => {
    const pri = enabledPrimary()
      .editBindings({
        targetType: 'instance',
        networking: [{ from: [], ports: [{ protocol: 'TCP', port: 30080 }] }],
      })
      .nodes([]);
    const none = cluster('sec').tracks('nginx', undefined);
    const { steps } = plan(none, { createService: true }, pri);
    expect(steps).toMatchObject([
      { document: { spec: { type: 'NodePort', ports: [{ nodePort: 30080 }] } } },
      { document: { spec: { networking: { ingress: [{ ports: [{ port: 30080 }] }] } } } },
    ]);
  });

  test.each<[string, ClusterBuilder, Partial<JoinIntent>]>([
    ['join', secondary(), {}],
    ['join with a new Service', cluster('sec').tracks('nginx', undefined), { createService: true }],
    ['adopt', joinedSecondary().editBindings({ multiCluster: false }), { adopt: true }],
  ])('a plan that has been carried out leaves none: %s', (_, sec, over) => {
    const before = world(sec);
    const planned = planJoin(before, { ...intent, ...over }, templates);
    expect(planned.steps.length).toBeGreaterThan(0);
    expect(planJoin(applied(before, planned), { ...intent, ...over }, templates).steps).toEqual([]);
  });
});

describe('EKS Auto Mode', () => {
  const onlyAuto = secondary().with({
    servedFlavours: ['auto-mode'],
    controller: known({ deployments: [] }),
  });

  test('a cluster that serves only its bindings gets one of them', () => {
    const { steps, blockers, cautions } = plan(onlyAuto);
    expect(blockers).toEqual([]);
    expect(steps).toMatchObject([{ document: { apiVersion: 'eks.amazonaws.com/v1', spec } }]);
    expect(codesOf(cautions)).toContain('flavour-unverified');
  });

  test.each([
    ['both kinds', ['lbc', 'auto-mode']],
    ['only the other kind', ['lbc']],
  ] as const)('a cluster that serves %s gets one of the open-source controller', (_, served) => {
    const { steps, cautions } = plan(secondary().with({ servedFlavours: served }));
    expect(steps).toMatchObject([{ document: { apiVersion: 'elbv2.k8s.aws/v1beta1' } }]);
    expect(codesOf(cautions)).not.toContain('flavour-unverified');
  });

  test('its exclusive binding is adopted where it is, and no second one is made', () => {
    const exclusive = joinedSecondary().editBindings({ multiCluster: false, flavour: 'auto-mode' });
    expect(codesOf(plan(exclusive).blockers)).toEqual(['binding-exclusive']);
    expect(typed(plan(exclusive).blockers[0])).toContain('--adopt');
    const { steps, blockers, cautions } = plan(exclusive, { adopt: true });
    expect(blockers).toEqual([]);
    expect(steps).toMatchObject([
      {
        kind: 'apply-binding',
        force: true,
        changes: [{ path: 'spec.multiClusterTargetGroup', before: false, after: true }],
        document: { apiVersion: 'eks.amazonaws.com/v1', metadata: { name: 'nginx' }, spec },
      },
    ]);
    expect(codesOf(cautions)).toEqual(['flavour-unverified']);
  });

  test('of the primary lifts no demand on the controller of the cluster that joins', () => {
    const old = secondary().controller({ version: '2.9.1' });
    const auto = enabledPrimary().editBindings({ flavour: 'auto-mode' });
    expect(codesOf(plan(old, {}, auto).blockers)).toEqual(['controller-too-old']);
  });
});

describe('the name of the binding', () => {
  test('gets digits of the ARN when it is taken', () => {
    const taken = secondary().binding({
      name: 'nginx',
      serviceName: 'x',
      targetGroupArn: 'arn:else',
    });
    const { steps } = plan(taken);
    expect(steps).toMatchObject([{ document: { metadata: { name: 'nginx-ab0080' } } }]);
  });

  test.each([
    ['3.4.0', 'b-c-ab0080'],
    ['3.5.0', 'b-c'],
  ])('and where controller %s would confuse a/b-c with a-b/c: %s', (version, name) => {
    const local = { namespace: 'a', name: 'b-c' };
    const sec = cluster('sec')
      .with({ localService: local, tracked: { [`a/${name}`]: known({ kind: 'missing' }) } })
      .service(local)
      .endpoints(endpointsAt(['10.0.2.1']), 'a/b-c')
      .controller({ version })
      .binding({ namespace: 'a-b', name: 'c', targetGroupArn: 'arn:else', multiCluster: true });
    expect(plan(sec, { localService: local }).steps).toMatchObject([
      { document: { metadata: { namespace: 'a', name } } },
    ]);
  });
});
