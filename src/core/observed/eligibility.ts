import type {
  Binding,
  Endpoint,
  IpFamily,
  Node,
  Service,
  ServicePort,
} from '../model/kubernetes.ts';
import type { Mutable } from '../model/mutable.ts';
import { selects } from '../model/label-selector.ts';
import { known, unknown, type Reading } from '../model/problem.ts';
import { portOf } from '../model/service-ports.ts';
import type { Target } from '../model/target.ts';
import { canonicalId } from '../model/target-key.ts';

/** A target that the controller of a cluster would register for a binding, now. */
export interface EligibleTarget {
  readonly target: Target;
  readonly zone?: string;
  readonly pod?: string;
  readonly node?: string;
  /** Since when it is one at the latest, in ms since 1970; absent where that is not known. */
  readonly since?: number;
  /** Its pod waits for its own target-health readiness gate. */
  readonly gatePending: boolean;
}

export interface EligibilityFacts {
  /** Without an `ipFamily`: addresses of either. */
  readonly binding: Pick<Binding, 'targetType' | 'servicePort' | 'nodeSelector'> &
    Partial<Pick<Binding, 'ipFamily'>>;
  readonly service: Service;
  readonly endpoints: readonly Endpoint[];
  readonly nodes?: Reading<readonly Node[]>;
}

/** The target port of an endpoint; with an unnamed Service port the controller takes any. */
export const endpointPort = (endpoint: Endpoint, port: ServicePort): number | undefined =>
  endpoint.ports[port.name ?? ''] ??
  (port.name === undefined ? Object.values(endpoint.ports)[0] : undefined);

/** Labels that keep a node out of every target group (`pkg/backend/endpoint_utils.go`). */
const excludedNodes = {
  matchExpressions: [
    { key: 'node-role.kubernetes.io/master', operator: 'DoesNotExist' },
    { key: 'node.kubernetes.io/exclude-from-external-load-balancers', operator: 'DoesNotExist' },
    { key: 'alpha.service-controller.kubernetes.io/exclude-balancer', operator: 'DoesNotExist' },
    { key: 'eks.amazonaws.com/compute-type', operator: 'NotIn', values: ['fargate'] },
  ],
};

/** Taints of a node that is about to be removed (`pkg/backend/endpoint_utils.go`). */
const leavingTaints = new Set([
  'ToBeDeletedByClusterAutoscaler',
  'karpenter.sh/disrupted',
  'karpenter.sh/disruption',
]);

/** A dual-stack Service has a slice for each family; a slice has addresses of one. */
const familyOf = ({ address }: Endpoint): IpFamily => (address.includes(':') ? 'ipv6' : 'ipv4');

/** What was found in a list before, by family and port name. A run looks many times at thousands of endpoints. */
const podTargetsFound = new WeakMap<readonly Endpoint[], Map<string, readonly EligibleTarget[]>>();

function podTargets(
  family: IpFamily | undefined,
  port: ServicePort,
  endpoints: readonly Endpoint[],
): readonly EligibleTarget[] {
  const found = podTargetsFound.get(endpoints) ?? new Map<string, readonly EligibleTarget[]>();
  podTargetsFound.set(endpoints, found);
  const key = [family, port.name].join(' ');
  const targets = found.get(key) ?? findPodTargets(family, port, endpoints);
  found.set(key, targets);
  return targets;
}

function findPodTargets(
  family: IpFamily | undefined,
  port: ServicePort,
  endpoints: readonly Endpoint[],
): readonly EligibleTarget[] {
  const pods = endpoints.filter(
    (endpoint) =>
      endpoint.pod !== undefined && (family === undefined || familyOf(endpoint) === family),
  );
  const ready = pods.filter(
    (endpoint) =>
      endpoint.ready !== false ||
      // Waits for nothing but its own target-health gate: it must be registered to become ready.
      (!endpoint.terminating &&
        endpoint.podContainersReady === true &&
        endpoint.nodeReady === 'True'),
  );
  const isOpen = (endpoint: Endpoint): boolean =>
    endpoint.podContainersReady === true && endpoint.nodeReady === 'Unknown';
  return (ready.length > 0 ? ready : pods.filter(isOpen)).flatMap((endpoint) => {
    const number = endpointPort(endpoint, port);
    if (number === undefined) return [];
    const { address, zone, pod, node, since } = endpoint;
    const found: Mutable<EligibleTarget> = {
      target: { id: canonicalId(address), port: number },
      gatePending: endpoint.gatePending === true,
    };
    if (zone !== undefined) found.zone = zone;
    if (pod !== undefined) found.pod = pod;
    if (node !== undefined) found.node = node;
    // What makes one that is not ready eligible is written in its pod and node, not in the slice.
    if (since !== undefined && endpoint.ready !== false) found.since = since;
    return found;
  });
}

/** Nodes that the binding selects and that are not on their way out, ready or not. */
export const selectedNodes = (
  binding: Pick<Binding, 'nodeSelector'>,
  nodes: readonly Node[],
): readonly Node[] =>
  nodes.filter(
    (node) =>
      selects(excludedNodes, node.labels) &&
      // A binding's own selector narrows the default one; it does not replace it.
      selects(binding.nodeSelector ?? {}, node.labels) &&
      !node.taints.some((taint) => leavingTaints.has(taint)),
  );

function nodeTargets(
  binding: Pick<Binding, 'nodeSelector'>,
  port: ServicePort,
  nodes: readonly Node[],
): readonly EligibleTarget[] {
  if (port.nodePort === undefined) return [];
  const nodePort = port.nodePort;
  const candidates = selectedNodes(binding, nodes);
  const ready = candidates.filter((node) => node.ready === 'True');
  const open = candidates.filter((node) => node.ready === 'Unknown');
  return (ready.length > 0 ? ready : open).flatMap((node) =>
    node.instanceId === undefined
      ? []
      : {
          target: { id: node.instanceId, port: nodePort },
          gatePending: false,
          node: node.name,
          ...(node.zone === undefined ? {} : { zone: node.zone }),
        },
  );
}

/**
 * The targets that the controller would register for a binding: more than the ready ones
 * (`pkg/backend/endpoint_resolver.go`), and only addresses of the target group's family: since v3.4.3
 * the controller leaves out the slices of the other one, and before AWS refused them. A Service
 * without the binding's port has none. Unknown
 * only for instance targets when the nodes could not be read.
 */
export function eligibleTargets(facts: EligibilityFacts): Reading<readonly EligibleTarget[]> {
  const { binding, service, endpoints, nodes } = facts;
  const port = portOf(service, binding.servicePort);
  if (!port) return known([]);
  if (binding.targetType === 'ip') return known(podTargets(binding.ipFamily, port, endpoints));
  if (!nodes) {
    return unknown({ code: 'answer-malformed', message: 'The nodes have not been read.' });
  }
  return nodes.ok ? known(nodeTargets(binding, port, nodes.value)) : nodes;
}
