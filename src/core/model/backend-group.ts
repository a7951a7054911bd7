import type { LoadBalancer, SecurityGroup } from './aws.ts';
import { clusterNames } from './cluster-name.ts';
import type { Binding } from './kubernetes.ts';
import type { ClusterView } from './cluster-view.ts';

/** The security group behind which the load balancer reaches the endpoints, and how it is known. */
export interface BackendGroup {
  readonly id: string;
  readonly name: string | null;
  /** `tag`, `controller flag`, `description`, or `rules`: named by the binding's rules alone. */
  readonly foundBy: 'tag' | 'controller flag' | 'description' | 'rules';
  readonly onLoadBalancer: boolean | null;
}

/** How LBC describes the group that it makes (`pkg/networking/backend_sg_provider.go`). */
const madeBy = '[k8s] Shared Backend SecurityGroup for LoadBalancer';

/** Security groups that the rules of a binding let in. */
export const peerGroups = (binding: Binding): readonly string[] => [
  ...new Set(
    (binding.networking ?? []).flatMap(({ from }) =>
      from.flatMap(({ securityGroup }) => securityGroup?.groupID ?? []),
    ),
  ),
];

function foundBy(
  id: string,
  group: SecurityGroup | undefined,
  primary: ClusterView,
): BackendGroup['foundBy'] {
  const names = clusterNames(primary);
  const owner = group?.tags['elbv2.k8s.aws/cluster'];
  if (
    group?.tags['elbv2.k8s.aws/resource'] === 'backend-sg' &&
    (names.length === 0 || owner === undefined || names.includes(owner))
  ) {
    return 'tag';
  }
  const flags = primary.controller.ok
    ? primary.controller.value.deployments.map(({ backendSecurityGroup }) => backendSecurityGroup)
    : [];
  if (flags.includes(id)) return 'controller flag';
  return group?.description === madeBy ? 'description' : 'rules';
}

/**
 * The backend groups of an enrollment. The primary's rules are decisive: what they name is what the
 * endpoints let in; tag, flag and description only tell what the group is. None: the rules name no
 * group (an NLB without groups has address blocks there, or nothing is automated).
 */
export function backendGroups(
  bindings: readonly Binding[],
  primary: ClusterView,
  balancer: LoadBalancer | undefined,
): readonly BackendGroup[] {
  const described = balancer?.securityGroups?.ok ? balancer.securityGroups.value : [];
  return [...new Set(bindings.flatMap(peerGroups))].map((id) => {
    const group = described.find((candidate) => candidate.id === id);
    return {
      id,
      name: group?.name ?? null,
      foundBy: foundBy(id, group, primary),
      onLoadBalancer: balancer ? balancer.securityGroupIds.includes(id) : null,
    };
  });
}
