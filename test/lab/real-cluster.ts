import type { AwsAccount } from '../../src/sandbox/aws/account.ts';
import type { IpFamily } from '../../src/sandbox/kube/ip-family.ts';
import type { KubeObject } from '../../src/sandbox/kube/object.ts';
import { nodeObject } from '../../src/sandbox/workloads/nodes.ts';
import {
  deployment,
  NAME,
  NAMESPACE,
  serviceAccount,
} from '../../src/sandbox/lbc/install/installation.ts';
import { CONTROLLER_USER } from './api-server.ts';
import { Informer } from './informer.ts';
import { Kubelet, timestamp, type RealNode } from './kubelet.ts';
import type { KubeRest } from './kube-rest.ts';
import { controllerRole, leaderRole, webhookConfigurations } from './upstream.ts';
import { waitFor } from './waiting.ts';

const PATIENCE_MS = 60_000;
/** Of the controller, by which it chooses a leader (--leader-election-id). */
const LEASE = 'aws-load-balancer-controller-leader';

/**
 * What the lab does in a cluster in the place of a cloud and its machines: it makes Nodes and runs
 * pods (kubelet.ts). It answers health checks for them too.
 */
export class RealCluster {
  readonly context: string;
  readonly kube: KubeRest;
  readonly kubelet: Kubelet;
  readonly nodes: readonly RealNode[];
  readonly #aws: AwsAccount;
  readonly #services: Informer;
  readonly #ofController = new Set<(pod: KubeObject) => void>();
  #controllerRuns = false;

  constructor(context: string, kube: KubeRest, aws: AwsAccount, ipFamily: IpFamily = 'IPv4') {
    this.context = context;
    this.kube = kube;
    this.#aws = aws;
    this.nodes = aws.network.zones.slice(0, 2).map((zone) => {
      const name = `${context}-node`;
      const withIpv6 = ipFamily === 'IPv6';
      const launched = aws.network.launchInstance({ clusterName: context, zone, name, withIpv6 });
      const { privateIp: ip, ...instance } = launched;
      return { ...instance, name: `ip-${ip.replaceAll('.', '-')}.ec2.internal`, zone, ip };
    });
    this.#services = new Informer(kube, 'services');
    const isCrashing = (pod: KubeObject): boolean => isOfController(pod) && !this.#controllerRuns;
    const changed = (pod: KubeObject): void => {
      if (isOfController(pod)) for (const seen of this.#ofController) seen(pod);
    };
    this.kubelet = new Kubelet({ kube, aws, nodes: this.nodes, isCrashing, changed });
  }

  /** Calls `seen` with each pod of the controller's Deployment that changes. */
  onControllerPod(seen: (pod: KubeObject) => void): void {
    this.#ofController.add(seen);
  }

  /** Name of the pod of the controller's Deployment that came last and stays. */
  newestControllerPod(): string | undefined {
    const [newest] = this.kubelet.pods
      .filter((pod) => isOfController(pod) && !pod.metadata.deletionTimestamp)
      .toSorted((a, b) => bornAt(b) - bornAt(a));
    return newest?.metadata.name;
  }

  /** Makes the nodes and all that the controller's chart would, but for the controller itself. */
  async install(o: {
    readonly source: string;
    readonly resources: readonly KubeObject[];
    readonly webhookPort: number;
    readonly ca: string;
  }): Promise<void> {
    const { kube, context } = this;
    for (const crd of o.resources) await kube.create('customresourcedefinitions', '', crd);
    const role = controllerRole(o.source);
    await kube.create('clusterroles', '', role);
    await kube.create('clusterrolebindings', '', boundToController(role));
    await waitFor(
      `namespace ${NAMESPACE} of ${context}`,
      async () => (await kube.get('namespaces', '', NAMESPACE)) !== undefined,
      PATIENCE_MS,
    );
    await this.#mayLead(leaderRole(o.source));
    for (const { ip, ...node } of this.nodes) {
      const at = { clusterName: context, now: timestamp() };
      await kube.create('nodes', '', nodeObject({ ...node, privateIp: ip, ...at }));
    }
    for (const { metadata } of o.resources) await this.#established(metadata.name);
    for (const webhooks of webhookConfigurations(o.source, { port: o.webhookPort, ca: o.ca })) {
      await kube.create(`${webhooks.kind.toLowerCase()}s`, '', webhooks);
    }
  }

  /**
   * Makes the controller's Deployment where it is not there yet, and lets its pods run, or crash: the
   * process is played elsewhere, but the Deployment is what says in a cluster which controller runs.
   * Resolves when its status says so. `version` such as v3.2.2.
   */
  async showController(o: { readonly version: string; readonly running: boolean }): Promise<void> {
    const { kube } = this;
    const vpcId = this.#aws.network.vpcId;
    if (!(await kube.get('deployments', NAMESPACE, NAME))) {
      const flags = {};
      const made = deployment({ version: o.version, clusterName: this.context, vpcId, flags });
      await kube.create('serviceaccounts', NAMESPACE, serviceAccount(o.version));
      await kube.create('deployments', NAMESPACE, made);
    }
    this.#controllerRuns = o.running;
    this.kubelet.lookAgain();
    await waitFor(
      `Deployment ${NAME} of ${this.context} says whether it runs`,
      async () => {
        this.kubelet.check();
        const { metadata, spec, status } = await kube.need('deployments', NAMESPACE, NAME);
        const ready: number = status?.readyReplicas ?? 0;
        const isSeen = status?.observedGeneration === metadata.generation;
        return isSeen && ready === (o.running ? spec.replicas : 0);
      },
      PATIENCE_MS,
    );
  }

  /** Nobody leads: the next process of the controller need not wait 15 seconds for one that was killed. */
  async freeLease(): Promise<void> {
    await this.kube.patch('leases', NAMESPACE, LEASE, { spec: { holderIdentity: '' } });
  }

  /** How an address of this cluster answers a health check; undefined for one of elsewhere. */
  probe({
    id,
    port,
  }: {
    readonly id: string;
    readonly port: number;
  }): 'ok' | 'refused' | undefined {
    if (this.kubelet.pods.some((pod) => pod['status']?.podIP === id)) return 'ok';
    if (!this.nodes.some(({ instanceId }) => instanceId === id)) return undefined;
    const open = this.#services.objects.some((service) =>
      ((service['spec'].ports ?? []) as { nodePort?: number }[]).some(
        (one) => one.nodePort === port,
      ),
    );
    return open ? 'ok' : 'refused';
  }

  /** Stops looking after the cluster. */
  async stop(): Promise<void> {
    this.#services.stop();
    await this.kubelet.stop();
    this.kube.close();
  }

  async #mayLead(role: KubeObject): Promise<void> {
    await this.kube.create('roles', NAMESPACE, role);
    await this.kube.create('rolebindings', NAMESPACE, boundToController(role));
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
      PATIENCE_MS,
    );
  }
}

const boundToController = ({ kind, metadata: { name } }: KubeObject): KubeObject => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: `${kind}Binding`,
  metadata: { name },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind, name },
  subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: CONTROLLER_USER }],
});

const bornAt = ({ metadata }: KubeObject): number => Date.parse(metadata.creationTimestamp ?? '');

const isOfController = ({ metadata }: KubeObject): boolean =>
  metadata.namespace === NAMESPACE && metadata.labels?.['app.kubernetes.io/name'] === NAME;
