import {
  binding,
  bindingDefinition,
  CONFIGMAPS,
  configMap,
  deployment,
  DEPLOYMENTS,
  inside,
  pod,
  service,
  SERVICES,
  startApi,
} from './api.ts';
import type { Api } from './api.ts';

let api: Api;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.close());

const owned = (name: string, ...owners: any[]) =>
  configMap(name, {
    namespace: 'default',
    ownerReferences: owners.map(({ apiVersion, kind, metadata }) => ({
      apiVersion,
      kind,
      name: metadata.name,
      uid: metadata.uid,
    })),
  });
const isThere = (name: string) => api.cluster.get('configmaps', 'default', name) !== undefined;

test('is told as a Status with what went, and 404 the second time', async () => {
  await api.ask('POST', CONFIGMAPS, { body: configMap('web') });
  const first = await api.ask('DELETE', `${CONFIGMAPS}/web`);
  expect(first.body).toMatchObject({
    status: 'Success',
    details: { name: 'web', kind: 'configmaps' },
  });
  const second = await api.ask('DELETE', `${CONFIGMAPS}/web`);
  expect(second.status).toBe(404);
  expect(second.body.message).toBe('configmaps "web" not found');
});

test('waits for finalizers; none can be added meanwhile, and the last one ends it', async () => {
  await api.ask('POST', SERVICES, { body: service('web', {}, { finalizers: ['a/b', 'c/d'] }) });
  const marked = await api.ask('DELETE', `${SERVICES}/web`);
  expect(marked.body.metadata.deletionTimestamp).toBeTruthy();
  const type = 'application/merge-patch+json';
  const patch = (finalizers: string[] | null) =>
    api.ask('PATCH', `${SERVICES}/web`, { type, body: { metadata: { finalizers } } });
  const added = await patch(['a/b', 'e/f']);
  expect(added.status).toBe(422);
  expect(added.body.message).toContain(
    'no new finalizers can be added if the object is being deleted',
  );
  await patch(['c/d']);
  expect((await api.ask('GET', `${SERVICES}/web`)).status).toBe(200);
  await patch(null);
  expect((await api.ask('GET', `${SERVICES}/web`)).status).toBe(404);
});

const options = (preconditions: object) => ({
  body: { kind: 'DeleteOptions', apiVersion: 'v1', preconditions },
});

test('keeps to preconditions', async () => {
  const { body } = await api.ask('POST', CONFIGMAPS, { body: configMap('a') });
  const other = await api.ask('DELETE', `${CONFIGMAPS}/a`, options({ uid: 'other' }));
  expect(other.status).toBe(409);
  expect(other.body.message).toContain('Precondition failed: UID in precondition: other');
  const stale = await api.ask('DELETE', `${CONFIGMAPS}/a`, options({ resourceVersion: '1' }));
  expect(stale.status).toBe(409);
  const { uid, resourceVersion } = body.metadata;
  const right = await api.ask('DELETE', `${CONFIGMAPS}/a`, options({ uid, resourceVersion }));
  expect(right.status).toBe(200);
});

describe('of an owner', () => {
  test('takes along what nobody else owns, and theirs in turn', async () => {
    const { body: owner } = await api.ask('POST', DEPLOYMENTS, { body: deployment('web') });
    const { body: other } = await api.ask('POST', DEPLOYMENTS, { body: deployment('other') });
    const child = api.cluster.create('configmaps', owned('child', owner), inside);
    api.cluster.create('configmaps', owned('grandchild', child), inside);
    api.cluster.create('configmaps', owned('shared', owner, other), inside);
    await api.ask('DELETE', `${DEPLOYMENTS}/web`);
    expect(['child', 'grandchild', 'shared'].map(isThere)).toEqual([false, false, true]);
  });

  test('in the foreground waits until they are gone; orphaned, they stay', async () => {
    const { body: owner } = await api.ask('POST', DEPLOYMENTS, { body: deployment('web') });
    const held = owned('held', owner);
    api.cluster.create(
      'configmaps',
      { ...held, metadata: { ...held.metadata, finalizers: ['a/b'] } },
      inside,
    );
    await api.ask('DELETE', `${DEPLOYMENTS}/web?propagationPolicy=Foreground`);
    const { body: waiting } = await api.ask('GET', `${DEPLOYMENTS}/web`);
    expect(waiting.metadata.finalizers).toEqual(['foregroundDeletion']);
    const body = { metadata: { finalizers: null } };
    await api.ask('PATCH', `${CONFIGMAPS}/held`, { type: 'application/merge-patch+json', body });
    expect((await api.ask('GET', `${DEPLOYMENTS}/web`)).status).toBe(404);

    const { body: parent } = await api.ask('POST', DEPLOYMENTS, { body: deployment('parent') });
    api.cluster.create('configmaps', owned('orphan', parent), inside);
    await api.ask('DELETE', `${DEPLOYMENTS}/parent`, { body: { propagationPolicy: 'Orphan' } });
    expect(isThere('orphan')).toBe(true);
  });
});

