import type { KnownTags } from './known-tags.ts';
import type { StackTags } from './tracking.ts';

/** What was made for one Service, and how one pass finds it again. */
export interface Stack extends StackTags {
  readonly vpcId: string;
  readonly known: KnownTags;
}

/** Something found by its tags. */
export interface Tagged<T> {
  readonly item: T;
  readonly arn: string;
  /** Which resource of the stack it is; undefined where that tag is gone. */
  readonly resource: string | undefined;
  readonly tags: ReadonlyMap<string, string>;
}

/**
 * Those of `items` that are in the controller's VPC and carry the tags of the stack, as far as the
 * process knows. ELBv2 cannot search by tag, so that all are listed and their tags looked up
 * (pkg/deploy/elbv2/tagging_manager.go, listLoadBalancersNative and listTargetGroupsNative).
 */
export function ofStack<T extends { readonly VpcId?: string }>(
  { names, clusterName, stack, vpcId, known }: Stack,
  items: readonly T[],
  arnOf: (item: T) => string,
): Tagged<T>[] {
  const near = items.filter((item) => item.VpcId === vpcId);
  const tagsOf = known.of(near.map(arnOf));
  return near.flatMap((item) => {
    const arn = arnOf(item);
    const tags = tagsOf.get(arn) ?? new Map<string, string>();
    if (tags.get(names.clusterTag) !== clusterName) return [];
    if (tags.get(`${names.stackPrefix}stack`) !== stack) return [];
    return [{ item, arn, resource: tags.get(`${names.stackPrefix}resource`), tags }];
  });
}

/**
 * By resource. Raises an Error for one that has the tags of the stack and does not say which resource
 * it is: nothing is deployed then (map…ByResourceID of the synthesizers).
 */
export function byResource<T>(
  found: readonly Tagged<T>[],
  kind: 'loadBalancer' | 'targetGroup',
): ReadonlyMap<string, readonly Tagged<T>[]> {
  const all = new Map<string, Tagged<T>[]>();
  for (const one of found) {
    if (one.resource === undefined) {
      throw new Error(`unexpected ${kind} with no resourceID: ${one.arn}`);
    }
    all.set(one.resource, [...(all.get(one.resource) ?? []), one]);
  }
  return all;
}
