import type { ServerResponse } from 'node:http';
import type { KubeOptions } from '../../src/kube/options.ts';
import { type Told, watchChanges } from '../../src/kube/watch.ts';
import { serverForEach } from './against.ts';
import { type Handler, status } from './small-server.ts';

const { against } = serverForEach();

const bindings = { kind: 'bindings', namespace: 'shop', flavour: 'lbc' } as const;

/** Watches bindings until the watch ends by itself, and gives what it told and how it ended. */
async function watched(handler: Handler, more: Partial<KubeOptions> = {}) {
  const { kube, server } = await against(handler, more);
  const told: Told[] = [];
  const { signal } = new AbortController();
  const end = await watchChanges(kube, bindings, (change) => told.push(change), signal);
  return { told, end, requests: server.requests };
}

const event = (type: string, name: string, resourceVersion: string): string =>
  `${JSON.stringify({ type, object: { metadata: { name, uid: `u-${name}`, resourceVersion } } })}\n`;

test('a Service is watched by its name, bindings by their namespace, with the credential of the user', async () => {
  const { kube, server } = await against((_, response) => void response.end());
  const { signal } = new AbortController();
  const service = { namespace: 'shop', name: 'web' };
  expect(await watchChanges(kube, { kind: 'service', service }, () => undefined, signal)).toBe(
    'over',
  );
  await watchChanges(kube, bindings, () => undefined, signal);
  await watchChanges(kube, { ...bindings, flavour: 'auto-mode' }, () => undefined, signal);
  expect(server.requests.map(({ url }) => url)).toEqual([
    '/api/v1/namespaces/shop/services?fieldSelector=metadata.name%3Dweb&watch=true',
    '/apis/elbv2.k8s.aws/v1beta1/namespaces/shop/targetgroupbindings?watch=true',
    '/apis/eks.amazonaws.com/v1/namespaces/shop/targetgroupbindings?watch=true',
  ]);
  expect(server.requests[0]?.headers.authorization).toBe('Bearer s3cr3t');
});

test('each change is told, however the answer is cut into pieces, and nothing else', async () => {
  const text = [
    event('ADDED', 'a', '1'),
    '{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"2"}}}\n',
    'no JSON\n\n',
    event('MODIFIED', 'ü', '3'),
    event('DELETED', 'a', '4'),
    '{"type":"ERROR","object":{"code":410}}\n',
    '{"type":"MODIFIED","object":null}\n',
    // Without its end of line it may be half of one.
    event('MODIFIED', 'a', '5').trim(),
  ].join('');
  const bytes = Buffer.from(text);
  const { told, end } = await watched((_, response) => {
    void (async () => {
      for (let at = 0; at < bytes.length; at += 7) {
        response.write(bytes.subarray(at, at + 7));
        await new Promise((resolve) => setImmediate(resolve));
      }
      response.end();
    })();
  });
  expect(told).toEqual([
    { name: 'a', uid: 'u-a', version: '1' },
    { name: 'ü', uid: 'u-ü', version: '3' },
    { name: 'a', uid: 'u-a' },
  ]);
  expect(end).toBe('over');
});

test.each<[string, Handler, object, Partial<KubeOptions>]>([
  [
    'is not allowed',
    () => status(403, 'Forbidden', 'no'),
    { kind: 'status', status: 403, body: { reason: 'Forbidden' } },
    {},
  ],
  ['is cut', (request) => void request.socket.destroy(), { kind: 'connection' }, {}],
  [
    'is cut in the middle',
    (request, response) => {
      response.write(event('ADDED', 'a', '1'), () => request.socket.destroy());
    },
    { kind: 'connection' },
    {},
  ],
  [
    'is answered with another protocol',
    (request) =>
      void request.socket.end(
        'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n',
      ),
    { kind: 'connection' },
    {},
  ],
  [
    'is refused without an end',
    (_, response) => {
      response.writeHead(500);
      response.write('{');
    },
    { kind: 'timeout' },
    { requestTimeoutMs: 30 },
  ],
  [
    'has a line without an end',
    (_, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write('x'.repeat(64 * 1024)));
      };
      response.on('drain', more);
      more();
    },
    { kind: 'too-large' },
    {},
  ],
  ['does not begin', () => undefined, { kind: 'timeout' }, { requestTimeoutMs: 30 }],
])('a watch that %s says so, and is not tried again here', async (_, handler, end, more) => {
  const outcome = await watched(handler, more);
  expect(outcome.end).toMatchObject(end);
  expect(outcome.requests).toHaveLength(1);
});

test('a watch that is silent goes on, and its end is the end of its connection', async () => {
  let open: ServerResponse | undefined;
  let close = (): void => undefined;
  const gone = new Promise<void>((resolve) => (close = resolve));
  const { kube } = await against(
    (_, response) => {
      open = response.on('close', close);
      response.write(event('ADDED', 'a', '1'));
    },
    // Its beginning has to come by then; nothing else.
    { requestTimeoutMs: 2_000 },
  );
  const closing = new AbortController();
  const told: Told[] = [];
  const hear = (change: Told): void => {
    told.push(change);
    if (told.length === 2) closing.abort();
  };
  const end = watchChanges(kube, bindings, hear, closing.signal);
  await new Promise((resolve) => setTimeout(resolve, 2_100));
  open?.write(event('MODIFIED', 'a', '2'));
  expect(await end).toEqual({ kind: 'interrupted' });
  expect(told).toHaveLength(2);
  await gone;
});
