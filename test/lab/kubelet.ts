import type { AwsAccount } from '../../src/sandbox/aws/account.ts';
import type { KubeObject } from '../../src/sandbox/kube/object.ts';
import { conditionOf } from '../../src/sandbox/kube/conditions.ts';
import { podStatus } from '../../src/sandbox/workloads/pod-status.ts';
import { Informer } from './informer.ts';
import { KubeRefusal, type KubeRest } from './kube-rest.ts';
import type { LabNode } from './stage.ts';
import { sleep } from './waiting.ts';

/** A worker node of the lab: an instance in the account and a Node object. */
export interface RealNode extends LabNode {
  readonly zone: string;
  /** In its VPC, of IPv4: its name is made of it. */
  readonly ip: string;
  /** Only in a cluster of IPv6, whose pods get theirs from a prefix of the node. */
  readonly ipv6?: string;
}

/** From the address to running containers: the controller's own list of pods must know the address by then. */
const START_MS = 1_000;
/** How long a container takes to end: meanwhile its Services learn that it goes. */
const STOP_MS = 1_000;

/** The second a Kubernetes timestamp is cut to. */
export const timestamp = (): string => new Date().toISOString().replace(/\.\d+Z$/, 'Z');

/**
 * What scheduler and kubelets do in a cluster of the lab, where no container runs: binds each pod to
 * a node, gives it an address of the node's network interface and the status of a pod that runs, and
 * ends it when it is deleted.
 */
export class Kubelet {
  readonly #kube: KubeRest;
  readonly #aws: AwsAccount;
  readonly #nodes: readonly RealNode[];
  readonly #isCrashing: (pod: KubeObject) => boolean;
  readonly #seen: (pod: KubeObject) => void;
  readonly #pods: Informer;
  /** By uid. */
  readonly #addresses = new Map<string, string>();
  readonly #busy = new Map<string, Promise<void>>();
  /** Nodes that pods were bound to, by uid: the informer may not say so yet. */
  readonly #bound = new Map<string, string>();
  /** Addresses that were chosen for pods to come, by namespace/name. */
  readonly #reserved = new Map<string, string>();
  #failure: unknown;

  /**
   * @param isCrashing whether the containers of a pod end as soon as they are started
   * @param changed is called with each pod that changes, and with one on its way out before it is ended
   */
  constructor(o: {
    readonly kube: KubeRest;
    readonly aws: AwsAccount;
    readonly nodes: readonly RealNode[];
    readonly isCrashing: (pod: KubeObject) => boolean;
    readonly changed: (pod: KubeObject) => void;
  }) {
    this.#kube = o.kube;
    this.#aws = o.aws;
    this.#nodes = o.nodes;
    this.#isCrashing = o.isCrashing;
    this.#seen = o.changed;
    this.#pods = new Informer(o.kube, 'pods', (pod, isGone) => this.#changed(pod, isGone));
  }

  get pods(): readonly KubeObject[] {
    return this.#pods.objects;
  }

  /** Gives the pod of that name this address, which must be free, when it comes. */
  reserve(namespace: string, name: string, address: string): void {
    this.#reserved.set(`${namespace}/${name}`, address);
  }

  /** Looks at every pod again: whether it crashes may have changed. */
  lookAgain(): void {
    for (const pod of this.pods) this.#changed(pod, false);
  }

