import { noteManager } from '../../src/core/model/handover.ts';
import type { HandoverStep } from '../../src/core/plan/handover-step.ts';
import type { Reading } from '../../src/core/model/problem.ts';
import { hintText } from '../../src/output/hint-text.ts';
import { listBindings } from '../../src/kube/bindings.ts';
import type { KubeClient } from '../../src/kube/client.ts';
import { connectClusters } from '../../src/kube/connect.ts';
import { patchBinding, patchService } from '../../src/kube/patches.ts';
import { readService } from '../../src/kube/services.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts';
import { VirtualClock } from '../../src/sandbox/time/clock.ts';
import { kubeOptions } from './kube-options.ts';

const PRI = 'pri-eks-clu1';
const nginx = { namespace: 'default', name: 'nginx' };
const person = { actor: 'somebody', manager: 'somebody' };
const forReal = { dryRun: false };

let sandbox: Sandbox;
let kube: KubeClient;
beforeEach(async () => {
  sandbox = await startSandbox({ clock: new VirtualClock() });
  [kube] = (await connectClusters([PRI], kubeOptions({ env: sandbox.env }))) as [KubeClient];
});
afterEach(async () => {
  kube.close();
  await sandbox.stop();
});

type PatchService = Extract<HandoverStep, { kind: 'patch-service' }>;

const codeOf = (reading: Reading<unknown>): string =>
  reading.ok ? 'no problem' : reading.problem.code;

async function serviceNow() {
  const read = await readService(kube, nginx);
  if (!read.ok || !read.value) throw new Error('the Service is not there');
  return read.value;
}

/** The one patch that takes a Service from its controller. */
async function release(over: Partial<PatchService> = {}): Promise<PatchService> {
  const { uid, resourceVersion } = await serviceNow();
  return {
    kind: 'patch-service',
    phase: 'release',
    cluster: PRI,
    service: nginx,
    uid,
    resourceVersion,
    patch: {
      metadata: { finalizers: null, annotations: { note: 'released' } },
      spec: { type: 'NodePort', loadBalancerClass: null },
    },
    changes: [],
    ...over,
  };
}

/** Somebody else changes the Service between the planning and the write. */
const meddle = (): void => {
  const body = { metadata: { annotations: { meddled: 'yes' } } };
  sandbox.world
    .cluster(PRI)
    .kube.patch('services', 'default', 'nginx', { type: 'merge', body }, person);
};

