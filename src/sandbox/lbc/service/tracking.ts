import type { ControllerNames } from '../process/controller-names.ts';

/** An AWS tag. */
export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

/** The tags by which a controller finds again what it made for a Service. */
export interface StackTags {
  readonly names: ControllerNames;
  readonly clusterName: string;
  /** `namespace/name` of the Service. */
  readonly stack: string;
}

/**
 * pkg/deploy/tracking/provider.go: tags of one resource of a stack; `more` are the user's own, which
 * never overrule these.
 */
export function resourceTags(
  { names, clusterName, stack }: StackTags,
  resource: string,
  more: ReadonlyMap<string, string>,
): Tag[] {
  const tags = new Map(more);
  tags
    .set(names.clusterTag, clusterName)
    .set(`${names.stackPrefix}stack`, stack)
    .set(`${names.stackPrefix}resource`, resource);
  return [...tags].map(([Key, Value]) => ({ Key, Value }));
}

/** Labels of the bindings of a Service. */
export function stackLabels(
  { stackPrefix }: ControllerNames,
  namespace: string,
  name: string,
): Record<string, string> {
  return { [`${stackPrefix}stack-namespace`]: namespace, [`${stackPrefix}stack-name`]: name };
}

/** EC2 filters for the groups of a stack. */
export function stackFilters({ names, clusterName, stack }: StackTags): object[] {
  return [
    { Name: `tag:${names.clusterTag}`, Values: [clusterName] },
    { Name: `tag:${names.stackPrefix}stack`, Values: [stack] },
  ];
}

/** What becomes of tags: those to put on, and the keys of those to take off, each sorted by key. */
export function tagChanges(
  clusterName: string,
  found: ReadonlyMap<string, string>,
  wanted: readonly Tag[],
): { readonly put: readonly Tag[]; readonly drop: readonly Tag[] } {
  const keys = new Set(wanted.map(({ Key }) => Key));
  const stays = (key: string): boolean =>
    keys.has(key) || key.startsWith('aws:') || isLegacy(clusterName, key);
  return {
    put: wanted
      .filter(({ Key, Value }) => found.get(Key) !== Value)
      .toSorted((a, b) => (a.Key < b.Key ? -1 : 1)),
    drop: [...found]
      .filter(([key]) => !stays(key))
      .map(([Key, Value]) => ({ Key, Value }))
      .toSorted((a, b) => (a.Key < b.Key ? -1 : 1)),
  };
}

/** Tags of the controller's first version, which are left alone (tracking/provider.go, LegacyTagKeys). */
function isLegacy(clusterName: string, key: string): boolean {
  return (
    key === `kubernetes.io/cluster/${clusterName}` ||
    key === 'ingress.k8s.aws/cluster' ||
    /^kubernetes\.io\/(cluster-name|namespace|(ingress|service)-name|service-port)$/.test(key)
  );
}
