import { dump } from 'js-yaml';
import { REPOSITORY, startReconciler } from '../gitops/reconciler.ts';
import type { KubeCluster } from '../kube/cluster/cluster.ts';
import type { Writer } from '../kube/cluster/writer.ts';
import { createAll, type Clusters } from './apply.ts';
import { manifest } from './manifests.ts';
import { deployment, plainService } from './objects.ts';

const person: Writer = { actor: 'person', manager: 'git', internal: true };
const PREFIX = 'service.beta.kubernetes.io/aws-load-balancer';

/** What the values of a chart say before anybody thought of sharing. */
const values = {
  [`${PREFIX}-multi-cluster-target-group`]: 'false',
  [`${PREFIX}-attributes`]: 'deletion_protection.enabled=false',
};

function commit(cluster: KubeCluster, files: Readonly<Record<string, string>>): void {
  cluster.create(
    'configmaps',
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { ...REPOSITORY }, data: files },
    person,
  );
}

/**
 * As the walkthrough, with nginx in every cluster, and each cluster deployed from a repository of its
 * own by a tool that reverts what differs from it. In the primary's repository is the Service.
 */
export function arrangeGitops({ primary, secondaries }: Clusters): void {
  const service = manifest('app/service-existing.yaml');
  service.metadata.annotations = { ...service.metadata.annotations, ...values };
  createAll(primary.kube, deployment(3));
  commit(primary.kube, { 'service.yaml': dump(service) });
  for (const { kube } of secondaries) {
    createAll(kube, deployment(2), plainService('ClusterIP'));
    commit(kube, {});
  }
  for (const { kube } of [primary, ...secondaries]) startReconciler(kube);
}
