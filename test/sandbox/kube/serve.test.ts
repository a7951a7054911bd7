import type { ClientRequest } from 'node:http';
import { CONFIGMAPS, configMap, inside, startApi } from './api.ts';
import type { Api } from './api.ts';

let api: Api;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.close());

const last = () => api.journal.entries.at(-1)!;

describe('the journal', () => {
  test('has every request with what it sent and got', async () => {
    const body = configMap('a');
    const headers = { 'User-Agent': 'someone/1.0' };
    await api.ask('POST', `${CONFIGMAPS}?fieldManager=me`, { body, headers });
    expect(last()).toMatchObject({
      world: 'kube',
      cluster: 'pri',
      source: 'http',
      actor: 'someone/1.0',
      verb: 'POST',
      path: `${CONFIGMAPS}?fieldManager=me`,
      params: body,
      status: 201,
      dryRun: false,
      mutating: true,
    });
    await api.ask('GET', `${CONFIGMAPS}/none`);
    expect(last()).toMatchObject({ verb: 'GET', status: 404, mutating: false });
  });

  test('has the writes of what runs inside, refused ones too', () => {
    api.cluster.create('configmaps', configMap('a', { namespace: 'default' }), inside);
    expect(last()).toMatchObject({ source: 'internal', actor: 'test', verb: 'POST', status: 201 });
    expect(() => api.cluster.delete('configmaps', 'default', 'none', inside)).toThrow('not found');
    expect(last()).toMatchObject({ verb: 'DELETE', path: `${CONFIGMAPS}/none`, status: 404 });
  });
});

const isThere = (name: string) => api.cluster.get('configmaps', 'default', name) !== undefined;

describe('a fault', () => {
  test('answers with another status, as often as it says', async () => {
    api.faults.add({
      match: /GET .*configmaps/,
      kind: 'status',
      status: 429,
      reason: 'TooManyRequests',
      times: 1,
    });
    const hit = await api.ask('GET', CONFIGMAPS);
    expect([hit.status, hit.body.reason, hit.headers['retry-after']]).toEqual([
      429,
      'TooManyRequests',
      '1',
    ]);
    expect((await api.ask('GET', CONFIGMAPS)).status).toBe(200);
  });

  test.each([
    [403, 'Forbidden'],
    [404, 'NotFound'],
    [500, 'InternalError'],
    [503, 'ServiceUnavailable'],
  ])('with status %d alone says %s', async (status, reason) => {
    api.faults.add({ kind: 'status', status });
    const hit = await api.ask('GET', CONFIGMAPS);
    expect([hit.status, hit.body.reason, hit.body.code]).toEqual([status, reason, status]);
  });

  test('cuts the connection, before or after the request is carried out', async () => {
    const undo = api.faults.add({ match: /^POST/, kind: 'cut' });
    await expect(api.ask('POST', CONFIGMAPS, { body: configMap('a') })).rejects.toThrow();
    expect([isThere('a'), last().status]).toEqual([false, 0]);
    undo();
    api.faults.add({ match: /^POST/, kind: 'cut-after' });
    await expect(api.ask('POST', CONFIGMAPS, { body: configMap('b') })).rejects.toThrow();
    expect([isThere('b'), last().status]).toEqual([true, 0]);
  });

  test('delays on the sandbox’s clock, and hangs for good', async () => {
    api.faults.add({ match: /^POST/, kind: 'delay', delayMs: 30_000, times: 1 });
    const late = api.ask('POST', CONFIGMAPS, { body: configMap('a') });
    await api.ask('GET', CONFIGMAPS);
    api.faults.add({ match: /hangs/, kind: 'hang' });
    let answered = false;
    const hanging = await new Promise<ClientRequest>((resolve) => {
      const request = api.open('GET', `${CONFIGMAPS}/hangs`);
      request.on('error', () => {});
      request.on('response', () => (answered = true));
      request.on('finish', () => resolve(request));
    });
    expect(isThere('a')).toBe(false);
    api.clock.advance(30_000);
    expect((await late).status).toBe(201);
    expect(answered).toBe(false);
    hanging.destroy();
  });
});
