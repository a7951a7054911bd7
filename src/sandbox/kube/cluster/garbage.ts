import type { KubeCluster } from './cluster.ts';
import { DEFINITIONS, definedResources } from '../definitions.ts';
import { CLEANUP } from '../kinds/definition.ts';
import { copyOf } from '../object.ts';
import type { KubeObject } from '../object.ts';
import type { Contents } from './contents.ts';
import { COLLECTOR, dependentsOf } from './dependents.ts';
import type { Found } from './dependents.ts';
import type { Change } from './store.ts';

const FOREGROUND = 'foregroundDeletion';

type Policy = 'Background' | 'Foreground';

function drop(cluster: KubeCluster, { def, object }: Found, propagationPolicy: Policy): void {
  const { namespace = '', name, uid, deletionTimestamp } = object.metadata;
  if (deletionTimestamp || cluster.get(def.key, namespace, name)?.metadata.uid !== uid) return;
  cluster.delete(def.key, namespace, name, COLLECTOR, { propagationPolicy });
}

function removeFinalizer(cluster: KubeCluster, { def, object }: Found, finalizer: string): void {
  const { namespace = '', name } = object.metadata;
  const live = cluster.get(def.key, namespace, name);
  if (!live?.metadata.finalizers?.includes(finalizer)) return;
  const next = copyOf(live);
  next.metadata.finalizers = live.metadata.finalizers.filter((other) => other !== finalizer);
  cluster.update(def.key, next, COLLECTOR);
}

/** Dependents go with their last owner. */
function collect(cluster: KubeCluster, gone: KubeObject): void {
  for (const found of dependentsOf(cluster.objects(), gone.metadata.uid)) {
    const others = found.object.metadata.ownerReferences!.filter(
      (owner) => owner.uid !== gone.metadata.uid && isAlive(cluster, owner.uid),
    );
    if (others.length === 0) drop(cluster, found, 'Background');
  }
}

function isAlive(cluster: Contents, uid: string): boolean {
  return cluster.objects().some(({ object }) => object.metadata.uid === uid);
}

function contentsOf(cluster: Contents, namespace: string): Found[] {
  return cluster
    .objects()
    .filter(({ def, object }) => def.namespaced && object.metadata.namespace === namespace);
}

function instancesOf(cluster: Contents, crd: KubeObject): Found[] {
  const def = definedResources(crd)[0];
  return def ? cluster.list(def.key).map((object) => ({ def, object })) : [];
}

/** Deletes the dependents of a deleted object, then the object itself. */
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
      () => cluster.update(def.key, { ...object, spec: { finalizers: [] } }, COLLECTOR, 'finalize'),
    );
  if (def.key === DEFINITIONS && finalizers?.includes(CLEANUP))
    step(
      () => instancesOf(cluster, object),
      'Background',
      () => removeFinalizer(cluster, found, CLEANUP),
    );
  if (finalizers?.includes(FOREGROUND))
    step(
      () => dependentsOf(cluster.objects(), uid),
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
    for (const found of cluster.objects())
      if (found.object.metadata.deletionTimestamp) advance(cluster, found);
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
