import type { KubeClient } from '../../src/kube/client.ts';
import { connectClusters } from '../../src/kube/connect.ts';
import type { KubeOptions } from '../../src/kube/options.ts';
import { kubeOptions } from './kube-options.ts';
import { folder, type Handler, kubeconfig, type SmallServer, smallServer } from './small-server.ts';

/** A folder for each test of a file. */
export let files: ReturnType<typeof folder>;
let server: SmallServer | undefined;
let kube: KubeClient | undefined;

beforeEach(() => void (files = folder()));
afterEach(async () => {
  kube?.close();
  await server?.close();
  server = undefined;
  files.remove();
});

/** A client of a server that answers so; both end with the test. */
export async function against(
  handler: Handler,
  more: Partial<KubeOptions> = {},
  user: object = { token: 's3cr3t' },
) {
  server = await smallServer(handler);
  const options = kubeOptions({
    kubeconfig: files.write('config', kubeconfig(server.url, user)),
    ...more,
  });
  [kube] = (await connectClusters([], options)) as [KubeClient];
  return { kube, server, events: options.events };
}
