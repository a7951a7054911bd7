import { DEFINITIONS } from '../kube/definitions.ts';
import type { AwsAccount } from '../aws/account.ts';
import type { Faults } from '../requests/faults.ts';
import type { Clock } from '../time/clock.ts';
import type { KubeCluster } from '../kube/cluster/cluster.ts';
import type { Writer } from '../kube/cluster/writer.ts';
import { sameJson, withoutZeros } from '../kube/object.ts';
import type { ResourceKey } from '../kube/resources.ts';
import { ControllerProcess } from './controller-process.ts';
import { targetGroupBindingCrd } from './install/crd.ts';
import { LBC_NAMES } from './process/controller-names.ts';
import { resolveFlags } from './process/flags.ts';
import type { LbcFlags, ResolvedFlags } from './process/flags.ts';
import { statusOf } from './install/deployment-status.ts';
import { Leadership } from './leadership.ts';
import { deployment, NAME, NAMESPACE, serviceAccount } from './install/installation.ts';
import { controllerRights } from './install/rights.ts';
import {
  CONFIGURATION,
  configurationKey,
  configurationKinds,
  policyOf,
  webhookConfigurations,
} from './install/webhook-configurations.ts';
import { webhooksOf } from './webhooks/webhooks.ts';

const HELM: Writer = { actor: 'helm', manager: 'helm', internal: true };
const KUBELET: Writer = { actor: 'lbc', manager: 'kube-controller-manager', internal: true };

export interface LbcOptions {
  readonly cluster: KubeCluster;
  readonly aws: AwsAccount;
  readonly clock: Clock;
  /** `--cluster-name`. */
  readonly clusterName: string;
  readonly vpcId: string;
  /** `v3.5.0` unless given. */
  readonly version?: string;
  /** Version of the chart that brought the CustomResourceDefinition; the controller's unless given. */
  readonly crdVersion?: string;
  readonly flags?: LbcFlags;
  /** False makes every pass over a binding a full one. */
  readonly checkpointSkip?: boolean;
  /** Rules that may hit calls of the controller; AWS's account has its own. */
  readonly faults?: Faults;
  /** False leaves configmaps out of the controller's role, as a hand-made one may. */
  readonly configMapAccess?: boolean;
  /** Hears whether the controller's containers run, each time that this changes or begins again. */
  readonly onLife?: (running: boolean) => void;
}

/** The AWS Load Balancer Controller of one cluster, in miniature. */
export class Lbc {
  readonly clusterName: string;
  #o: LbcOptions;
  #flags: ResolvedFlags;
  readonly #leadership: Leadership;
  #process: ControllerProcess | undefined;
  #installed = false;

