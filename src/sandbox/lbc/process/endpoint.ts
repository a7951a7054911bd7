/** An ip target that this cluster should have registered. */
export interface PodEndpoint {
  readonly kind: 'pod';
  readonly ip: string;
  readonly port: number;
  readonly podName: string;
  /** Creation of the pod in Unix milliseconds: a new pod on an old address changes the checkpoint. */
  readonly podCreatedMs: number;
}

/** An instance target that this cluster should have registered. */
export interface NodeEndpoint {
  readonly kind: 'node';
  readonly instanceId: string;
  readonly nodeName: string;
  readonly port: number;
}

export type Endpoint = PodEndpoint | NodeEndpoint;

/**
 * `<ip>:<port>` or `<instance>:<nodePort>`: the entry of the tracked set and the key that is matched
 * with AWS's `Id:Port`; IPv6 is not bracketed (pkg/backend/endpoint_types.go, GetIdentifier).
 */
export function endpointKey(endpoint: Endpoint): string {
  switch (endpoint.kind) {
    case 'pod':
      return `${endpoint.ip}:${endpoint.port}`;
    case 'node':
      return `${endpoint.instanceId}:${endpoint.port}`;
  }
}

/** Endpoints and targets, matched by key; each list sorted by key as upstream's sets are. */
export interface Match<T> {
  readonly matched: readonly { readonly endpoint: Endpoint; readonly target: T }[];
  readonly unmatchedEndpoints: readonly Endpoint[];
  readonly unmatchedTargets: readonly T[];
}

/** pkg/targetgroupbinding/resource_manager.go, matchPodEndpointWithTargets and its node twin. */
export function matchEndpoints<T extends { readonly key: string }>(
  endpoints: readonly Endpoint[],
  targets: readonly T[],
): Match<T> {
  const endpointsByKey = new Map(endpoints.map((endpoint) => [endpointKey(endpoint), endpoint]));
  const targetsByKey = new Map(targets.map((target) => [target.key, target]));
  const matched: { endpoint: Endpoint; target: T }[] = [];
  const unmatchedEndpoints: Endpoint[] = [];
  for (const key of [...endpointsByKey.keys()].toSorted()) {
    const endpoint = endpointsByKey.get(key)!;
    const target = targetsByKey.get(key);
    if (target) matched.push({ endpoint, target });
    else unmatchedEndpoints.push(endpoint);
  }
  const unmatchedTargets = [...targetsByKey.keys()]
    .toSorted()
    .filter((key) => !endpointsByKey.has(key))
    .map((key) => targetsByKey.get(key)!);
  return { matched, unmatchedEndpoints, unmatchedTargets };
}
