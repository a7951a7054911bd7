import type { ControllerApi } from './controller-api.ts';

/** An AWS tag. */
export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

const CLUSTER = 'elbv2.k8s.aws/cluster';
const STACK = 'service.k8s.aws/stack';
const RESOURCE = 'service.k8s.aws/resource';

/** The tags by which a controller finds again what it made for a Service. */
export interface StackTags {
  readonly clusterName: string;
  /** `namespace/name` of the Service. */
  readonly stack: string;
}

/**
 * pkg/deploy/tracking/provider.go: tags of one resource of a stack; `more` are the user's own, which
 * never overrule these.
 */
export function resourceTags(
  { clusterName, stack }: StackTags,
  resource: string,
  more: ReadonlyMap<string, string>,
): Tag[] {
  const tags = new Map(more);
  tags.set(CLUSTER, clusterName).set(STACK, stack).set(RESOURCE, resource);
  return [...tags].map(([Key, Value]) => ({ Key, Value }));
}

/** Labels of the bindings of a Service. */
export function stackLabels(namespace: string, name: string): Record<string, string> {
  return { 'service.k8s.aws/stack-namespace': namespace, 'service.k8s.aws/stack-name': name };
}

/** EC2 filters for the groups of a stack. */
export function stackFilters({ clusterName, stack }: StackTags): object[] {
  return [
    { Name: `tag:${CLUSTER}`, Values: [clusterName] },
    { Name: `tag:${STACK}`, Values: [stack] },
  ];
}

/** Something found by its tags. */
export interface Tagged<T> {
  readonly item: T;
  readonly resource: string;
  readonly tags: ReadonlyMap<string, string>;
}

/**
 * Those of `items` that carry the tags of the stack. ELBv2 cannot search by tag, so that all are
 * listed and their tags asked for, 20 at a time (pkg/deploy/elbv2/tagging_manager.go).
 */
export function ofStack<T>(
  api: ControllerApi,
  items: readonly T[],
  arnOf: (item: T) => string,
  { clusterName, stack }: StackTags,
): Tagged<T>[] {
  const found: Tagged<T>[] = [];
  for (let i = 0; i < items.length; i += 20) {
    const chunk = items.slice(i, i + 20);
    const { TagDescriptions } = api.aws<{
      readonly TagDescriptions: readonly { readonly ResourceArn: string; readonly Tags: Tag[] }[];
    }>('elbv2.DescribeTags', { ResourceArns: chunk.map(arnOf) });
    for (const item of chunk) {
      const described = TagDescriptions.find(({ ResourceArn }) => ResourceArn === arnOf(item));
      const tags = new Map(described?.Tags.map(({ Key, Value }) => [Key, Value]));
      if (tags.get(CLUSTER) !== clusterName || tags.get(STACK) !== stack) continue;
      found.push({ item, resource: tags.get(RESOURCE) ?? '', tags });
    }
  }
  return found;
}

/** Adds the tags that differ; tags of others stay (upstream removes only what it knows it set). */
export function reconcileTags(
  api: ControllerApi,
  arn: string,
  found: ReadonlyMap<string, string>,
  wanted: readonly Tag[],
): void {
  const missing = wanted.filter(({ Key, Value }) => found.get(Key) !== Value);
  if (missing.length > 0) api.aws('elbv2.AddTags', { ResourceArns: [arn], Tags: missing });
}
