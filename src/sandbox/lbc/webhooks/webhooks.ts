import { copyOf } from '../../kube/object.ts';
import type { Webhook } from '../../kube/cluster/admission.ts';
import type { KubeCluster } from '../../kube/cluster/cluster.ts';
import { mutateBinding } from './binding-mutator.ts';
import type { WebhookContext } from './binding-mutator.ts';
import { validateChangedBinding, validateNewBinding } from './binding-validator.ts';
import type { ResolvedFlags } from '../process/flags.ts';
import { LBC_NAMES, type ControllerNames } from '../process/controller-names.ts';
import { injectGates } from './pod-gates.ts';
import { atLeast } from '../process/version.ts';

/**
 * The webhooks that the chart registers (config/webhook/manifests.yaml). `reachable` says whether a
 * controller process answers. The pod webhook looks at labelled namespaces only, upstream through
 * its namespaceSelector; elsewhere it must not fail while the controller is away.
 */
export function webhooksOf(
  cluster: KubeCluster,
  context: WebhookContext,
  flags: ResolvedFlags,
  reachable: () => boolean,
): Webhook[] {
  const { bindings: BINDINGS } = LBC_NAMES;
  const others = () => cluster.list(BINDINGS);
  const hooks: Webhook[] = [
    {
      name: 'mtargetgroupbinding.elbv2.k8s.aws',
      path: '/mutate-elbv2-k8s-aws-v1beta1-targetgroupbinding',
      kind: 'mutating',
      resource: BINDINGS,
      operations: ['CREATE', 'UPDATE'],
      reachable,
      call: ({ operation, object }) => object && mutateBinding(operation, object, context),
    },
    {
      name: 'vtargetgroupbinding.elbv2.k8s.aws',
      path: '/validate-elbv2-k8s-aws-v1beta1-targetgroupbinding',
      kind: 'validating',
      resource: BINDINGS,
      operations: ['CREATE', 'UPDATE'],
      reachable,
      call: ({ object, old }) => {
        if (!object) return;
        if (old) validateChangedBinding(object, old, others(), context);
        else validateNewBinding(object, others(), context);
      },
    },
    podHook('mpod.elbv2.k8s.aws', LBC_NAMES, cluster, reachable),
  ];
  // webhooks/core/service_mutator.go, since v2.5.0.
  if (flags.enableServiceMutatorWebhook && atLeast(context.version, '2.5.0')) {
    hooks.push(serviceHook('mservice.elbv2.k8s.aws', flags.loadBalancerClass, reachable));
  }
  return hooks;
}

/** Gives new pods their gates. */
export const podHook = (
  name: string,
  names: ControllerNames,
  cluster: KubeCluster,
  reachable: () => boolean,
): Webhook => ({
  name,
  path: '/mutate-v1-pod',
  kind: 'mutating',
  resource: 'pods',
  operations: ['CREATE'],
  reachable: () => reachable() || !anyLabelled(names, cluster),
  call: ({ object }) => object && injectGates(names, cluster, object),
});

/** Gives a new Service of type LoadBalancer its class. */
export const serviceHook = (
  name: string,
  loadBalancerClass: string,
  reachable: () => boolean,
): Webhook => ({
  name,
  path: '/mutate-v1-service',
  kind: 'mutating',
  resource: 'services',
  operations: ['CREATE'],
  reachable,
  call: ({ object }) => {
    if (object?.['spec']?.type !== 'LoadBalancer') return object;
    if (object['spec'].loadBalancerClass) return object;
    const result = copyOf(object);
    result['spec'].loadBalancerClass = loadBalancerClass;
    return result;
  },
});

function anyLabelled({ gateLabel }: ControllerNames, cluster: KubeCluster): boolean {
  return cluster
    .list('namespaces')
    .some(({ metadata }) => metadata.labels?.[gateLabel] === 'enabled');
}
