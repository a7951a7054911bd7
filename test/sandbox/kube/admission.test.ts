import { CONFIGMAPS, configMap, inside, startApi } from './api.ts';
import type { Api } from './api.ts';

let api: Api;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.close());

describe('a webhook', () => {
  const hook = {
    name: 'm.example.com',
    resource: 'configmaps',
    operations: ['CREATE', 'UPDATE'],
  } as const;

  test('that mutates changes what is stored, in rehearsals too; one that validates denies', async () => {
    api.cluster.addWebhook({
      ...hook,
      kind: 'mutating',
      reachable: () => true,
      call: ({ object }) => ({ ...object!, data: { ...object!.data, added: 'yes' } }),
    });
    api.cluster.addWebhook({
      ...hook,
      kind: 'validating',
      reachable: () => true,
      call: ({ object, operation, old }) => {
        if (object!.metadata.name === 'bad')
          throw new Error(`no ${operation} ${object!.data.added}`);
        if (old && old.data.key !== object!.data.key) throw new Error('key is immutable');
      },
    });
    const made = await api.ask('POST', `${CONFIGMAPS}?dryRun=All`, { body: configMap('a') });
    expect(made.body.data).toEqual({ key: 'value', added: 'yes' });
    const denied = await api.ask('POST', CONFIGMAPS, { body: configMap('bad') });
    expect(denied.status).toBe(403);
    expect(denied.body.message).toBe(
      'admission webhook "m.example.com" denied the request: no CREATE yes',
    );
    await api.ask('POST', CONFIGMAPS, { body: configMap('a') });
    const patch = { type: 'application/merge-patch+json', body: { data: { key: 'new' } } };
    const changed = await api.ask('PATCH', `${CONFIGMAPS}/a`, patch);
    expect(changed.body.message).toContain('key is immutable');
  });

  test('that nobody answers for fails the write', async () => {
    const remove = api.cluster.addWebhook({
      ...hook,
      kind: 'mutating',
      reachable: () => false,
      call: () => {},
    });
    const { status, body } = await api.ask('POST', CONFIGMAPS, { body: configMap('a') });
    expect(status).toBe(500);
    expect(body.message).toContain(
      'failed calling webhook "m.example.com": failed to call webhook: Post "https://',
    );
    remove();
    expect((await api.ask('POST', CONFIGMAPS, { body: configMap('a') })).status).toBe(201);
  });
});

describe('a listener', () => {
  test('hears of writes made by listeners in the order of the store', () => {
    const heard: string[] = [];
    api.cluster.onChange('configmaps', ({ type, object }) => {
      if (type !== 'ADDED' || object.metadata.name !== 'a') return;
      api.cluster.create('configmaps', configMap('b', { namespace: 'default' }), inside);
    });
    api.cluster.onChange('configmaps', ({ object }) => void heard.push(object.metadata.name));
    api.cluster.create('configmaps', configMap('a', { namespace: 'default' }), inside);
    expect(heard).toEqual(['a', 'b']);
  });

  test('cannot change the store through what it is handed', () => {
    const made = api.cluster.create('configmaps', configMap('a', { namespace: 'default' }), inside);
    expect(() => (made.data.key = 'other')).toThrow(TypeError);
  });
});
