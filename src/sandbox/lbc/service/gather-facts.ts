import type { KubeObject } from '../../kube/object.ts';
import type { VpcRanges } from '../binding/registration.ts';
import type { ControllerApi } from '../process/controller-api.ts';
import type { BackendGroup } from './backend-group.ts';
import { findLoadBalancers } from './load-balancer.ts';
import type { LoadBalancer } from './load-balancer.ts';
import type { ModelFacts } from './model-facts.ts';
import { resolveSecurityGroups } from './security-groups.ts';
import type { Stack } from './stack-items.ts';
import { resolveSubnets } from './subnets.ts';

/** The facts for one pass over a Service, each looked up when the model needs it. */
export function gatherFacts(
  api: ControllerApi,
  service: KubeObject,
  stack: Stack,
  backend: BackendGroup,
  ranges: VpcRanges,
): ModelFacts {
  const { vpcId, clusterName } = stack;
  // Listed once in a pass (model_build_load_balancer.go, fetchExistingLoadBalancer).
  let existing: { readonly found: LoadBalancer | undefined } | undefined;
  return {
    subnets: (scheme, wanted) => resolveSubnets(api, { vpcId, clusterName, scheme, wanted }),
    existing: () => {
      existing ??= { found: findLoadBalancers(api, stack)[0]?.item };
      return existing.found;
    },
    securityGroups: (wanted) => resolveSecurityGroups(api, vpcId, wanted),
    backendGroup: () => backend.get(service),
    vpcCidrs: (family) =>
      ranges.of(vpcId).filter((range) => range.includes(':') === (family === 'ipv6')),
  };
}
