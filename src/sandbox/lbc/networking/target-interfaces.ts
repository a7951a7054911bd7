import type { Clock } from '../../time/clock.ts';
import type { KubeObject } from '../../kube/object.ts';
import type { ControllerApi } from '../process/controller-api.ts';
import { Expiring } from '../process/expiring.ts';
import { addressOf, branchOf, infoOf, instanceIdOf, matched, nameOf } from './interface-match.ts';
import type { DescribedInterface, TargetInterface } from './interface-match.ts';

const TTL_MS = 10 * 60_000;
const COMPUTE_TYPE = 'eks.amazonaws.com/compute-type';

interface Reservation {
  readonly Instances: readonly {
    readonly InstanceId: string;
    readonly NetworkInterfaces?: readonly DescribedInterface[];
  }[];
}

/**
 * The interfaces behind pods and nodes, each remembered for 10 minutes
 * (pkg/networking/pod_eni_info_resolver.go, node_eni_info_resolver.go).
 */
export class TargetInterfaces {
  readonly #api: ControllerApi;
  readonly #vpcId: string;
  readonly #known: Expiring<TargetInterface>;

  constructor(api: ControllerApi, clock: Clock, vpcId: string) {
    this.#api = api;
    this.#vpcId = vpcId;
    this.#known = new Expiring(clock, TTL_MS);
  }

  /** The interface of each pod; pods on hybrid nodes have none and are left out. */
  ofPods(pods: readonly KubeObject[]): Map<KubeObject, TargetInterface> {
    return this.#resolve(pods, 'pod', (unknown) => {
      const typed = unknown.map((pod) => ({ pod, type: this.#computeType(pod) }));
      const onEc2 = typed.filter(({ type }) => type === 'ec2').map(({ pod }) => pod);
      const inVpc = typed.filter(({ type }) => type === 'fargate').map(({ pod }) => pod);
      const hybrid = typed.filter(({ type }) => type === 'hybrid').map(({ pod }) => pod);
      const branched = this.#byBranch(onEc2);
      return new Map([
        ...branched,
        ...this.#byNodes(onEc2.filter((pod) => !branched.has(pod))),
        ...this.#byAddress(inVpc),
        ...hybrid.map((pod) => [pod, { id: '', groupIds: [] }] as const),
      ]);
    });
  }

  /** The primary interface of each node's instance. */
  ofNodes(nodes: readonly KubeObject[]): Map<KubeObject, TargetInterface> {
    return this.#resolve(nodes, 'node', (unknown) => {
      const byInstance = this.#instanceInterfaces(unknown);
      return new Map(
        unknown.flatMap((node) => {
          const primary = byInstance
            .get(instanceIdOf(node))
            ?.find(({ Attachment }) => (Attachment?.DeviceIndex ?? 0) === 0);
          return primary ? [[node, infoOf(primary)] as const] : [];
        }),
      );
    });
  }

  /** From memory, else by `look`; what neither has is an error. */
  #resolve(
    objects: readonly KubeObject[],
    what: 'pod' | 'node',
    look: (unknown: readonly KubeObject[]) => Map<KubeObject, TargetInterface>,
  ): Map<KubeObject, TargetInterface> {
    const found = new Map<KubeObject, TargetInterface>();
    for (const object of objects) {
      const known = this.#known.get(object.metadata.uid!);
      if (known) found.set(object, known);
    }
    const unknown = objects.filter((object) => !found.has(object));
    for (const [object, info] of unknown.length > 0 ? look(unknown) : []) {
      this.#known.set(object.metadata.uid!, info);
      found.set(object, info);
    }
    const missing = objects.filter((object) => !found.has(object)).map(nameOf);
    if (missing.length > 0) {
      throw new Error(`cannot resolve ${what} ENI for ${what}s: [${missing.join(' ')}]`);
    }
    return found;
  }

  #computeType(pod: KubeObject): 'ec2' | 'fargate' | 'hybrid' {
    const { labels = {} } = this.#node(pod).metadata;
    if (labels[COMPUTE_TYPE] === 'fargate') return 'fargate';
    if (labels['sagemaker.amazonaws.com/compute-type'] === 'hyperpod') return 'fargate';
    return labels[COMPUTE_TYPE] === 'hybrid' ? 'hybrid' : 'ec2';
  }

  #node(pod: KubeObject): KubeObject {
    const name: string = pod['spec'].nodeName ?? '';
    const node = this.#api.get('nodes', '', name);
    if (!node) throw new Error(`Node "${name}" not found`);
    return node;
  }

  /** With security groups for pods an annotation names the pod's own branch interface. */
  #byBranch(pods: readonly KubeObject[]): Map<KubeObject, TargetInterface> {
    const branches = new Map(pods.map((pod) => [pod, branchOf(pod)]));
    const ids = [...new Set(branches.values())].filter((id) => id !== undefined).toSorted();
    if (ids.length === 0) return new Map();
    const byId = new Map(
      this.#interfaces({ NetworkInterfaceIds: ids }).map((one) => [one.NetworkInterfaceId, one]),
    );
    return new Map(
      pods.flatMap((pod) => {
        const found = byId.get(branches.get(pod) ?? '');
        return found ? [[pod, infoOf(found)] as const] : [];
      }),
    );
  }

  #byNodes(pods: readonly KubeObject[]): Map<KubeObject, TargetInterface> {
    if (pods.length === 0) return new Map();
    const nodes = new Map(pods.map((pod) => [pod, this.#node(pod)]));
    const byInstance = this.#instanceInterfaces([...nodes.values()]);
    return matched(pods, (pod) => byInstance.get(instanceIdOf(nodes.get(pod)!)) ?? []);
  }

  #byAddress(pods: readonly KubeObject[]): Map<KubeObject, TargetInterface> {
    const addresses = pods.map(addressOf).toSorted();
    const found = [false, true].flatMap((six) => {
      const Values = addresses.filter((address) => address.includes(':') === six);
      if (Values.length === 0) return [];
      const Name = six ? 'ipv6-addresses.ipv6-address' : 'addresses.private-ip-address';
      const Filters = [
        { Name: 'vpc-id', Values: [this.#vpcId] },
        { Name, Values },
      ];
      return this.#interfaces({ Filters });
    });
    return matched(pods, () => found);
  }

  #interfaces(params: object): DescribedInterface[] {
    return this.#api.pages('ec2.DescribeNetworkInterfaces', params, 'NetworkInterfaces');
  }

  /** The interfaces of the nodes' instances, by instance. */
  #instanceInterfaces(nodes: readonly KubeObject[]): Map<string, readonly DescribedInterface[]> {
    const InstanceIds = [...new Set(nodes.map(instanceIdOf))].toSorted();
    const found = this.#api.pages<Reservation>(
      'ec2.DescribeInstances',
      { InstanceIds },
      'Reservations',
    );
    return new Map(
      found
        .flatMap((one) => one.Instances)
        .map((one) => [one.InstanceId, one.NetworkInterfaces ?? []]),
    );
  }
}
