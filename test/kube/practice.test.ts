import type { Binding } from '../../src/core/model/kubernetes.ts';
import type { KubeDocument, Step } from '../../src/core/plan/plan.ts';
import type { Reading } from '../../src/core/model/problem.ts';
import { applyBinding, listBindings, patchFlag } from '../../src/kube/bindings.ts';
import type { KubeClient } from '../../src/kube/client.ts';
import { connectClusters } from '../../src/kube/connect.ts';
import { readController, readCrd } from '../../src/kube/controller.ts';
import { readEndpoints } from '../../src/kube/endpoints.ts';
import { readIdentity } from '../../src/kube/identity.ts';
import { listNodes } from '../../src/kube/nodes.ts';
import {
  annotateService,
  createService,
  listServiceNames,
  readService,
} from '../../src/kube/services.ts';
import { readTracked } from '../../src/kube/tracked-targets.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts';
import { VirtualClock } from '../../src/sandbox/time/clock.ts';
import { kubeOptions } from './kube-options.ts';

let sandbox: Sandbox;
let primary: KubeClient;
let secondary: KubeClient;
const options = (pageSize = 500) => kubeOptions({ env: sandbox.env, pageSize });

beforeEach(async () => {
  sandbox = await startSandbox({ clock: new VirtualClock() });
  [primary, secondary] = (await connectClusters(['pri-eks-clu1', 'sec-eks-clu1'], options())) as [
    KubeClient,
    KubeClient,
  ];
});
afterEach(async () => {
  primary.close();
  secondary.close();
  await sandbox.stop();
});

const nginx = { namespace: 'default', name: 'nginx' };

function got<T>(reading: Reading<T>): T {
  if (!reading.ok) throw new Error(JSON.stringify(reading.problem));
  return reading.value;
}
const codeOf = (reading: Reading<unknown>): string =>
  reading.ok ? 'no problem' : reading.problem.code;

const bindingIn = async (kube: KubeClient): Promise<Binding> =>
  got((await listBindings(kube, ['default'])).bindings)[0] as Binding;

const mutating = () =>
  sandbox.world.journal.entries.filter((e) => e.source === 'http' && e.mutating);

describe('reads', () => {
  test('tell a cluster by the UID of kube-system', async () => {
    expect(got(await readIdentity(primary))).toBe(sandbox.world.cluster('pri-eks-clu1').kube.uid);
    expect(got(await readIdentity(secondary))).not.toBe(got(await readIdentity(primary)));
  });

  test('find the Service, its binding with all it points to, and the endpoints', async () => {
    const service = got(await readService(primary, nginx));
    expect(service).toMatchObject({ ...nginx, type: 'LoadBalancer', terminating: false });
    expect(service?.hostname).toMatch(/^k8s-default-nginx-.*\.elb\.us-east-1\.amazonaws\.com$/);
    const binding = await bindingIn(primary);
    expect(binding).toMatchObject({
      flavour: 'lbc',
      stack: { kind: 'service', ...nginx },
      serviceName: 'nginx',
      servicePort: 80,
      targetType: 'ip',
      multiCluster: false,
    });
    expect(binding.networking?.[0]?.from[0]?.securityGroup?.groupID).toMatch(/^sg-/);
    const endpoints = got(await readEndpoints(primary, nginx));
    expect(endpoints).toHaveLength(3);
    expect(endpoints[0]).toMatchObject({ ready: true, terminating: false });
    expect(endpoints.every((one) => Object.values(one.ports)[0] === 80)).toBe(true);
  });

  test('tell an absent Service from an unknown one', async () => {
    const absent = { namespace: 'default', name: 'ngnix' };
    expect(await readService(primary, absent)).toEqual({ ok: true, value: undefined });
    expect(got(await listServiceNames(primary, 'default'))).toContain('nginx');
    sandbox.world.faults.add({
      world: 'kube',
      kind: 'status',
      status: 403,
      match: /services\/ngnix/,
    });
    expect(codeOf(await readService(primary, absent))).toBe('api-forbidden');
  });

  test('tell a missing ConfigMap from an empty set', async () => {
    const binding = await bindingIn(primary);
    expect(got(await readTracked(primary, binding))).toEqual({ kind: 'missing' });
    sandbox.world.cluster('pri-eks-clu1').kube.create(
      'configmaps',
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { namespace: 'default', name: `aws-lbc-targets-${binding.name}` },
        data: { targets: '' },
      },
      { actor: 'test', manager: 'test' },
    );
    expect(got(await readTracked(primary, binding))).toEqual({ kind: 'set', targets: [] });
  });

  test('find the controller with its version and flags, and the flag in the CRD', async () => {
    const [deployment] = got(await readController(primary)).deployments;
    expect(deployment).toMatchObject({
      namespace: 'kube-system',
      clusterName: 'pri-eks-clu1',
    });
    expect(deployment?.readyReplicas).toBeGreaterThan(0);
    expect(deployment?.version).toMatch(/^\d+\.\d+\.\d+$/);
    expect(deployment?.vpcId).toMatch(/^vpc-/);
    expect(got(await readCrd(primary))).toBe(true);
  });

  test('find nodes with instance id and zone', async () => {
    const [node] = got(await listNodes(primary));
    expect(node).toMatchObject({ ready: 'True', instanceId: expect.stringMatching(/^i-/) });
    expect(node?.zone).toMatch(/^us-east-1/);
  });

  test('read all pages', async () => {
    const [paged] = (await connectClusters(['pri-eks-clu1'], options(1))) as [KubeClient];
    const names = got(await listServiceNames(primary, 'kube-system'));
    expect(got(await listServiceNames(paged, 'kube-system'))).toEqual(names);
    expect(got(await listNodes(paged))).toEqual(got(await listNodes(primary)));
    expect(got(await listNodes(paged)).length).toBeGreaterThan(1);
    paged.close();
  });

  test('fall back to one namespace where the person may not list all bindings', async () => {
    sandbox.world.faults.add({
      world: 'kube',
      kind: 'status',
      status: 403,
      match: /GET \/apis\/(elbv2|eks)[^ ]*v1(beta1)?\/targetgroupbindings/,
    });
    const read = await listBindings(primary, ['default']);
    expect(read.scope).toBe('namespace');
    expect(got(read.bindings)).toHaveLength(1);
  });

  test('see the CRD through the published schema where CRDs may not be read', async () => {
    sandbox.world.faults.add({
      world: 'kube',
      kind: 'status',
      status: 403,
      match: /customresource/,
    });
    expect(got(await readCrd(primary))).toBe(true);
  });
});

