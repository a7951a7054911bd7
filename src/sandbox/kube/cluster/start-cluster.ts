import { KubeCluster } from './cluster.ts';
import { firstRoles } from './first-roles.ts';
import { startGarbageCollector } from './garbage.ts';
import type { Writer } from './writer.ts';

const WRITER: Writer = { actor: 'kube-apiserver', manager: 'kube-apiserver', internal: true };

/** What every new cluster has: its first namespaces and ClusterRoles, and the Service of the API server itself. */
function bootstrap(cluster: KubeCluster): void {
  for (const name of ['default', 'kube-node-lease', 'kube-public', 'kube-system'])
    cluster.create(
      'namespaces',
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name } },
      WRITER,
    );
  for (const { key, object } of firstRoles()) cluster.create(key, object, WRITER);
  cluster.create(
    'services',
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {
        name: 'kubernetes',
        namespace: 'default',
        labels: { component: 'apiserver', provider: 'kubernetes' },
      },
      spec: {
        clusterIP: cluster.ipFamily === 'IPv6' ? 'fdd3:7636:68bc::1' : '172.20.0.1',
        ports: [{ name: 'https', port: 443, targetPort: 443 }],
      },
    },
    WRITER,
  );
}

/** A cluster with what every new one has, and with its own controllers at work. */
export function startCluster(o: ConstructorParameters<typeof KubeCluster>[0]): KubeCluster {
  const cluster = new KubeCluster(o);
  bootstrap(cluster);
  startGarbageCollector(cluster);
  return cluster;
}
