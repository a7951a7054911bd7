import type { Flavour, ObjectName } from '../model/kubernetes.ts';
import type { ClusterView } from '../model/cluster-view.ts';
import { trackingName } from '../model/flavours.ts';
import { type Hint, kubectlHint } from '../model/hint.ts';
import type { Member } from './member.ts';
import type { Observed } from './observed.ts';
import { known, type Reading } from '../model/problem.ts';
import { straysOf } from './strays.ts';
import type { RegisteredTarget } from '../model/target.ts';

/**
 * Registered targets that the record of an exclusive binding lists and that are not its own: the
 * record is left from an earlier time when the target group was shared. The controller neither
 * deletes nor writes a record while the flag is off, and believes the one that it finds when the
 * flag goes on: its first pass would deregister these targets
 * (`pkg/targetgroupbinding/multicluster_manager.go`). So every command that sets the flag on an existing binding calls this
 * first: enable, join --adopt, repair. None for a binding that is multi-cluster: its record is the
 * controller's. Unknown where endpoints, record or targets could not be read.
 */
export function leftoverTargets(
  member: Member,
  observed: Observed,
): Reading<readonly RegisteredTarget[]> {
  if (member.binding.multiCluster) return known([]);
  const strays = straysOf(member, observed);
  return strays.ok ? known(strays.value.doomed) : strays;
}

/**
 * How a record is dropped that must not be believed. The controller keeps what it has read of it in
 * memory for as long as it runs, so it has to be restarted after the record is deleted.
 */
export function dropRecordHints(
  cluster: ClusterView,
  binding: ObjectName & { readonly flavour: Flavour },
): readonly Hint[] {
  const { context } = cluster;
  const drop = kubectlHint(
    { context, namespace: binding.namespace },
    'delete',
    'configmap',
    trackingName(binding),
  );
  // Nothing can restart the controller of EKS Auto Mode, which runs in AWS.
  const deployments =
    binding.flavour === 'lbc' && cluster.controller.ok ? cluster.controller.value.deployments : [];
  return [
    drop,
    ...deployments.map(({ namespace, name }) =>
      kubectlHint({ context, namespace }, 'rollout', 'restart', `deployment/${name}`),
    ),
  ];
}