test('of a pod on a node takes its grace period, and the kubelet’s word', async () => {
  api.cluster.create(
    'pods',
    pod('placed', { nodeName: 'n1', terminationGracePeriodSeconds: 20 }),
    inside,
  );
  api.cluster.create('pods', pod('waiting'), inside);
  const path = '/api/v1/namespaces/default/pods';
  await api.ask('DELETE', `${path}/waiting`);
  expect((await api.ask('GET', `${path}/waiting`)).status).toBe(404);
  const { body } = await api.ask('DELETE', `${path}/placed`);
  expect(body.metadata.deletionGracePeriodSeconds).toBe(20);
  const left = Date.parse(body.metadata.deletionTimestamp) - api.clock.date().getTime();
  expect(left).toBe(20_000);
  api.cluster.delete('pods', 'default', 'placed', inside, { gracePeriodSeconds: 0 });
  expect((await api.ask('GET', `${path}/placed`)).status).toBe(404);
});

const space = (name: string) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });

describe('of a namespace', () => {
  test('empties it, waits for what is held, and takes nothing new', async () => {
    await api.ask('POST', '/api/v1/namespaces', { body: space('shop') });
    const inShop = '/api/v1/namespaces/shop/configmaps';
    await api.ask('POST', inShop, { body: configMap('free') });
    await api.ask('POST', inShop, { body: configMap('held', { finalizers: ['a/b'] }) });
    await api.ask('DELETE', '/api/v1/namespaces/shop');
    expect((await api.ask('GET', `${inShop}/free`)).status).toBe(404);
    const { body } = await api.ask('GET', '/api/v1/namespaces/shop');
    expect(body.status.phase).toBe('Terminating');
    const late = await api.ask('POST', inShop, { body: configMap('late') });
    expect(late.status).toBe(403);
    expect(late.body.message).toContain('because it is being terminated');
    const type = 'application/merge-patch+json';
    await api.ask('PATCH', `${inShop}/held`, { type, body: { metadata: { finalizers: null } } });
    expect((await api.ask('GET', '/api/v1/namespaces/shop')).status).toBe(404);
  });

  test('that the cluster needs is refused', async () => {
    const { status, body } = await api.ask('DELETE', '/api/v1/namespaces/kube-system');
    expect(status).toBe(403);
    expect(body.message).toBe(
      'namespaces "kube-system" is forbidden: this namespace may not be deleted',
    );
  });
});

test('of a definition takes its objects along, then its resource is unknown', async () => {
  const key = 'customresourcedefinitions.apiextensions.k8s.io';
  api.cluster.create(key, bindingDefinition, inside);
  const held = binding('web', {}, { finalizers: ['elbv2.k8s.aws/resources'] });
  api.cluster.create('targetgroupbindings.elbv2.k8s.aws', held, inside);
  const path = '/apis/elbv2.k8s.aws/v1beta1/namespaces/default/targetgroupbindings';
  api.cluster.delete(key, '', 'targetgroupbindings.elbv2.k8s.aws', inside);
  const { body } = await api.ask('GET', `${path}/web`);
  expect(body.metadata.deletionTimestamp).toBeTruthy();
  await api.ask('PATCH', `${path}/web`, {
    type: 'application/merge-patch+json',
    body: { metadata: { finalizers: null } },
  });
  const gone = await api.ask('GET', path);
  expect([gone.status, gone.text]).toEqual([404, '404 page not found\n']);
});
