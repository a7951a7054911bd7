import type { KubeClient } from '../../src/kube/client.ts';
import { readGatewaySettings } from '../../src/kube/gateway-settings.ts';
import type { Json } from '../../src/kube/json.ts';
import { known } from '../../src/core/model/problem.ts';

const item = (name: string, targetReference?: Json): Json => ({
  metadata: { name },
  spec: { ...(targetReference ? { targetReference } : {}), defaultConfiguration: {} },
});

/** Answers two requests: which versions there are, and the list in the preferred one. */
function client(paths: string[], items: readonly Json[]): KubeClient {
  const answer = (path: string): Json =>
    path === '/apis/gateway.k8s.aws'
      ? { preferredVersion: { groupVersion: 'gateway.k8s.aws/v1' } }
      : { items, metadata: {} };
  return {
    context: 'a',
    server: 'https://a.example',
    namespace: 'default',
    pageSize: 500,
    read: ({ path }) => {
      paths.push(path);
      return Promise.resolve(known(answer(path)));
    },
    send: ({ path }) => {
      paths.push(path);
      return Promise.resolve({
        ok: true,
        status: 200,
        body: answer(path),
        repeated: false,
      } as never);
    },
    follow: () => Promise.resolve('over'),
    problem: (): never => {
      throw new Error('no request fails here');
    },
    close: () => undefined,
  };
}

test('those that select the Service, in the version that the API server prefers', async () => {
  const paths: string[] = [];
  const read = await readGatewaySettings(
    client(paths, [
      item('mine', { name: 'web' }),
      item('spelled', { kind: 'Service', name: 'web' }),
      item('other', { name: 'api' }),
      item('gateway', { kind: 'Gateway', name: 'web' }),
      item('default'),
    ]),
    { namespace: 'shop', name: 'web' },
  );
  expect(read).toMatchObject({ ok: true, value: { apiVersion: 'gateway.k8s.aws/v1' } });
  expect(read.ok && read.value.configurations.map(({ name }) => name)).toEqual(['mine', 'spelled']);
  expect(paths[1]).toMatch(
    /^\/apis\/gateway.k8s.aws\/v1\/namespaces\/shop\/targetgroupconfigurations\?/,
  );
});