const document = (arn: string, groupID: string): KubeDocument => ({
  apiVersion: 'elbv2.k8s.aws/v1beta1',
  kind: 'TargetGroupBinding',
  metadata: {
    name: 'nginx',
    namespace: 'default',
    labels: { 'app.kubernetes.io/managed-by': 'nlbmc' },
  },
  spec: {
    serviceRef: { name: 'nginx', port: 80 },
    targetGroupARN: arn,
    targetType: 'ip',
    multiClusterTargetGroup: true,
    networking: {
      ingress: [{ from: [{ securityGroup: { groupID } }], ports: [{ protocol: 'TCP', port: 80 }] }],
    },
  },
});

test('an old cluster has a CRD without the flag: refused in an apply, dropped in a patch', async () => {
  const old = await startSandbox({ clock: new VirtualClock(), scenario: 'old-controller' });
  const clients = await connectClusters(
    ['pri-eks-clu1', 'sec-eks-clu1'],
    kubeOptions({ env: old.env }),
  );
  try {
    const [kube, there] = clients as [KubeClient, KubeClient];
    expect(got(await readCrd(kube))).toBe(true);
    expect(got(await readCrd(there))).toBe(false);
    const { targetGroupArn, networking } = await bindingIn(kube);
    const wanted = document(targetGroupArn, networking?.[0]?.from[0]?.securityGroup?.groupID ?? '');
    const dryRun = { force: false, dryRun: true };
    expect(codeOf(await applyBinding(there, wanted, dryRun))).toBe('field-stripped');
    const spec: Record<string, unknown> = { ...(wanted['spec'] as object) };
    delete spec['multiClusterTargetGroup'];
    got(await applyBinding(there, { ...wanted, spec }, { force: false, dryRun: false }));
    const echo = got(await patchFlag(there, await bindingIn(there), { dryRun: true }));
    expect(echo['spec']).not.toHaveProperty('multiClusterTargetGroup');
  } finally {
    for (const kube of clients) kube.close();
    await old.stop();
  }
});

const annotate = async (value: string): Promise<Extract<Step, { kind: 'annotate-service' }>> => {
  const service = got(await readService(primary, nginx));
  const after = { 'service.beta.kubernetes.io/x': value };
  const resourceVersion = service?.resourceVersion ?? '';
  return {
    kind: 'annotate-service',
    cluster: 'pri-eks-clu1',
    service: nginx,
    resourceVersion,
    before: {},
    after,
  };
};