describe('a Service', () => {
  test('is changed in one patch, and its status in another', async () => {
    expect(codeOf(await patchService(kube, await release(), forReal))).toBe('no problem');
    const released = await serviceNow();
    expect(released).toMatchObject({ type: 'NodePort', finalizers: [] });
    expect(released.hostname).toBeUndefined();
    expect(released.annotations['note']).toBe('released');
    const back = await release({
      patch: { spec: { type: 'LoadBalancer', loadBalancerClass: 'x/y' } },
    });
    expect(codeOf(await patchService(kube, back, forReal))).toBe('no problem');
    const { resourceVersion: _, ...status } = await release({
      subresource: 'status',
      patch: { status: { loadBalancer: { ingress: [{ hostname: 'a.example.com' }] } } },
    });
    expect(codeOf(await patchService(kube, status, forReal))).toBe('no problem');
    expect(await serviceNow()).toMatchObject({ type: 'LoadBalancer', hostname: 'a.example.com' });
  });

  test('is the one that was planned for, or it is left alone', async () => {
    const step = await release();
    meddle();
    expect(codeOf(await patchService(kube, step, forReal))).toBe('object-changed');
    const { resourceVersion: _, ...unconditional } = step;
    const other = { ...unconditional, uid: 'another' };
    const refused = await patchService(kube, other, forReal);
    expect(refused).toMatchObject({
      ok: false,
      problem: { code: 'object-changed', message: expect.stringContaining('another object') },
    });
    expect((await serviceNow()).finalizers).not.toEqual([]);
    expect(codeOf(await patchService(kube, unconditional, forReal))).toBe('no problem');
  });

  test('whose answer was lost is not taken for somebody else’s change', async () => {
    const step = await release();
    sandbox.world.faults.add({ world: 'kube', kind: 'cut-after', match: /^PATCH/, times: 1 });
    expect(codeOf(await patchService(kube, step, forReal))).toBe('no problem');
    expect((await serviceNow()).type).toBe('NodePort');
  });

  test('that somebody changed while the answer was lost is told as changed', async () => {
    const step = await release();
    // The first request never arrives, and meanwhile somebody is faster.
    sandbox.world.faults.add({ world: 'kube', kind: 'cut', match: /^PATCH/, times: 1 });
    meddle();
    expect(codeOf(await patchService(kube, step, forReal))).toBe('object-changed');
    expect((await serviceNow()).type).toBe('LoadBalancer');
  });

  test('is not changed by a rehearsal, which tells what would be refused', async () => {
    expect(codeOf(await patchService(kube, await release(), { dryRun: true }))).toBe('no problem');
    expect((await serviceNow()).type).toBe('LoadBalancer');
    // The class cannot change while the type is LoadBalancer.
    const wrong = await release({ patch: { spec: { loadBalancerClass: 'x/y' } } });
    expect(codeOf(await patchService(kube, wrong, { dryRun: true }))).toBe('admission-denied');
  });

  test('keeps the time of a note when something else of it is written later', async () => {
    const note = await release({
      patch: { metadata: { annotations: { 'nlbmc/handover': 'tagged x' } } },
      manager: noteManager,
    });
    expect(codeOf(await patchService(kube, note, forReal))).toBe('no problem');
    const { handoverNote } = await serviceNow();
    sandbox.world.clock.advance(60_000);
    expect(codeOf(await patchService(kube, await release(), forReal))).toBe('no problem');
    expect(handoverNote?.value).toBe('tagged x');
    expect((await serviceNow()).handoverNote).toEqual(handoverNote);
  });

  test('without the right to its status: the command that shows it', async () => {
    sandbox.world.faults.add({ world: 'kube', kind: 'status', status: 403, match: /status/ });
    const step = await release({ subresource: 'status', patch: { status: {} } });
    const refused = await patchService(kube, step, forReal);
    if (refused.ok) throw new Error('it was not refused');
    const { code, message, hints = [] } = refused.problem;
    expect(code).toBe('api-forbidden');
    expect(message).toContain('patch services/status "nginx"');
    expect(hints.map((hint) => hintText(hint, {}).text)).toEqual([
      expect.stringContaining('auth can-i patch services/nginx --subresource=status'),
    ]);
  });
});

describe('a binding', () => {
  test('gets and loses labels, if it is the one that was planned for', async () => {
    const find = async () => {
      const { bindings } = await listBindings(kube, ['default']);
      if (!bindings.ok || !bindings.value[0]) throw new Error('no binding');
      return bindings.value[0];
    };
    const { namespace, name, flavour, uid } = await find();
    const step = {
      kind: 'patch-binding',
      phase: 'adopt',
      cluster: PRI,
      binding: { namespace, name, flavour },
      uid,
      patch: { metadata: { labels: { colour: 'blue' } } },
      changes: [],
    } as const;
    expect(codeOf(await patchBinding(kube, { ...step, uid: 'another' }, forReal))).toBe(
      'object-changed',
    );
    sandbox.world.faults.add({ world: 'kube', kind: 'cut-after', match: /^PATCH/, times: 1 });
    expect(codeOf(await patchBinding(kube, step, forReal))).toBe('no problem');
    expect((await find()).labels).toMatchObject({ colour: 'blue' });
    const off = { ...step, patch: { metadata: { labels: { colour: null } } } };
    expect(codeOf(await patchBinding(kube, off, forReal))).toBe('no problem');
    expect((await find()).labels).not.toHaveProperty('colour');
    const unheard = { ...step, patch: { spec: { unheardOf: true } } };
    expect(codeOf(await patchBinding(kube, unheard, forReal))).toBe('admission-denied');
  });
});
