import { createHash } from 'node:crypto';
import { sortedJson } from '../../kube/object.ts';
import { endpointKey } from '../process/endpoint.ts';
import type { Endpoint } from '../process/endpoint.ts';

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
  return `${digest(listed.toSorted().join(','))}/${digest(sortedJson(spec))}`;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