  /** Throws what it met in the meantime. */
  check(): void {
    if (this.#failure) throw this.#failure;
  }

  /** Nothing more is begun; what runs is waited for. */
  async stop(): Promise<void> {
    this.#pods.stop();
    await Promise.all(this.#busy.values());
  }

  /** One act on a pod at a time; what changed meanwhile comes as an event of its own. */
  #changed(pod: KubeObject, isGone: boolean): void {
    const uid = pod.metadata.uid ?? '';
    if (isGone) return this.#free(uid);
    this.#seen(pod);
    const before = this.#busy.get(uid) ?? Promise.resolve();
    const act = before
      .then(() => this.#act(uid))
      .catch((error: unknown) => {
        // The pod went, or somebody wrote to it: then another event is on its way.
        const passes = error instanceof KubeRefusal && [404, 409].includes(error.status);
        if (!passes) this.#failure = error;
      });
    this.#busy.set(uid, act);
    void act.then(() => this.#busy.get(uid) === act && this.#busy.delete(uid));
  }

  #free(uid: string): void {
    const address = this.#addresses.get(uid);
    this.#addresses.delete(uid);
    this.#bound.delete(uid);
    if (address) this.#aws.network.releaseIp(address);
  }

  async #act(uid: string): Promise<void> {
    const pod = this.pods.find(({ metadata }) => metadata.uid === uid);
    if (!pod) return;
    const { name, namespace = '' } = pod.metadata;
    if (pod.metadata.deletionTimestamp) {
      await sleep(STOP_MS);
      const o = { gracePeriodSeconds: 0, preconditions: { uid } };
      return this.#kube.delete('pods', namespace, name, o);
    }
    const node = this.#nodes.find((one) => one.name === pod['spec'].nodeName);
    if (!node) return this.#bind(pod);
    const podIp = this.#addresses.get(uid) ?? this.#assign(pod, node);
    const isStarting = pod['status']?.podIP === undefined;
    const crashing = this.#isCrashing(pod);
    const startedAt: string | undefined = isStarting ? undefined : timestamp();
    const before: number = pod['status']?.containerStatuses?.[0]?.restartCount ?? 0;
    const restarts = crashing ? 1 : before;
    const hostIp = node.ipv6 ?? node.ip;
    const facts = { hostIp, podIp, startedAt, crashing, restarts, nodeReady: true };
    const containersReady = !isStarting && !crashing;
    const status = podStatus(pod, { ...facts, containersReady }, timestamp());
    if (isWritten(pod, status)) return;
    await this.#kube.patch('pods', namespace, name, { status }, 'status');
    if (isStarting) await sleep(START_MS);
  }

  async #bind(pod: KubeObject): Promise<void> {
    const { name, namespace = '', uid = '' } = pod.metadata;
    if (this.#bound.has(uid)) return;
    const node = this.#leastUsed(pod).name;
    this.#bound.set(uid, node);
    await this.#kube.bind(namespace, name, node);
  }

  #assign(pod: KubeObject, node: RealNode): string {
    const { name, namespace, uid = '' } = pod.metadata;
    const key = `${namespace}/${name}`;
    const { network } = this.#aws;
    const reserved = this.#reserved.get(key);
    const address =
      node.ipv6 && !reserved
        ? network.assignIpv6(node.eniId)
        : network.assignIp(node.eniId, reserved);
    this.#reserved.delete(key);
    this.#addresses.set(uid, address);
    return address;
  }

  /** The node with the fewest pods of the same kind, then the fewest at all. */
  #leastUsed(pod: KubeObject): RealNode {
    const owner = pod.metadata.ownerReferences?.[0]?.uid;
    const load = ({ name }: RealNode): number => {
      const here = this.pods.filter(
        (one) => (one['spec'].nodeName ?? this.#bound.get(one.metadata.uid ?? '')) === name,
      );
      const kin = here.filter((one) => owner && one.metadata.ownerReferences?.[0]?.uid === owner);
      return kin.length * 1_000 + here.length;
    };
    const [first] = [...this.#nodes].sort((a, b) => load(a) - load(b));
    if (!first) throw new Error('there is no node');
    return first;
  }
}

/** Whether the pod says already what `status` says: its address, and whether it is ready. */
function isWritten(pod: KubeObject, status: Record<string, unknown>): boolean {
  const words = (of: KubeObject['status']): unknown[] => [
    of?.podIP,
    ...['Ready', 'ContainersReady'].map((type) => conditionOf(of?.conditions, type)?.status),
  ];
  return words(pod['status']).join() === words(status).join();
}
