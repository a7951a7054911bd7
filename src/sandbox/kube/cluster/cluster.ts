import type { Clock } from '../../time/clock.ts';
import type { Journal } from '../../requests/journal.ts';
import { AccessRules } from './access.ts';
import { Webhooks, type Webhook } from './admission.ts';
import { admit, type Write } from './admit.ts';
import { decode } from '../schema/decode.ts';
import { checkDeletion, ended, isReleased, marked, type DeleteOptions } from './deletion.ts';
import { Contents } from './contents.ts';
import { COLLECTOR, dependentsOf, withoutOwner } from './dependents.ts';
import { deepFreeze, timestamp, type KubeObject } from '../object.ts';
import { journaled } from './journaled.ts';
import { patched, type Patch } from './patched.ts';
import { pathOf } from '../paths.ts';
import type { IpFamily } from '../ip-family.ts';
import type { ResourceDef, ResourceKey, Subresource } from '../resources.ts';
import { scaled } from '../scale.ts';
import { badValue } from '../faults.ts';
import { alreadyExists, failure, invalid, notFound, StatusError } from '../status-error.ts';
import type { Writer } from './writer.ts';
import * as writes from './writes.ts';

/** A line that a container wrote. */
export interface LogLine {
  readonly at: Date;
  readonly text: string;
}

/**
 * A Kubernetes API server without the HTTP: objects, and the rules by which they are written.
 * All objects handed out are frozen. What is refused is raised as StatusError.
 */
export class KubeCluster extends Contents {
  readonly name: string;
  /** The family of its pods and Services: EKS clusters have one (EKS user guide, cni-ipv6.adoc). */
  readonly ipFamily: IpFamily;
  readonly clock: Clock;
  readonly journal: Journal;
  readonly access = new AccessRules(this);
  /** What a pod's container wrote, oldest line first; set by the code that runs the pods. */
  podLogs?: (namespace: string, pod: string, container: string | undefined) => readonly LogLine[];
  /** The most objects that a page of a limited list holds; without it, as many as were requested. */
  pageSize?: number;
  readonly #webhooks = new Webhooks();
  readonly #random: () => number;

  constructor(o: {
    readonly name: string;
    /** IPv4 without it. */
    readonly ipFamily?: IpFamily | undefined;
    readonly clock: Clock;
    readonly journal: Journal;
    /** Math.random without it. */
    readonly random?: (() => number) | undefined;
  }) {
    super();
    this.name = o.name;
    this.ipFamily = o.ipFamily ?? 'IPv4';
    this.clock = o.clock;
    this.journal = o.journal;
    this.#random = o.random ?? Math.random;
  }

  addWebhook(hook: Webhook): () => void {
    return this.#webhooks.add(hook);
  }

  create(resource: ResourceKey, object: KubeObject, by: Writer): KubeObject {
    const def = this.resource(resource);
    const space = object.metadata?.namespace ?? '';
    const request = { verb: 'POST', path: pathOf(def, space, ''), params: object };
    return journaled(this, by, request, () => this.#insert(def, object, by, false));
  }

  /**
   * Replaces the object, or with a subresource that part of it; `scale` takes a Scale. Some kinds are
   * made where they are not there.
   */
  update(
    resource: ResourceKey,
    object: KubeObject,
    by: Writer,
    subresource?: Subresource,
  ): KubeObject {
    const def = this.resource(resource);
    const { namespace = '', name } = object.metadata;
    const path = pathOf(def, namespace, name, subresource);
    return journaled(this, by, { verb: 'PUT', path, params: object }, () => {
      if (def.createOnUpdate && !subresource && !this.get(def.key, namespace, name))
        return this.#insert(def, writes.unversioned(object), by, false);
      const live = this.get(def.key, namespace, name);
      // The body is read before the object is looked for.
      if (!live && !subresource) this.#decode(object, def, by);
      if (!live) throw notFound(def, name);
      const next = subresource === 'scale' ? scaled(live, object) : object;
      return this.#replace(next, { def, live, by, managed: false, subresource }, true);
    });
  }

  /** Changes the object as the patch says; an apply patch makes it where there is none. */
  patch(
    resource: ResourceKey,
    namespace: string,
    name: string,
    patch: Patch,
    by: Writer,
    subresource?: Subresource,
  ): KubeObject {
    const def = this.resource(resource);
    const path = pathOf(def, namespace, name, subresource);
    return journaled(this, by, { verb: 'PATCH', path, params: patch.body }, () => {
      const live = this.get(def.key, namespace, name);
      if (!live && (patch.type !== 'apply' || subresource)) throw notFound(def, name);
      const next = patched(live, patch, {
        def,
        namespace,
        name,
        by,
        schema: this.schema(def),
        time: timestamp(this.clock.date()),
        subresource,
      });
      const managed = patch.type === 'apply';
      if (!live) return this.#insert(def, next, by, managed);
      return this.#replace(next, { def, live, by, managed, subresource });
    });
  }

  /**
   * Deletes the object, or marks it where something holds it: finalizers, a pod's grace period, a
   * namespace's contents. Gives back its last state.
   */
  delete(
    resource: ResourceKey,
    namespace: string,
    name: string,
    by: Writer,
    options: DeleteOptions = {},
  ): KubeObject {
    const def = this.resource(resource);
    const params = Object.keys(options).length > 0 ? { params: options } : {};
    const request = { verb: 'DELETE', path: pathOf(def, namespace, name), ...params };
    return journaled(this, by, request, () => {
      const live = this.#existing(def, namespace, name);
      checkDeletion(def, live, options);
      const review = { operation: 'DELETE', old: live, dryRun: by.dryRun ?? false } as const;
      this.#webhooks.run('mutating', def.key, review);
      this.#webhooks.run('validating', def.key, review);
      const next = marked(def, live, options, this.clock.date());
      if (by.dryRun) return next ?? ended(def, live, this.clock.date());
      if (options.propagationPolicy === 'Orphan') this.#orphan(live.metadata.uid);
      const last = ended(def, this.get(def.key, namespace, name) ?? live, this.clock.date());
      if (!next) return this.store.remove(def.key, last);
      return next === live ? live : this.store.put(def.key, next);
    });
  }

  #orphan(owner: string | undefined): void {
    for (const { def, object } of dependentsOf(this.objects(), owner))
      this.update(def.key, withoutOwner(object, owner), COLLECTOR);
  }

