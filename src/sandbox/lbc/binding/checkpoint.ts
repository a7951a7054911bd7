import { createHash } from 'node:crypto';
import { endpointKey } from '../process/endpoint.ts';
import type { Endpoint } from '../process/endpoint.ts';

export const CHECKPOINT = 'elbv2.k8s.aws/checkpoint';
export const CHECKPOINT_TIMESTAMP = 'elbv2.k8s.aws/checkpoint-timestamp';

/**
 * The fingerprint of what a reconcile would do: `<43 characters>/<43 characters>` over the endpoints
 * (with the pods' creation times) and over the spec (pkg/targetgroupbinding/utils.go,
 * calculateTGBReconcileCheckpoint). Equal to the annotation means: skip everything.
 */
export function checkpointOf(endpoints: readonly Endpoint[], spec: unknown): string {
  const listed = endpoints.map((endpoint) =>
    endpoint.kind === 'pod'
      ? `${endpointKey(endpoint)}:${endpoint.podCreatedMs}`
      : endpointKey(endpoint),
  );
  return `${digest(listed.toSorted().join(','))}/${digest(stableJson(spec))}`;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

/** JSON with sorted keys, as Go's struct order does not depend on who wrote the object. */
function stableJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