describe('writes', () => {
  test('annotate the Service that was planned for, and no other', async () => {
    const step = await annotate('1');
    const written = got(await annotateService(primary, step, { dryRun: false }));
    expect(written.annotations).toMatchObject(step.after);
    expect(written.annotationManagers['service.beta.kubernetes.io/x']).toEqual(['nlbmc']);
    const late = await annotateService(
      primary,
      { ...step, after: { other: '2' } },
      { dryRun: false },
    );
    expect(codeOf(late)).toBe('object-changed');
  });

  test('a rehearsal changes nothing', async () => {
    const step = await annotate('1');
    got(await annotateService(primary, step, { dryRun: true }));
    expect(got(await readService(primary, nginx))?.annotations).not.toHaveProperty(
      'service.beta.kubernetes.io/x',
    );
    expect(mutating().filter((entry) => !entry.dryRun)).toEqual([]);
  });

  test('a write whose answer was lost is not taken for a conflict with ourselves', async () => {
    const step = await annotate('1');
    sandbox.world.faults.add({ world: 'kube', kind: 'cut-after', match: /^PATCH/, times: 1 });
    const written = got(await annotateService(primary, step, { dryRun: false }));
    expect(written.annotations).toMatchObject(step.after);
  });

  test('apply a binding, say whose fields are in the way, and take them only by force', async () => {
    const { targetGroupArn, networking } = await bindingIn(primary);
    const group = networking?.[0]?.from[0]?.securityGroup?.groupID ?? '';
    const wanted = document(targetGroupArn, group);
    const echo = got(await applyBinding(secondary, wanted, { force: false, dryRun: true }));
    expect(echo['spec']).toMatchObject({ multiClusterTargetGroup: true });
    expect(got((await listBindings(secondary, ['default'])).bindings)).toEqual([]);
    got(await applyBinding(secondary, wanted, { force: false, dryRun: false }));
    expect(await bindingIn(secondary)).toMatchObject({ multiCluster: true, targetGroupArn });

    sandbox.world
      .cluster('sec-eks-clu1')
      .kube.patch(
        'targetgroupbindings.elbv2.k8s.aws',
        'default',
        'nginx',
        { type: 'merge', body: { spec: { multiClusterTargetGroup: false } } },
        { actor: 'somebody', manager: 'kubectl-edit' },
      );
    const refused = await applyBinding(secondary, wanted, { force: false, dryRun: false });
    expect(refused).toMatchObject({ ok: false, problem: { code: 'field-conflict' } });
    expect(JSON.stringify(refused)).toMatch(/multiClusterTargetGroup.*kubectl-edit/);
    got(await applyBinding(secondary, wanted, { force: true, dryRun: false }));
    expect((await bindingIn(secondary)).multiCluster).toBe(true);
  });

  test('a field that the CRD does not know is refused, not dropped', async () => {
    const { targetGroupArn } = await bindingIn(primary);
    const wanted = document(targetGroupArn, 'sg-0123456789abcdef0');
    const spec = { ...(wanted['spec'] as object), unheardOf: true };
    const refused = await applyBinding(
      secondary,
      { ...wanted, spec },
      { force: false, dryRun: true },
    );
    expect(codeOf(refused)).toBe('field-stripped');
  });

  test('a webhook that does not answer, and one that says no, have their own words', async () => {
    const wanted = document(
      'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/x/0123456789abcdef',
      'sg-1',
    );
    const denied = await applyBinding(secondary, wanted, { force: false, dryRun: true });
    expect(codeOf(denied)).toBe('admission-denied');
    sandbox.world.cluster('sec-eks-clu1').lbc.stop();
    const silent = await applyBinding(secondary, wanted, { force: false, dryRun: true });
    expect(silent).toMatchObject({
      ok: false,
      problem: { code: 'webhook-unreachable', about: { cluster: 'sec-eks-clu1' } },
    });
  });

  test('create a Service once', async () => {
    const service: KubeDocument = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { ...nginx, labels: { 'app.kubernetes.io/managed-by': 'nlbmc' } },
      spec: { type: 'ClusterIP', selector: { app: 'nginx' }, ports: [{ port: 80 }] },
    };
    got(await createService(secondary, service, { dryRun: true }));
    expect(got(await readService(secondary, nginx))).toBeUndefined();
    sandbox.world.faults.add({ world: 'kube', kind: 'cut-after', match: /^POST/, times: 1 });
    expect(got(await createService(secondary, service, { dryRun: false }))).toMatchObject(nginx);
    expect(codeOf(await createService(secondary, service, { dryRun: false }))).toBe(
      'object-changed',
    );
  });
});