  constructor(options: LbcOptions) {
    this.#o = options;
    this.clusterName = options.clusterName;
    this.#flags = resolveFlags(options.flags ?? {});
    const { cluster, clock } = options;
    this.#leadership = new Leadership(cluster, clock, this.#flags.leaderElectionId, {
      begin: () => this.start(),
      end: () => this.#end(),
    });
  }

  /** Of the processes that begin from now on. */
  get version(): string {
    return this.#o.version ?? 'v3.5.0';
  }

  /** False in a cluster whose load balancers are the business of EKS Auto Mode alone. */
  get installed(): boolean {
    return this.#installed;
  }

  /** Whether pods live: they answer webhooks, and one works unless it is paused or not elected yet. */
  get running(): boolean {
    return this.#process !== undefined || this.#leadership.isOpen;
  }

  /** `paused` where a process lives and hangs, `stopped` where none lives. */
  get state(): 'running' | 'paused' | 'stopped' {
    if (!this.running) return 'stopped';
    return this.#process?.paused ? 'paused' : 'running';
  }

  /** Replicas in the Deployment's spec; 0 where the Deployment does not exist. */
  get replicas(): number {
    const found = this.#o.cluster.get('deployments.apps', NAMESPACE, NAME);
    return found ? (found['spec'].replicas ?? 1) : 0;
  }

  /**
   * What `helm install` does: definition, ServiceAccount with its rights, webhooks, Deployment. From then on the
   * Deployment's replicas start and stop the process: 0 ends it, more than 0 after 0 starts it, and a
   * rollout moves it to another pod. Webhooks are called as long as their configurations exist, whether or
   * not something answers. Starts nothing by itself. Once per cluster.
   */
  install(): void {
    const { cluster, aws, clusterName, vpcId, crdVersion, flags = {}, configMapAccess } = this.#o;
    const { version } = this;
    this.#installed = true;
    cluster.create(DEFINITIONS, targetGroupBindingCrd(crdVersion ?? version), HELM);
    cluster.create('serviceaccounts', serviceAccount(version), HELM);
    for (const one of controllerRights(version, configMapAccess ?? true))
      cluster.create(`${one.kind.toLowerCase()}s.rbac.authorization.k8s.io`, one, HELM);
    const context = { account: aws, actor: `lbc/${cluster.name}`, version, vpcId };
    const hooks = webhooksOf(cluster, context, this.#flags, () => this.running);
    for (const configuration of webhookConfigurations(hooks, version)) {
      cluster.create(configurationKey(configuration.kind), configuration, HELM);
    }
    for (const hook of hooks) {
      cluster.addWebhook({ ...hook, policy: () => policyOf(cluster, hook) });
    }
    cluster.create('deployments.apps', deployment({ version, clusterName, vpcId, flags }), HELM);
    cluster.onChange('deployments.apps', ({ type, object, old }) => {
      if (object.metadata.name !== NAME || object.metadata.namespace !== NAMESPACE) return;
      const replicas = type === 'DELETED' ? 0 : object['spec'].replicas;
      const before = old?.['spec'].replicas ?? 0;
      // Not inside the write that scaled it: the process starts and ends a moment later.
      if (replicas !== before || type === 'DELETED') {
        this.#o.clock.after(0, () => this.#follow(replicas));
      }
    });
    cluster.onChange('replicasets.apps', ({ object: { metadata } }) => {
      if (metadata.ownerReferences?.some((owner) => owner.name === NAME))
        this.#o.clock.after(0, () => this.#reportReplicas());
    });
  }

  /** What `helm uninstall` does: all of that goes but for the definition, which helm leaves. */
  uninstall(): void {
    const { cluster } = this.#o;
    for (const kind of configurationKinds) {
      cluster.delete(configurationKey(kind), '', CONFIGURATION, HELM);
    }
    cluster.delete('deployments.apps', NAMESPACE, NAME, HELM);
    cluster.delete('serviceaccounts', NAMESPACE, NAME, HELM);
    for (const { kind, metadata } of controllerRights(this.version, true))
      cluster.delete(`${kind.toLowerCase()}s.rbac.authorization.k8s.io`, '', metadata.name, HELM);
    this.stop();
    this.#installed = false;
  }

  /** What `helm upgrade` does without the definition, which helm leaves: the Deployment makes new pods. */
  upgrade(to: Pick<LbcOptions, 'version' | 'flags'>): void {
    this.#o = { ...this.#o, ...to };
    const { cluster, clusterName, vpcId, flags = {} } = this.#o;
    const { metadata, spec } = deployment({ version: this.version, clusterName, vpcId, flags });
    const body = { metadata: { labels: metadata.labels }, spec: { template: spec.template } };
    cluster.patch('deployments.apps', NAMESPACE, NAME, { type: 'merge', body }, HELM);
  }

  /**
   * A process starts with empty memory and looks at everything; none if one lives already. `flags`
   * come on top of the installed ones for this life, without a change of the Deployment.
   */
  start(flags: LbcFlags = {}): void {
    if (this.#process) return;
    this.#flags = resolveFlags({ ...this.#o.flags, ...flags });
    const { cluster, aws, clock, clusterName, vpcId, checkpointSkip = true } = this.#o;
    const settings = {
      names: LBC_NAMES,
      clusterName,
      vpcId,
      version: this.version,
      flags: this.#flags,
      checkpointSkip,
      faults: this.#o.faults,
    };
    this.#process = new ControllerProcess(cluster, aws, clock, settings, () => this.stop());
    this.#o.onLife?.(true);
    this.#leadership.started();
    this.#reportReplicas();
  }

  /** The process is gone at once: memory lost, webhooks unreachable, no replica ready. */
  stop(): void {
    this.#leadership.stopped();
    this.#end();
    this.#o.onLife?.(false);
    this.#reportReplicas();
  }

  restart(): void {
    this.stop();
    this.start();
  }

  /** The process hangs: it keeps its memory, answers webhooks, and reconciles nothing. */
  pause(): void {
    this.#process?.pause();
  }

  resume(): void {
    this.#process?.resume();
  }

  /**
   * The living process performs that many more writes (to Kubernetes or AWS, events included) and is
   * gone in the middle of what it was doing.
   */
  crashAfter(writes: number): void {
    this.#process?.api.crashAfter(writes);
  }

  #end(): void {
    this.#process?.stop();
    this.#process = undefined;
  }

  #follow(replicas: number): void {
    if (replicas === 0) this.stop();
    else if (this.running) this.#reportReplicas();
    else this.start();
  }

  /** The Deployment's status says whether the process lives; nothing else in the sandbox writes it. */
  #reportReplicas(): void {
    const { cluster } = this.#o;
    const key: ResourceKey = 'deployments.apps';
    const found = cluster.get(key, NAMESPACE, NAME);
    if (!found) return;
    const status = statusOf(cluster, found, this.running);
    if (sameJson(found['status'] ?? {}, withoutZeros(status))) return;
    cluster.patch(key, NAMESPACE, NAME, { type: 'merge', body: { status } }, KUBELET, 'status');
  }
}
