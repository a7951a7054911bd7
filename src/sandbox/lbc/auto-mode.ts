import type { AwsAccount } from '../aws/account.ts';
import { DEFINITIONS } from '../kube/definitions.ts';
import type { KubeCluster } from '../kube/cluster/cluster.ts';
import type { Writer } from '../kube/cluster/writer.ts';
import type { Faults } from '../requests/faults.ts';
import type { Clock } from '../time/clock.ts';
import { ControllerProcess } from './controller-process.ts';
import { autoModeCrd } from './install/crd.ts';
import { autoModeWebhookConfiguration } from './install/auto-mode-webhook.ts';
import { configurationKey } from './install/webhook-configurations.ts';
import { AUTO_MODE_NAMES } from './process/controller-names.ts';
import { resolveFlags } from './process/flags.ts';
import { podHook, serviceHook } from './webhooks/webhooks.ts';

const EKS: Writer = { actor: 'eks', manager: 'eks', internal: true };

/** The open-source version whose behaviour stands in for it: Auto Mode tells none of its own. */
const BEHAVES_AS = 'v3.5.0';

/** Name that the EKS user guide suggests for the role, one for all clusters (auto-learn-iam.adoc). */
export const CLUSTER_ROLE = 'AmazonEKSAutoClusterRole';

/**
 * The load balancer controller of EKS Auto Mode in miniature. It runs in AWS: the cluster has its
 * definition and its webhooks, and no Deployment, pod, version or log. It is the open-source one with
 * other names: inferred, since AWS calls it "AWS Load Balancer Controller" (EKS user guide,
 * auto-managed-component-logs.adoc) and documents its multi-cluster target groups by the same guide.
 */
export class AutoMode {
  readonly #cluster: KubeCluster;
  readonly #aws: AwsAccount;
  readonly #controller: ControllerProcess;

  /** Installs and starts it. */
  constructor(o: {
    readonly cluster: KubeCluster;
    readonly aws: AwsAccount;
    readonly clock: Clock;
    /** Name of the EKS cluster. */
    readonly clusterName: string;
    readonly vpcId: string;
    readonly faults?: Faults;
  }) {
    const { cluster, aws, clock, clusterName, vpcId, faults } = o;
    const names = AUTO_MODE_NAMES;
    this.#cluster = cluster;
    this.#aws = aws;
    cluster.create(DEFINITIONS, autoModeCrd(), EKS);
    const hooks = [
      serviceHook('mservice.eks.amazonaws.com', names.loadBalancerClass, () => true),
      podHook('mpod.eks.amazonaws.com', names, cluster, () => true),
    ];
    const configuration = autoModeWebhookConfiguration(hooks);
    cluster.create(configurationKey('MutatingWebhookConfiguration'), configuration, EKS);
    for (const hook of hooks) cluster.addWebhook({ ...hook, policy: () => 'Ignore' });
    this.#deny(clusterName);
    const { loadBalancerClass } = names;
    const settings = {
      names,
      clusterName,
      vpcId,
      version: BEHAVES_AS,
      flags: resolveFlags({ loadBalancerClass }),
      checkpointSkip: true,
      faults,
    };
    this.#controller = new ControllerProcess(cluster, aws, clock, settings, () => this.stop());
  }

  /** `paused` while it hangs: only AWS can start it again. */
  get state(): 'running' | 'paused' {
    return this.#controller.paused ? 'paused' : 'running';
  }

  pause(): void {
    this.#controller.pause();
  }

  resume(): void {
    this.#controller.resume();
  }

  /** For the end of the world. */
  stop(): void {
    this.#controller.stop();
  }

  /** Attaches a policy with RegisterTargets on all target groups to its role. */
  attachPolicy(): void {
    const [Effect, Action, Resource] = ['Allow', 'elasticloadbalancing:RegisterTargets', '*'];
    const PolicyDocument = JSON.stringify({ Statement: [{ Effect, Action, Resource }] });
    const policy = { RoleName: CLUSTER_ROLE, PolicyName: 'shared', PolicyDocument };
    this.#aws.call('iam.PutRolePolicy', policy, 'person');
  }

  /**
   * The managed policy AmazonEKSLoadBalancingPolicy (v4) allows RegisterTargets on target groups
   * that are tagged with the own cluster. That this is so in the shared case too is inferred; later
   * versions of the policy are not public.
   */
  #deny(clusterName: string): void {
    this.#aws.addRole(CLUSTER_ROLE);
    this.#aws.access.deny({
      action: /^elbv2\.RegisterTargets$/,
      actor: new RegExp(`^${AUTO_MODE_NAMES.caller}/${this.#cluster.name}$`),
      unlessTagged: { key: AUTO_MODE_NAMES.clusterTag, value: clusterName },
      role: CLUSTER_ROLE,
    });
  }
}
