import { advice, type AdviceHint } from './hint.ts';
import type { OwnerKind, Stack } from './kubernetes.ts';

const kindText: Readonly<Record<OwnerKind, string>> = {
  service: 'Service',
  gateway: 'Gateway',
  ingress: 'Ingress',
};

/** What a controller made a load balancer for, as messages call it: `Gateway default/edge`. */
export const stackText = ({ kind, namespace, name }: Stack): string =>
  `${kindText[kind]} ${namespace === '' ? `group ${name}` : `${namespace}/${name}`}`;

/** How a Gateway keeps its load balancer: nlbmc never writes there. */
export const gatewayAdvice = advice(
  'Set deletion_protection.enabled=true in the loadBalancerAttributes of the LoadBalancerConfiguration of this Gateway.',
);

/** What an Ingress needs: another kind of load balancer, with an annotation of its own. */
export const ingressAdvice = advice(
  'An Ingress shares its target groups with the annotation alb.ingress.kubernetes.io/multi-cluster-target-group: "true".',
);

/** How a Gateway shares its target groups (`pkg/gateway/routeutils/target_group_config_resolver.go`). */
const gatewaySharing = advice(
  'Set enableMultiCluster: true in the TargetGroupConfiguration that selects the Service. A matching entry of routeConfigurations needs it, too: it overrides the default.',
);

/** What makes an owner share that nlbmc does not write. */
export const ownerAdvice = (kind: OwnerKind): AdviceHint =>
  kind === 'gateway' ? gatewaySharing : ingressAdvice;

/** Who can make a listener that is missing, where no Service's controller does. */
export const listenerAdvice = ({ kind }: { readonly kind: string }): AdviceHint =>
  advice(
    kind === 'gateway'
      ? 'The controller makes the listeners of a Gateway from its routes: check the Gateway and its routes.'
      : 'No controller makes the listeners of this load balancer: create the listener with the tool that manages the load balancer.',
  );
