import type { KubeCluster } from '../../../src/sandbox/kube/cluster/cluster.ts';
import type { PolicyRule } from '../../../src/sandbox/kube/cluster/rbac.ts';

const GROUP = 'rbac.authorization.k8s.io';
const apiVersion = `${GROUP}/v1`;
const by = { actor: 'admin', manager: 'kubectl', internal: true };

/** Rules that allow all there is. */
export const EVERYTHING: readonly PolicyRule[] = [
  { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
];

/** Gives a user a Role in one namespace, or a ClusterRole where `namespace` is empty; both are named after the user. */
export function giveRole(
  cluster: KubeCluster,
  user: string,
  namespace: string,
  rules: readonly PolicyRule[],
): void {
  const prefix = namespace ? '' : 'Cluster';
  const kind = `${prefix}Role`;
  const metadata = { name: user, ...(namespace && { namespace }) };
  const key = (of: string): string => `${of.toLowerCase()}s.${GROUP}`;
  cluster.create(key(kind), { apiVersion, kind, metadata, rules }, by);
  const binding = {
    apiVersion,
    kind: `${kind}Binding`,
    metadata,
    roleRef: { apiGroup: GROUP, kind, name: user },
    subjects: [{ apiGroup: GROUP, kind: 'User', name: user }],
  };
  cluster.create(key(binding.kind), binding, by);
}
