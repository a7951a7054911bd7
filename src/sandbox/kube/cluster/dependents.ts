import { copyOf } from '../object.ts';
import type { KubeObject } from '../object.ts';
import type { ResourceDef } from '../resources.ts';
import type { Writer } from './writer.ts';

/** In whose name the server deletes and orphans what belongs to an object that goes. */
export const COLLECTOR: Writer = {
  actor: 'garbage-collector',
  manager: 'kube-controller-manager',
  internal: true,
};

/** An object and the resource that it is one of. */
export type Found = { readonly def: ResourceDef; readonly object: KubeObject };

/** Those of `all` that name the owner. */
export function dependentsOf(all: readonly Found[], owner: string | undefined): Found[] {
  return all.filter(({ object }) =>
    object.metadata.ownerReferences?.some(({ uid }) => uid === owner),
  );
}

/** A dependent as it outlives its owner (propagationPolicy Orphan). */
export function withoutOwner(object: KubeObject, owner: string | undefined): KubeObject {
  const next = copyOf(object);
  next.metadata.ownerReferences = next.metadata.ownerReferences!.filter(({ uid }) => uid !== owner);
  return next;
}
