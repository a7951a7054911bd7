import { createHash } from 'node:crypto';
import { timestamp } from '../kube/object.ts';
import type { KubeObject } from '../kube/object.ts';
import { conditionStatus } from '../kube/conditions.ts';
import type { KubeCluster } from '../kube/cluster/cluster.ts';
import type { Writer } from '../kube/cluster/writer.ts';
import { matchesLabels } from '../kube/selectors.ts';
import type { Cancel, Clock } from '../time/clock.ts';
import { NAMESPACE, SELECTOR } from './install/installation.ts';

const LEASES = 'leases.coordination.k8s.io';

/** controller-runtime's LeaseDuration: pkg/manager/internal.go. */
const LEASE_MS = 15_000;
const RETRY_MS = 2_000;

const WRITER: Writer = { actor: 'lbc', manager: 'controller', internal: true };

/** What a change of the leader does to the process that is played. */
export interface Terms {
  /** A pod leads now: a process with empty memory begins. */
  begin(): void;
  /** The leading pod got its signal to end. */
  end(): void;
}

/**
 * Which pod of the controller's Deployment leads, as its Lease says. The process that is played is the
 * leader's; the other pods only answer webhooks. Where the leading pod goes, none leads until the Lease
 * has run out: the controller does not give it back when it ends (LeaderElectionReleaseOnCancel is not
 * set in pkg/config/runtime_config.go, BuildRuntimeOptions). Without pods, in a cluster that has no
 * kubelet, there is no Lease. Its renewTime is that of the election: renewals are not played.
 */
export class Leadership {
  readonly #cluster: KubeCluster;
  readonly #clock: Clock;
  readonly #terms: Terms;
  readonly #lease: string;
  #leads = false;
  #holder: string | undefined;
  #election: Cancel | undefined;

  /** `lease` is the Lease's name, `--leader-election-id`. */
  constructor(cluster: KubeCluster, clock: Clock, lease: string, terms: Terms) {
    this.#lease = lease;
    this.#cluster = cluster;
    this.#clock = clock;
    this.#terms = terms;
    cluster.onChange('pods', ({ type, object }) => {
      if (isOurs(object)) this.#look(object, type === 'DELETED');
    });
  }

  /** Whether pods live that wait for the Lease to run out. */
  get isOpen(): boolean {
    return this.#election !== undefined;
  }

  /** A process began without an election: in the pod that is ready first. */
  started(): void {
    this.#election?.();
    this.#election = undefined;
    this.#leads = true;
    this.#take();
  }

  /** The process is gone, and no pod takes over. */
  stopped(): void {
    this.#election?.();
    this.#election = undefined;
    this.#leads = false;
    this.#holder = undefined;
  }

  #look(pod: KubeObject, gone: boolean): void {
    if (!this.#leads) return;
    if (this.#holder === undefined) return this.#take();
    if (pod.metadata.name !== this.#holder || !(gone || pod.metadata.deletionTimestamp)) return;
    this.#leads = false;
    this.#holder = undefined;
    this.#elect(LEASE_MS);
    this.#terms.end();
  }

  #elect(ms: number): void {
    this.#election = this.#clock.after(ms, () => {
      if (this.#candidates().length === 0) return this.#elect(RETRY_MS);
      this.#election = undefined;
      this.#terms.begin();
    });
  }

  #candidates(): KubeObject[] {
    return this.#cluster
      .list('pods', NAMESPACE)
      .filter(
        (pod) =>
          isOurs(pod) &&
          !pod.metadata.deletionTimestamp &&
          conditionStatus(pod, 'Ready') === 'True',
      );
  }

  #take(): void {
    const [pod] = this.#candidates();
    if (!pod) return;
    this.#holder = pod.metadata.name;
    const found = this.#cluster.get(LEASES, NAMESPACE, this.#lease);
    const now = timestamp(this.#clock.date()).replace('Z', '.000000Z');
    const leaseTransitions: number = found ? (found['spec'].leaseTransitions ?? 0) + 1 : 0;
    const spec = {
      // controller-runtime's pkg/leaderelection: the host's name, which is the pod's, and a new UUID.
      holderIdentity: `${pod.metadata.name}_${uuid(`${pod.metadata.uid} ${leaseTransitions}`)}`,
      leaseDurationSeconds: LEASE_MS / 1_000,
      acquireTime: now,
      renewTime: now,
      leaseTransitions,
    };
    if (found) this.#cluster.update(LEASES, { ...found, spec }, WRITER);
    else this.#cluster.create(LEASES, this.#about(spec), WRITER);
  }

  #about(spec: object): KubeObject {
    const metadata = { name: this.#lease, namespace: NAMESPACE };
    return { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec };
  }
}

/** The same for the same seed. */
function uuid(seed: string): string {
  const hex = createHash('sha256').update(seed).digest('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
}

const isOurs = ({ metadata }: KubeObject): boolean =>
  metadata.namespace === NAMESPACE &&
  matchesLabels({ matchLabels: SELECTOR }, metadata.labels ?? {});
