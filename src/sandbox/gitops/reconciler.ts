import { loadAll } from 'js-yaml';
import type { KubeCluster } from '../kube/cluster/cluster.ts';
import type { Writer } from '../kube/cluster/writer.ts';
import type { KubeObject } from '../kube/object.ts';

/** The ConfigMap that stands for the repository: each key is a file. */
export const REPOSITORY = { namespace: 'default', name: 'repository' };
/** As the interval of a Kustomization that its author set to a minute. */
const INTERVAL_MS = 60_000;

/** kustomize-controller applies server-side and takes fields over from others. */
const FLUX: Writer = {
  actor: 'flux',
  manager: 'kustomize-controller',
  force: true,
  internal: true,
};
const MARKS = {
  'kustomize.toolkit.fluxcd.io/name': 'apps',
  'kustomize.toolkit.fluxcd.io/namespace': 'flux-system',
};

const RESOURCES: Readonly<Record<string, string>> = {
  'apps/v1 Deployment': 'deployments.apps',
  'elbv2.k8s.aws/v1beta1 TargetGroupBinding': 'targetgroupbindings.elbv2.k8s.aws',
  'v1 Service': 'services',
};

/** Whether the object has all that the document says; lists are compared item by item. */
function has(live: unknown, wanted: unknown): boolean {
  if (typeof wanted !== 'object' || wanted === null) return live === wanted;
  if (typeof live !== 'object' || live === null) return false;
  return Object.entries(wanted).every(([key, value]) =>
    has((live as Readonly<Record<string, unknown>>)[key], value),
  );
}

/** The objects of the files; a file that is no YAML has none. */
function documentsOf(files: Readonly<Record<string, string>>): readonly KubeObject[] {
  return Object.values(files).flatMap((text) => {
    try {
      return (loadAll(text) as readonly (KubeObject | null)[]).flatMap((object) => object ?? []);
    } catch {
      return [];
    }
  });
}

function applyDocument(cluster: KubeCluster, document: KubeObject): void {
  const resource = RESOURCES[`${document.apiVersion} ${document.kind}`];
  const { namespace = 'default', name } = document.metadata;
  if (!resource || !name) return;
  const labels = { ...document.metadata.labels, ...MARKS };
  const body = { ...document, metadata: { ...document.metadata, namespace, labels } };
  if (has(cluster.get(resource, namespace, name), body)) return;
  try {
    cluster.patch(resource, namespace, name, { type: 'apply', body }, FLUX);
  } catch {
    // Refused: it tries again at the next interval.
  }
}

/**
 * A tool that deploys from a repository, as Flux does: every minute it applies what the repository says
 * and the cluster does not have. It deletes nothing (`prune: false`).
 */
export function startReconciler(cluster: KubeCluster): void {
  const pass = (): void => {
    const files = cluster.get('configmaps', REPOSITORY.namespace, REPOSITORY.name)?.data ?? {};
    for (const document of documentsOf(files as Readonly<Record<string, string>>)) {
      applyDocument(cluster, document);
    }
    cluster.clock.after(INTERVAL_MS, pass);
  };
  pass();
}
