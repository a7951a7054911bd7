import type { AwsAccount } from '../../src/sandbox/aws/account.ts';
import type { KubeObject } from '../../src/sandbox/kube/object.ts';
import { nodeObject } from '../../src/sandbox/workloads/nodes.ts';
import { deployment, serviceAccount } from '../../src/sandbox/lbc/install/installation.ts';
import { podStatus } from '../../src/sandbox/workloads/pod-status.ts';
import { CONTROLLER_USER } from './api-server.ts';
import { EndpointKeeper } from './endpoint-keeper.ts';
import type { KubeRest } from './kube-rest.ts';
import type { LabNode } from './stage.ts';
import { controllerRole, customResources, webhookConfigurations } from './upstream.ts';
import { waitFor } from './waiting.ts';

/** The second a Kubernetes timestamp is cut to. */
const now = (): string => new Date().toISOString().replace(/\.\d+Z$/, 'Z');

/** A worker node of the lab: an instance in the account and a Node object. */
export interface RealNode extends LabNode {
  readonly zone: string;
  readonly ip: string;
}

/**
 * What the lab does in a cluster in the place of kubelets and of kube-controller-manager: Nodes,
 * Pods and EndpointSlices. It answers health checks for them too.
 */
export class RealCluster {
  readonly context: string;
  readonly kube: KubeRest;
  readonly #aws: AwsAccount;
  readonly #keeper: EndpointKeeper;
  readonly nodes: readonly RealNode[];

  /** @param watch as for EndpointKeeper */
  constructor(
    context: string,
    kube: KubeRest,
    aws: AwsAccount,
    watch: (changed: () => void) => () => void,
  ) {
    this.context = context;
    this.kube = kube;
    this.#aws = aws;
    this.nodes = aws.network.zones.slice(0, 2).map((zone) => {
      const name = `${context}-node`;
      const launched = aws.network.launchInstance({ clusterName: context, zone, name });
      const { instanceId, eniId, privateIp: ip } = launched;
      return { name: `ip-${ip.replaceAll('.', '-')}.ec2.internal`, zone, instanceId, eniId, ip };
    });
    this.#keeper = new EndpointKeeper(
      kube,
      (name) => this.nodes.find((node) => node.name === name)?.zone,
      watch,
    );
  }

  /** Makes the nodes and all that the controller's chart would, but for the controller itself. */
  async install(o: {
    readonly source: string;
    readonly webhookPort: number;
    readonly ca: string;
  }): Promise<void> {
    const { kube, context } = this;
    const resources = customResources(o.source);
    for (const crd of resources) await kube.create('customresourcedefinitions', '', crd);
    const role = controllerRole(o.source);
    await kube.create('clusterroles', '', role);
    await kube.create('clusterrolebindings', '', {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: role.metadata.name },
      roleRef: {
        apiGroup: 'rbac.authorization.k8s.io',
        kind: 'ClusterRole',
        name: role.metadata.name,
      },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: CONTROLLER_USER }],
    });
    for (const { zone, instanceId, ip } of this.nodes) {
      const node = { instanceId, privateIp: ip, clusterName: context, zone, now: now() };
      await kube.create('nodes', '', nodeObject(node));
    }
    for (const { metadata } of resources) await this.#established(metadata.name);
    for (const webhooks of webhookConfigurations(o.source, { port: o.webhookPort, ca: o.ca })) {
      await kube.create(`${webhooks.kind.toLowerCase()}s`, '', webhooks);
    }
  }

  /**
   * Writes the controller's Deployment, or its status when it is there: nothing runs it here, but
   * it is what says in a cluster which controller runs. `version` such as v3.2.2.
   */
  async showController(o: { readonly version: string; readonly running: boolean }): Promise<void> {
    const { kube } = this;
    const vpcId = this.#aws.network.vpcId;
    const flags = {};
    const made = deployment({ version: o.version, clusterName: this.context, vpcId, flags });
    const { name, namespace = '' } = made.metadata;
    if (!(await kube.get('deployments', namespace, name))) {
      await waitFor(
        `namespace ${namespace} of ${this.context}`,
        async () => (await kube.get('namespaces', '', namespace)) !== undefined,
        60_000,
      );
      await kube.create('serviceaccounts', namespace, serviceAccount(o.version));
      await kube.create('deployments', namespace, made);
    }
    const { replicas } = made['spec'] as { replicas: number };
    const ready = o.running ? replicas : 0;
    const { metadata } = await kube.need('deployments', namespace, name);
    const status = {
      observedGeneration: metadata.generation,
      replicas,
      updatedReplicas: replicas,
      readyReplicas: ready,
      availableReplicas: ready,
      unavailableReplicas: replicas - ready,
    };
    await kube.patch('deployments', namespace, name, { status }, 'status');
  }

  /** Creates a pod and lets it run, at `address` or at the next free one of the node; gives it back. */
  async runPod(pod: KubeObject, namespace: string, address?: string): Promise<string> {
    const node = this.nodes.find(({ name }) => name === pod['spec'].nodeName);
    if (!node) throw new Error(`there is no node ${pod['spec'].nodeName} in ${this.context}`);
    const podIp = this.#aws.network.assignIp(node.eniId, address);
    const { name } = pod.metadata;
    const made = await this.kube.create('pods', namespace, pod);
    const startedAt = now();
    const facts = { hostIp: node.ip, podIp, startedAt, crashing: false, nodeReady: true };
    const status = podStatus(made, { ...facts, containersReady: true }, startedAt);
    await this.kube.patch('pods', namespace, name, { status }, 'status');
    return podIp;
  }

  /** Ends pods as a kubelet does: out of the Services first, then gone, their addresses free. */
  async endPods(names: readonly string[], namespace: string): Promise<void> {
    for (const name of names) await this.kube.delete('pods', namespace, name);
    await this.#keeper.sync();
    for (const name of names) {
      const pod = await this.kube.need('pods', namespace, name);
      await this.kube.delete('pods', namespace, name, { gracePeriodSeconds: 0 });
      this.#aws.network.releaseIp(pod['status'].podIP);
    }
    await this.#keeper.sync();
  }

  /** Waits until the EndpointSlices say what the pods are now. */
  endpointsFollow(): Promise<void> {
    return this.#keeper.sync();
  }

  /** How an address of this cluster answers a health check; undefined for one of elsewhere. */
  probe({
    id,
    port,
  }: {
    readonly id: string;
    readonly port: number;
  }): 'ok' | 'refused' | undefined {
    const { services, pods } = this.#keeper.seen;
    if (pods.some((pod) => pod['status']?.podIP === id)) return 'ok';
    if (!this.nodes.some(({ instanceId }) => instanceId === id)) return undefined;
    const open = services.some((service) =>
      (service['spec'].ports as { nodePort?: number }[]).some((one) => one.nodePort === port),
    );
    return open ? 'ok' : 'refused';
  }

  /** Stops looking after the cluster. */
  stop(): Promise<void> {
    return this.#keeper.stop();
  }

  #established(name: string): Promise<void> {
    return waitFor(
      `the definition ${name} in ${this.context}`,
      async () => {
        const { status } = await this.kube.need('customresourcedefinitions', '', name);
        return (status?.conditions ?? []).some(
          (one: { type: string; status: string }) =>
            one.type === 'Established' && one.status === 'True',
        );
      },
      60_000,
    );
  }
}
