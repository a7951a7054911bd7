import type { KubeCluster, Writer } from './cluster.ts';
import { definedResources } from '../definitions.ts';
import { CLEANUP } from '../kinds/definition.ts';
import { copyOf } from '../object.ts';
import type { KubeObject } from '../object.ts';
import type { ResourceDef } from '../resources.ts';
import type { Change } from './store.ts';

const FOREGROUND = 'foregroundDeletion';
const DEFINITIONS = 'customresourcedefinitions.apiextensions.k8s.io';

const WRITER: Writer = {
  actor: 'garbage-collector',
  manager: 'kube-controller-manager',
  internal: true,
};

type Policy = 'Background' | 'Foreground';
type Found = { readonly def: ResourceDef; readonly object: KubeObject };

function dependentsOf(cluster: KubeCluster, uid: string | undefined): Found[] {
  return cluster.resources().flatMap((def) =>
    cluster
      .list(def.key)
      .filter((object) => object.metadata.ownerReferences?.some((owner) => owner.uid === uid))
      .map((object) => ({ def, object })),
  );
}

function drop(cluster: KubeCluster, { def, object }: Found, propagationPolicy: Policy): void {
  const { namespace = '', name, uid, deletionTimestamp } = object.metadata;
  if (deletionTimestamp || cluster.get(def.key, namespace, name)?.metadata.uid !== uid) return;
  cluster.delete(def.key, namespace, name, WRITER, { propagationPolicy });
}

function removeFinalizer(cluster: KubeCluster, { def, object }: Found, finalizer: string): void {
  const { namespace = '', name } = object.metadata;
  const live = cluster.get(def.key, namespace, name);
  if (!live?.metadata.finalizers?.includes(finalizer)) return;
  const next = copyOf(live);
  next.metadata.finalizers = live.metadata.finalizers.filter((other) => other !== finalizer);
  cluster.update(def.key, next, WRITER);
}

/** Takes its owner from every dependent, so that they outlive it (propagationPolicy Orphan). */
export function orphanDependents(cluster: KubeCluster, owner: KubeObject): void {
  for (const { def, object } of dependentsOf(cluster, owner.metadata.uid)) {
    const next = copyOf(object);
    next.metadata.ownerReferences = next.metadata.ownerReferences!.filter(
      (reference) => reference.uid !== owner.metadata.uid,
    );
    cluster.update(def.key, next, WRITER);
  }
}

/** Dependents go with their last owner. */
function collect(cluster: KubeCluster, gone: KubeObject): void {
  for (const found of dependentsOf(cluster, gone.metadata.uid)) {
    const others = found.object.metadata.ownerReferences!.filter(
      (owner) => owner.uid !== gone.metadata.uid && isAlive(cluster, owner.uid),
    );
    if (others.length === 0) drop(cluster, found, 'Background');
  }
}

function isAlive(cluster: KubeCluster, uid: string): boolean {
  return cluster
    .resources()
    .some((def) => cluster.list(def.key).some((object) => object.metadata.uid === uid));
}

function contentsOf(cluster: KubeCluster, namespace: string): Found[] {
  return cluster
    .resources()
    .filter((def) => def.namespaced)
    .flatMap((def) => cluster.list(def.key, namespace).map((object) => ({ def, object })));
}

function instancesOf(cluster: KubeCluster, crd: KubeObject): Found[] {
  const def = definedResources(crd)[0];
  return def ? cluster.list(def.key).map((object) => ({ def, object })) : [];
}

/** Deletes what an object that is going takes with it, and lets it go once that is gone. */
function advance(cluster: KubeCluster, found: Found): void {
  const { def, object } = found;
  const step = (inside: () => Found[], policy: Policy, finish: () => void): void => {
    for (const one of inside()) drop(cluster, one, policy);
    if (inside().length === 0) finish();
  };
  const { name, uid, finalizers } = object.metadata;
  if (def.key === 'namespaces' && object.spec.finalizers?.length)
    step(
      () => contentsOf(cluster, name),
      'Background',
      () => cluster.update(def.key, { ...object, spec: { finalizers: [] } }, WRITER, 'finalize'),
    );
  if (def.key === DEFINITIONS && finalizers?.includes(CLEANUP))
    step(
      () => instancesOf(cluster, object),
      'Background',
      () => removeFinalizer(cluster, found, CLEANUP),
    );
  if (finalizers?.includes(FOREGROUND))
    step(
      () => dependentsOf(cluster, uid),
      'Foreground',
      () => removeFinalizer(cluster, found, FOREGROUND),
    );
}

/**
 * The garbage collector and the namespace and definition controllers: what they do after
 * milliseconds in a real cluster is done here as soon as the write is committed. Source:
 * kubernetes pkg/controller/garbagecollector, pkg/controller/namespace.
 */
export function startGarbageCollector(cluster: KubeCluster): void {
  const advanceAll = (): void => {
    for (const def of cluster.resources())
      for (const object of cluster.list(def.key))
        if (object.metadata.deletionTimestamp) advance(cluster, { def, object });
  };
  cluster.store.subscribe((change: Change) => {
    if (change.type === 'DELETED') {
      collect(cluster, change.object);
      advanceAll();
      return;
    }
    const going = change.object.metadata.deletionTimestamp;
    const was = change.old?.metadata.deletionTimestamp;
    if (!going || was) return;
    const def = cluster.resources().find((one) => one.key === change.resource);
    if (def) advance(cluster, { def, object: change.object });
  });
}
