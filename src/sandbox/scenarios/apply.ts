import type { AwsAccount } from '../aws/account.ts';
import type { KubeCluster } from '../kube/cluster/cluster.ts';
import type { Writer } from '../kube/cluster/writer.ts';
import type { KubeObject } from '../kube/object.ts';

type Cluster = { readonly kube: KubeCluster; readonly vpcId: string };

/** Of a world, what its scenario fills. */
export interface Clusters {
  readonly primary: Cluster;
  readonly secondaries: readonly Cluster[];
  readonly aws: AwsAccount;
}

const person: Writer = { actor: 'person', manager: 'kubectl-create', internal: true };

const RESOURCES: Readonly<Record<string, string>> = {
  Deployment: 'deployments.apps',
  Service: 'services',
};

/** Creates objects in the namespace default, as a person with kubectl would. */
export function createAll(cluster: KubeCluster, ...objects: readonly KubeObject[]): void {
  for (const object of objects) {
    const resource = RESOURCES[object.kind];
    if (!resource) throw new Error(`no scenario creates a ${object.kind}`);
    const metadata = { namespace: 'default', ...object.metadata };
    cluster.create(resource, { ...object, metadata }, person);
  }
}
