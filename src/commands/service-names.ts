import type { ObjectName } from '../core/model/kubernetes.ts';
import type { World } from '../engine/world.ts';

/** A local Service as typed: without a namespace, that of the primary's Service is meant. */
export interface LocalName {
  readonly namespace?: string;
  readonly name: string;
}

/**
 * The primary's Service, and the Service in the other clusters. `-n` wins over the namespace of
 * the primary's context, which is `primary`, or the first one where none is named.
 */
export function serviceNames(
  name: string,
  world: World,
  o: {
    readonly namespace?: string | undefined;
    readonly primary?: string;
    readonly localService?: LocalName | undefined;
  },
): { readonly service: ObjectName; readonly localService: ObjectName } {
  const primary = world.kube.find(({ context }) => context === o.primary) ?? world.kube[0];
  const service = { namespace: o.namespace ?? primary?.namespace ?? 'default', name };
  return { service, localService: { ...service, ...o.localService } };
}
