import type { KubeClient } from '../../src/kube/client.ts';
import { connectClusters } from '../../src/kube/connect.ts';
import type { KubeOptions } from '../../src/kube/options.ts';
import { kubeOptions } from './kube-options.ts';
import { folder, type Handler, kubeconfig, type SmallServer, smallServer } from './small-server.ts';

/** For each test of the file that calls this: a folder, and a server with a client that end with the test. */
export function serverForEach() {
  let files: ReturnType<typeof folder>;
  let server: SmallServer | undefined;
  let kube: KubeClient | undefined;
  beforeEach(() => void (files = folder()));
  afterEach(async () => {
    kube?.close();
    await server?.close();
    server = undefined;
    files.remove();
  });
  return {
    /** Writes a file, and gives its path. */
    write: (name: string, text: string): string => files.write(name, text),
    /** A client of a server that answers so. */
    against: async (
      handler: Handler,
      more: Partial<KubeOptions> = {},
      user: object = { token: 's3cr3t' },
    ) => {
      server = await smallServer(handler);
      const options = kubeOptions({
        kubeconfig: files.write('config', kubeconfig(server.url, user)),
        ...more,
      });
      [kube] = (await connectClusters([], options)) as [KubeClient];
      return { kube, server, events: options.events };
    },
  };
}
