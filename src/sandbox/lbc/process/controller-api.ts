import { AwsError } from '../../aws/state/error.ts';
import type { AwsAccount } from '../../aws/account.ts';
import type { KubeCluster } from '../../kube/cluster/cluster.ts';
import { userNamed } from '../../kube/cluster/rbac.ts';
import type { Writer } from '../../kube/cluster/writer.ts';
import type { KubeObject } from '../../kube/object.ts';
import type { ResourceDef, ResourceKey } from '../../kube/resources.ts';
import type { Faults } from '../../requests/faults.ts';
import type { ControllerNames } from './controller-names.ts';
import { AwsCallError, Crashed } from './errors.ts';
import { faulted, type KubeCall } from './faulted.ts';

/** Before `/CLUSTER`: who calls AWS; fault rules name it. */
const callerOf = ({ caller }: ControllerNames, { name }: { readonly name: string }): string =>
  `${caller}/${name}`;

/**
 * Everything that one controller process asks of the two APIs. Each write counts towards an armed
 * crash: once it is used up the write still happens, then the process is gone (Crashed).
 */
export class ControllerApi {
  /** What this kind of controller calls its things. */
  readonly names: ControllerNames;
  readonly #writer: Writer;
  readonly #cluster: KubeCluster;
  readonly #account: AwsAccount;
  readonly #die: () => void;
  readonly #faults: Faults | undefined;
  #dead = false;
  #writesLeft = Infinity;

  constructor(
    names: ControllerNames,
    cluster: KubeCluster,
    account: AwsAccount,
    die: () => void,
    faults?: Faults,
  ) {
    this.names = names;
    // controller-runtime sends no field manager; the server takes the binary's name from the user agent.
    this.#writer = { actor: names.caller, manager: 'controller', internal: true };
    this.#cluster = cluster;
    this.#account = account;
    this.#die = die;
    this.#faults = faults;
  }

  /** The process ends with the `writes`th write from now. */
  crashAfter(writes: number): void {
    this.#writesLeft = writes;
  }

  /** From the informers' caches, which need no request. */
  get(resource: ResourceKey, namespace: string, name: string): KubeObject | undefined {
    return this.#cluster.get(resource, namespace, name);
  }

  /** How the server describes a resource, for the words of an error. */
  described(resource: ResourceKey): ResourceDef {
    return this.#cluster.resource(resource);
  }

  list(resource: ResourceKey, namespace?: string): KubeObject[] {
    return this.#cluster.list(resource, namespace);
  }

  /** From the server, past the caches: RBAC has its say. Raises StatusError. */
  read(resource: ResourceKey, namespace: string, name: string): KubeObject | undefined {
    this.#authorize('get', resource, { namespace, name });
    return this.#faulted({ verb: 'GET', resource, namespace, name }, () =>
      this.#cluster.get(resource, namespace, name),
    );
  }

  create(resource: ResourceKey, object: KubeObject): KubeObject {
    this.#authorize('create', resource, object.metadata);
    const { namespace = '' } = object.metadata;
    return this.#faulted({ verb: 'POST', resource, namespace, name: '' }, () =>
      this.#write(() => this.#cluster.create(resource, object, this.#writer)),
    );
  }

  update(resource: ResourceKey, object: KubeObject): KubeObject {
    this.#authorize('update', resource, object.metadata);
    const { namespace = '', name } = object.metadata;
    return this.#faulted({ verb: 'PUT', resource, namespace, name }, () =>
      this.#write(() => this.#cluster.update(resource, object, this.#writer)),
    );
  }

  delete(resource: ResourceKey, namespace: string, name: string): void {
    this.#authorize('delete', resource, { namespace, name });
    this.#faulted({ verb: 'DELETE', resource, namespace, name }, () =>
      this.#write(() => this.#cluster.delete(resource, namespace, name, this.#writer)),
    );
  }

  /** A JSON merge patch with `body`. */
  patch(
    resource: ResourceKey,
    namespace: string,
    name: string,
    body: object,
    subresource?: 'status',
    type: 'merge' | 'strategic' = 'merge',
  ): KubeObject {
    this.#authorize('patch', resource, { namespace, name, subresource });
    return this.#faulted({ verb: 'PATCH', resource, namespace, name, subresource }, () =>
      this.#write(() =>
        this.#cluster.patch(resource, namespace, name, { type, body }, this.#writer, subresource),
      ),
    );
  }

  /** Calls AWS as `lbc/<cluster>` (EKS Auto Mode: `eks/<cluster>`); a refusal is raised as AwsCallError in the SDK's words. */
  aws<T = unknown>(action: string, params: object): T {
    const call = (): T => {
      try {
        return this.#account.call(action, params, callerOf(this.names, this.#cluster)) as T;
      } catch (error) {
        throw error instanceof AwsError ? new AwsCallError(action, error) : error;
      }
    };
    if (!action.includes('.Describe')) return this.#write(call);
    if (this.#dead) throw new Crashed();
    return call();
  }

  /** All pages of a list, by whichever token the service uses; `field` is the list's name. */
  pages<T>(action: string, params: object, field: string): T[] {
    const items: T[] = [];
    let next: object = {};
    for (;;) {
      const page = this.aws<Record<string, unknown>>(action, { ...params, ...next });
      items.push(...((page[field] as T[] | undefined) ?? []));
      if (page['NextMarker']) next = { Marker: page['NextMarker'] };
      else if (page['NextToken']) next = { NextToken: page['NextToken'] };
      else return items;
    }
  }

  #faulted<T>(call: KubeCall, perform: () => T): T {
    if (this.#dead) throw new Crashed();
    return faulted(this.#cluster, this.names.caller, this.#faults, call, perform);
  }

  #write<T>(perform: () => T): T {
    if (this.#dead) throw new Crashed();
    const result = perform();
    if (--this.#writesLeft > 0) return result;
    this.#dead = true;
    this.#die();
    throw new Crashed();
  }

  #authorize(
    verb: string,
    key: ResourceKey,
    o: {
      readonly namespace?: string | undefined;
      readonly name?: string;
      readonly subresource?: string | undefined;
    },
  ): void {
    const { user } = this.names;
    if (user === undefined) return;
    const def = this.#cluster.resource(key);
    const { namespace, name, subresource } = o;
    this.#cluster.access.check(def, {
      user: userNamed(user),
      verb,
      group: def.group,
      resource: def.plural,
      ...(subresource !== undefined && { subresource }),
      ...(namespace !== undefined && { namespace }),
      ...(name !== undefined && { name }),
    });
  }
}
