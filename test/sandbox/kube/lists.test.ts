import { CONFIGMAPS, configMap, inside, pod, service, SERVICES, startApi } from './api.ts';
import type { Api } from './api.ts';

let api: Api;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.close());

const make = (name: string, labels: Record<string, string> = {}) =>
  api.cluster.create('configmaps', configMap(name, { namespace: 'default', labels }), inside);
const namesIn = (body: any): string[] => body.items.map((item: any) => item.metadata.name);

describe('pages', () => {
  test('show the state of the first page, in order, and say how much is left', async () => {
    for (const name of ['e', 'c', 'a', 'd', 'b']) make(name);
    const first = await api.ask('GET', `${CONFIGMAPS}?limit=2`);
    expect(namesIn(first.body)).toEqual(['a', 'b']);
    expect(first.body.metadata.remainingItemCount).toBe(3);
    api.cluster.delete('configmaps', 'default', 'c', inside);
    make('bb');
    const next = encodeURIComponent(first.body.metadata.continue);
    const second = await api.ask('GET', `${CONFIGMAPS}?limit=2&continue=${next}`);
    expect(namesIn(second.body)).toEqual(['c', 'd']);
    expect(second.body.metadata.resourceVersion).toBe(first.body.metadata.resourceVersion);
    const last = encodeURIComponent(second.body.metadata.continue);
    const third = await api.ask('GET', `${CONFIGMAPS}?limit=2&continue=${last}`);
    expect(namesIn(third.body)).toEqual(['e']);
    expect(third.body.metadata.continue).toBeUndefined();
    expect(namesIn((await api.ask('GET', CONFIGMAPS)).body)).toEqual(['a', 'b', 'bb', 'd', 'e']);
  });

  test('end with 410 once their state is forgotten, and with 400 for a token made up', async () => {
    ['a', 'b'].forEach((name) => make(name));
    const { body } = await api.ask('GET', `${CONFIGMAPS}?limit=1`);
    make('c');
    api.cluster.store.compact();
    const old = await api.ask('GET', `${CONFIGMAPS}?limit=1&continue=${body.metadata.continue}`);
    expect(old.status).toBe(410);
    expect(old.body.reason).toBe('Expired');
    expect(old.body.message).toContain('continue parameter is too old');
    const odd = await api.ask('GET', `${CONFIGMAPS}?continue=nonsense`);
    expect(odd.status).toBe(400);
    expect(odd.body.message).toContain('continue key is not valid');
  });

  test('cover all namespaces, in order of namespace', async () => {
    make('z');
    api.cluster.create('configmaps', configMap('a', { namespace: 'kube-system' }), inside);
    const { body } = await api.ask('GET', '/api/v1/configmaps?limit=1');
    expect(body.items[0].metadata).toMatchObject({ namespace: 'default', name: 'z' });
    const rest = await api.ask('GET', `/api/v1/configmaps?continue=${body.metadata.continue}`);
    expect(rest.body.items[0].metadata).toMatchObject({ namespace: 'kube-system', name: 'a' });
  });
});

describe('label selectors', () => {
  test.each([
    ['app=web', ['a', 'b']],
    ['app==web,tier=front', ['a']],
    ['app!=web', ['c', 'd']],
    ['app in (web,db),tier', ['a', 'c']],
    ['app notin (web)', ['c', 'd']],
    ['!app', ['d']],
    ['', ['a', 'b', 'c', 'd']],
  ])('%s', async (selector, names) => {
    make('a', { app: 'web', tier: 'front' });
    make('b', { app: 'web' });
    make('c', { app: 'db', tier: 'back' });
    make('d');
    const query = `labelSelector=${encodeURIComponent(selector)}`;
    expect(namesIn((await api.ask('GET', `${CONFIGMAPS}?${query}`)).body)).toEqual(names);
  });

  test('that cannot be read are 400', async () => {
    const { status } = await api.ask(
      'GET',
      `${CONFIGMAPS}?labelSelector=${encodeURIComponent('a=(b')}`,
    );
    expect(status).toBe(400);
  });
});

describe('field selectors', () => {
  test('know names everywhere, and what else the kind is indexed by', async () => {
    ['a', 'b'].forEach((name) => make(name));
    const byName = await api.ask(
      'GET',
      `/api/v1/configmaps?fieldSelector=metadata.name%3Da,metadata.namespace%3Ddefault`,
    );
    expect(namesIn(byName.body)).toEqual(['a']);
    api.cluster.create('pods', pod('here', { nodeName: 'n1' }), inside);
    api.cluster.create('pods', pod('there', { nodeName: 'n2' }), inside);
    const onNode = await api.ask(
      'GET',
      '/api/v1/pods?fieldSelector=spec.nodeName!%3Dn1,status.phase%3DPending',
    );
    expect(namesIn(onNode.body)).toEqual(['there']);
    await api.ask('POST', SERVICES, { body: service('web', { type: 'LoadBalancer' }) });
    const balanced = await api.ask(
      'GET',
      '/api/v1/services?fieldSelector=spec.type%3DLoadBalancer',
    );
    expect(namesIn(balanced.body)).toEqual(['web']);
    const event = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: 'e', namespace: 'default' },
      involvedObject: { kind: 'Service', name: 'web', namespace: 'default', uid: 'u' },
    };
    api.cluster.create('events', event, inside);
    const about = await api.ask(
      'GET',
      '/api/v1/events?fieldSelector=involvedObject.name%3Dweb,involvedObject.uid%3Du',
    );
    expect(namesIn(about.body)).toEqual(['e']);
  });

  test('on any other field are 400', async () => {
    const { status, body } = await api.ask('GET', `${CONFIGMAPS}?fieldSelector=data.key%3Dvalue`);
    expect(status).toBe(400);
    expect(body.message).toBe('field label not supported: data.key');
  });
});

test('a version from the future is 504', async () => {
  const { status, body } = await api.ask('GET', `${CONFIGMAPS}?resourceVersion=999999`);
  expect(status).toBe(504);
  expect(body.details.causes[0].reason).toBe('ResourceVersionTooLarge');
});

test('what is deleted as a collection is what the selector lets through', async () => {
  make('a', { app: 'web' });
  make('b');
  expect((await api.ask('DELETE', `${CONFIGMAPS}?labelSelector=app`)).status).toBe(200);
  expect(namesIn((await api.ask('GET', CONFIGMAPS)).body)).toEqual(['b']);
});
