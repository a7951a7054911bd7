import type { ClientRequest, IncomingMessage } from 'node:http';
import { CONFIGMAPS, configMap, inside, service, SERVICES, startApi } from './api.ts';
import type { Api } from './api.ts';

let api: Api;
const open: ClientRequest[] = [];
beforeEach(async () => {
  api = await startApi();
});
afterEach(async () => {
  open.splice(0).forEach((request) => request.destroy());
  await api.close();
});

/** A watch whose events are taken one by one; undefined at its end. */
async function watching(path: string, headers: Record<string, string> = {}) {
  const request = api.open('GET', path, { headers });
  open.push(request);
  const response = await new Promise<IncomingMessage>((resolve) => request.on('response', resolve));
  const lines = linesOf(response);
  return { next: async (): Promise<any> => (await lines.next()).value };
}

async function* linesOf(response: IncomingMessage) {
  let rest = '';
  for await (const chunk of response) {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop()!;
    for (const line of parts) yield JSON.parse(line);
  }
}

const make = (name: string, labels: Record<string, string> = {}) =>
  api.cluster.create('configmaps', configMap(name, { namespace: 'default', labels }), inside);
const relabel = (name: string, labels: Record<string, string>) =>
  api.cluster.update('configmaps', configMap(name, { namespace: 'default', labels }), inside);
const seen = ({ type, object }: any) => `${type} ${object.metadata.name}`;

test('without a version shows what is there, then what happens', async () => {
  make('a');
  const watch = await watching(`${CONFIGMAPS}?watch=true`);
  expect(seen(await watch.next())).toBe('ADDED a');
  make('b');
  relabel('a', { x: 'y' });
  api.cluster.delete('configmaps', 'default', 'a', inside);
  expect(seen(await watch.next())).toBe('ADDED b');
  expect(seen(await watch.next())).toBe('MODIFIED a');
  const last = await watch.next();
  expect(seen(last)).toBe('DELETED a');
  expect(last.object.metadata.resourceVersion).toBe(String(api.cluster.store.version));
});

test('from a version on shows what happened since, of that namespace', async () => {
  make('a');
  const { body } = await api.ask('GET', CONFIGMAPS);
  make('b');
  api.cluster.create('configmaps', configMap('far', { namespace: 'kube-system' }), inside);
  const watch = await watching(
    `${CONFIGMAPS}?watch=true&resourceVersion=${body.metadata.resourceVersion}`,
  );
  make('c');
  expect(seen(await watch.next())).toBe('ADDED b');
  expect(seen(await watch.next())).toBe('ADDED c');
});

test('with a selector: what comes into sight is added, what leaves it deleted', async () => {
  const watch = await watching(`${CONFIGMAPS}?watch=true&labelSelector=app%3Dweb`);
  make('a');
  relabel('a', { app: 'web' });
  relabel('a', { app: 'web', more: 'x' });
  relabel('a', { app: 'db' });
  expect(seen(await watch.next())).toBe('ADDED a');
  expect(seen(await watch.next())).toBe('MODIFIED a');
  const last = await watch.next();
  expect(seen(last)).toBe('DELETED a');
  expect(last.object.metadata.labels.app).toBe('web');
});

test('from a forgotten version ends with an error event', async () => {
  make('a');
  const { body } = await api.ask('GET', CONFIGMAPS);
  make('b');
  api.cluster.store.compact();
  const watch = await watching(
    `${CONFIGMAPS}?watch=true&resourceVersion=${body.metadata.resourceVersion}`,
  );
  const error = await watch.next();
  expect(error).toMatchObject({ type: 'ERROR', object: { code: 410, reason: 'Expired' } });
  expect(error.object.message).toContain('too old resource version');
  expect(await watch.next()).toBeUndefined();
});

test('sends bookmarks when asked, and ends after timeoutSeconds', async () => {
  const watch = await watching(
    `${CONFIGMAPS}?watch=true&resourceVersion=1000&allowWatchBookmarks=true&timeoutSeconds=90`,
  ).catch(() => undefined);
  const current = String(api.cluster.store.version);
  api.clock.advance(60_000);
  expect(await watch!.next()).toEqual({
    type: 'BOOKMARK',
    object: {
      kind: 'ConfigMap',
      apiVersion: 'v1',
      metadata: { resourceVersion: current, creationTimestamp: null },
    },
  });
  api.clock.advance(30_000);
  expect((await watch!.next()).type).toBe('BOOKMARK');
  expect(await watch!.next()).toBeUndefined();
});

test('sends nothing after its end, however far time jumps', async () => {
  const watch = await watching(
    `${CONFIGMAPS}?watch=true&allowWatchBookmarks=true&timeoutSeconds=90`,
  );
  api.clock.advance(300_000);
  make('late');
  expect((await watch.next()).type).toBe('BOOKMARK');
  expect((await watch.next()).type).toBe('BOOKMARK');
  expect(await watch.next()).toBeUndefined();
});

test('refuses sendInitialEvents in words', async () => {
  const { status, text } = await api.ask('GET', `${CONFIGMAPS}?watch=true&sendInitialEvents=true`);
  expect(status).toBe(422);
  expect(text).toContain('sendInitialEvents is forbidden for watch');
});

test('as a Table has headers in its first event only', async () => {
  const watch = await watching(`${SERVICES}?watch=true`, {
    Accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json',
  });
  const first = await watch.next();
  expect(first.object.columnDefinitions.map((column: any) => column.name)).toContain('Cluster-IP');
  expect(first.object.rows[0].cells[0]).toBe('kubernetes');
  await api.ask('POST', SERVICES, { body: service('web') });
  const second = await watch.next();
  expect(second.object.columnDefinitions).toBeNull();
  expect(second.object.rows[0].object.metadata.name).toBe('web');
});