  #existing(def: ResourceDef, namespace: string, name: string): KubeObject {
    const live = this.get(def.key, namespace, name);
    if (!live) throw notFound(def, name);
    return live;
  }

  #insert(def: ResourceDef, object: KubeObject, by: Writer, managed: boolean): KubeObject {
    const next = writes.newborn(object, def, this.versionsOf(def), {
      time: timestamp(this.clock.date()),
      random: this.#random,
    });
    const { namespace = '', name } = next.metadata;
    if (def.namespaced)
      writes.checkNamespace(def, name, this.get('namespaces', '', namespace), namespace);
    if (this.get(def.key, namespace, name)) throw alreadyExists(def, name);
    const read = managed
      ? this.#decodePatched(next, { def, by, managed })
      : this.#decode(next, def, by);
    const admitted = this.#admit(read, { def, by, managed });
    return by.dryRun ? deepFreeze(admitted) : this.store.put(def.key, admitted);
  }

  #replace(
    object: KubeObject,
    write: Write & { readonly live: KubeObject },
    whole = false,
  ): KubeObject {
    const { def, live, by, subresource } = write;
    const input = writes.inStoredVersion(object, def, this.versionsOf(def));
    const read = whole ? this.#decode(input, def, by) : this.#decodePatched(input, write);
    writes.checkFresh(def, input, live, whole);
    const next = writes.onto(live, read, def, subresource);
    const admitted = this.#admit(next, write);
    if (writes.changesNothing(live, admitted)) return live;
    if (by.dryRun) {
      const resourceVersion = live.metadata.resourceVersion!;
      return deepFreeze({ ...admitted, metadata: { ...admitted.metadata, resourceVersion } });
    }
    // The request that removes the last finalizer of a deleted object ends it.
    if (!isReleased(def, admitted)) return this.store.put(def.key, admitted);
    this.store.remove(def.key, admitted);
    const { resourceVersion } = live.metadata;
    return deepFreeze({
      ...admitted,
      metadata: { ...admitted.metadata, resourceVersion: resourceVersion! },
    });
  }

  #admit(object: KubeObject, write: Write): KubeObject {
    const { def } = write;
    return admit(this.#webhooks, object, write, {
      schema: this.schema(def),
      time: timestamp(this.clock.date()),
      ipFamily: this.ipFamily,
      others: () => this.list(def.key),
    });
  }

  /** What a patch turned into something unreadable is told by its cause. Source: handlers/patch.go. */
  #decodePatched(object: KubeObject, { def, by, managed }: Write): KubeObject {
    try {
      return this.#decode(object, def, by, managed);
    } catch (error) {
      if (!(error instanceof StatusError) || error.status.code !== 400) throw error;
      if (managed) throw failure(500, '', error.message);
      const cause = badValue('patch', JSON.stringify(object), error.message);
      throw invalid(def, object.metadata.name, [cause]);
    }
  }

  #decode(object: KubeObject, def: ResourceDef, by: Writer, applied = false): KubeObject {
    return decode(object, def, this.schema(def), { ...by, applied });
  }
}
