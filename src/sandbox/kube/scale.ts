import { copyOf } from './object.ts';
import type { KubeObject } from './object.ts';
import { badValue } from './faults.ts';
import { invalid } from './status-error.ts';

function selectorText(selector: {
  matchLabels?: Record<string, string>;
  matchExpressions?: { key: string; operator: string; values?: string[] }[];
}): string {
  const equal = Object.entries(selector.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
  const words: Record<string, string> = { In: ' in ', NotIn: ' notin ' };
  const others = (selector.matchExpressions ?? []).map(({ key, operator, values }) => {
    if (operator === 'Exists') return key;
    if (operator === 'DoesNotExist') return `!${key}`;
    return `${key}${words[operator]}(${(values ?? []).join(',')})`;
  });
  return [...equal, ...others].sort().join(',');
}

/** The scale subresource of a Deployment or ReplicaSet, autoscaling/v1. */
export function scaleOf(object: KubeObject): KubeObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  return {
    apiVersion: 'autoscaling/v1',
    kind: 'Scale',
    metadata: {
      name,
      namespace,
      uid,
      resourceVersion,
      creationTimestamp,
    } as KubeObject['metadata'],
    // Zero is not written.
    spec: object.spec.replicas ? { replicas: object.spec.replicas } : {},
    status: {
      replicas: object.status?.replicas ?? 0,
      selector: selectorText(object.spec.selector),
    },
  };
}

/** The object with the replicas and the preconditions of a Scale. Raises 422 for a bad number. */
export function scaled(object: KubeObject, scale: KubeObject): KubeObject {
  const replicas: unknown = scale.spec?.replicas ?? 0;
  if (!Number.isInteger(replicas) || (replicas as number) < 0)
    throw invalid({ group: 'autoscaling', kind: 'Scale' }, object.metadata.name, [
      badValue('spec.replicas', replicas, 'must be greater than or equal to 0'),
    ]);
  const next = copyOf(object);
  next.spec.replicas = replicas;
  const { resourceVersion, uid } = scale.metadata;
  if (resourceVersion) next.metadata.resourceVersion = resourceVersion;
  else delete next.metadata.resourceVersion;
  if (uid) next.metadata.uid = uid;
  return next;
}
