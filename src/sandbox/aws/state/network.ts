import { ipv4Block, isWithin } from './addresses.ts';
import type { Ids } from './ids.ts';
import { InterfaceAddresses } from './interface-addresses.ts';
import type { Instance, Interface, LaunchedNode, Peering, Subnet, Vpc } from './network-things.ts';
import { SecurityGroups } from './security-group-store.ts';
import type { Tag } from './tag.ts';
import { planSubnets } from './subnet-plan.ts';

interface Surroundings {
  readonly ids: Ids;
  readonly region: string;
  readonly now: () => Date;
  readonly putTags: (id: string, tags: Tag[]) => void;
  readonly dropTags: (id: string) => void;
}

/**
 * The network of the account: networks, machines and their interfaces. EC2's Describe calls
 * read it; what real life does outside the calls in the sandbox (a VPC from a stack, a node from a
 * node group, a pod's address) the world does by these methods.
 */
export class Network {
  readonly vpcs = new Map<string, Vpc>();
  readonly subnets = new Map<string, Subnet>();
  readonly instances = new Map<string, Instance>();
  readonly interfaces = new Map<string, Interface>();
  readonly peerings = new Map<string, Peering>();
  readonly groups: SecurityGroups;
  /** Zones of the region, in order. */
  readonly zones: readonly string[];
  /** The VPC the account starts with. */
  readonly vpcId: string;
  readonly #around: Surroundings;
  readonly #addresses = new InterfaceAddresses(this.interfaces, this.subnets);

  constructor(around: Surroundings) {
    this.#around = around;
    this.groups = new SecurityGroups(around.ids);
    this.zones = ['a', 'b', 'c'].map((letter) => around.region + letter);
    this.vpcId = this.createVpc({ cidr: '10.0.0.0/16', name: 'sandbox' });
  }

  /**
   * A VPC (a /16) with a public and a private subnet in each zone, tagged for the controller's
   * subnet discovery. Gives back its id.
   */
  createVpc(o: { readonly cidr: string; readonly name: string }): string {
    const block = ipv4Block(o.cidr);
    if (!block || block.size !== 65536) throw new Error(`${o.cidr} is not a /16 block`);
    const id = this.#around.ids.ec2('vpc');
    const ipv6 = `2600:1f18:${(0x4000 + this.vpcs.size).toString(16)}`;
    this.vpcs.set(id, { id, cidr: o.cidr, ipv6Cidr: `${ipv6}::/48`, isDefault: false });
    this.#around.putTags(id, [{ Key: 'Name', Value: o.name }]);
    this.groups.create({ vpcId: id, name: 'default', description: 'default VPC security group' });
    for (const plan of planSubnets({ block, ipv6, zones: this.zones })) {
      const subnetId = this.#around.ids.ec2('subnet');
      this.subnets.set(subnetId, { ...plan, id: subnetId, vpcId: id });
      const role = plan.isPublic ? 'elb' : 'internal-elb';
      this.#around.putTags(subnetId, [
        { Key: 'Name', Value: `${o.name}-${plan.isPublic ? 'public' : 'private'}-${plan.zone}` },
        { Key: `kubernetes.io/role/${role}`, Value: '1' },
      ]);
    }
    return id;
  }

  /**
   * A running node of a cluster in a private subnet of that zone, on the cluster's own security
   * group, tagged as EKS tags nodes. Throws when the VPC has no subnet in the zone.
   */
  launchInstance(o: {
    readonly clusterName: string;
    readonly zone: string;
    readonly name: string;
    readonly vpcId?: string;
    /** With an IPv6 address, and a prefix from which its pods get theirs. */
    readonly withIpv6?: boolean;
  }): LaunchedNode {
    const vpcId = o.vpcId ?? this.vpcId;
    const subnet = [...this.subnets.values()].find(
      (one) => one.vpcId === vpcId && one.zone === o.zone && !one.isPublic,
    );
    if (!subnet) throw new Error(`no subnet in zone ${o.zone} of ${vpcId}`);
    const securityGroupId = this.nodeGroupOf(o.clusterName, vpcId);
    const instanceId = this.#around.ids.ec2('i');
    const eniId = this.addInterface({
      subnetId: subnet.id,
      description: `aws-K8S-${instanceId}`,
      groupIds: [securityGroupId],
      owner: { instanceId },
    });
    const privateIp = this.interfaces.get(eniId)?.addresses[0] ?? '';
    const ipv6 = o.withIpv6 ? this.assignIpv6(eniId) : undefined;
    if (o.withIpv6) this.#addresses.delegatePrefix(eniId);
    this.instances.set(instanceId, {
      id: instanceId,
      interfaceId: eniId,
      launchedAt: this.#around.now(),
      state: 'running',
    });
    this.#around.putTags(instanceId, [
      { Key: 'Name', Value: o.name },
      { Key: `kubernetes.io/cluster/${o.clusterName}`, Value: 'owned' },
      { Key: 'eks:cluster-name', Value: o.clusterName },
    ]);
    this.#around.putTags(eniId, [
      { Key: 'cluster.k8s.amazonaws.com/name', Value: o.clusterName },
      { Key: 'node.k8s.amazonaws.com/instance_id', Value: instanceId },
    ]);
    const launched = { instanceId, privateIp, eniId, securityGroupId, subnetId: subnet.id };
    return { ...launched, ...(ipv6 === undefined ? {} : { ipv6 }) };
  }

  /** The security group of a cluster's nodes, made when it is first requested. */
  nodeGroupOf(clusterName: string, vpcId: string): string {
    const name = `eks-cluster-sg-${clusterName}`;
    const known = this.groups.find(vpcId, name);
    if (known) return known.id;
    const group = this.groups.create({
      vpcId,
      name,
      description:
        'EKS created security group applied to ENI that is attached to EKS Control Plane master nodes, as well as any managed workloads.',
    });
    this.groups.allowSelf(group);
    this.#around.putTags(group.id, [
      { Key: 'Name', Value: name },
      { Key: `kubernetes.io/cluster/${clusterName}`, Value: 'owned' },
      { Key: 'aws:eks:cluster-name', Value: clusterName },
    ]);
    return group.id;
  }

  /** A network interface with one address of its subnet; gives back its id. */
  addInterface(o: Pick<Interface, 'subnetId' | 'description' | 'groupIds' | 'owner'>): string {
    const id = this.#around.ids.ec2('eni');
    this.interfaces.set(id, { ...o, id, addresses: [], ipv6Addresses: [], ipv6Prefixes: [] });
    this.assignIp(id);
    return id;
  }

  /** Takes an interface away with its addresses. */
  removeInterface(id: string): void {
    this.#addresses.releaseAll(id);
    this.interfaces.delete(id);
    this.#around.dropTags(id);
  }

  /**
   * A further address on an interface, as a pod gets one: the next free IPv4 address of the subnet,
   * or the one named (IPv4 or IPv6). Throws when the interface is unknown or the address is taken.
   */
  assignIp(eniId: string, wanted?: string): string {
    return this.#addresses.assign(eniId, wanted);
  }

  /** The same with IPv6: from the interface's prefix, which is all that EC2 lists, or its subnet. */
  assignIpv6(eniId: string): string {
    return this.#addresses.assignIpv6(eniId);
  }

  /** Gives an address back, in the VPC named or in the one that has it; not in use is no error. */
  releaseIp(address: string, vpcId?: string): void {
    this.#addresses.release(address, vpcId);
  }

  /** Ends an instance: its interface and addresses go, it stays listed as terminated. */
  terminateInstance(instanceId: string): void {
    const instance = this.#instance(instanceId);
    instance.state = 'terminated';
    this.removeInterface(instance.interfaceId);
  }

  /** Stops a running instance or starts a stopped one. */
  setInstanceState(instanceId: string, state: 'running' | 'stopped'): void {
    const instance = this.#instance(instanceId);
    if (instance.state === 'terminated') throw new Error(`${instanceId} is terminated`);
    instance.state = state;
  }

  /** The interface that has this address, in the VPC named or in any. */
  holderOf(address: string, vpcId?: string): Interface | undefined {
    return this.#addresses.holderOf(address, vpcId);
  }

  /** The VPC that an interface is in. */
  vpcOf({ subnetId }: Interface): string {
    return this.subnets.get(subnetId)?.vpcId ?? '';
  }

  /** Whether packets get from one VPC to another: within one always, else over an active peering. */
  isRouted(from: string, to: string): boolean {
    return from === to || this.peeringBetween(from, to) !== undefined;
  }

  /** The active peering of two VPCs. */
  peeringBetween(one: string, other: string): Peering | undefined {
    return [...this.peerings.values()].find(
      ({ state, requesterVpcId, accepterVpcId }) =>
        state === 'active' &&
        one !== other &&
        [requesterVpcId, accepterVpcId].includes(one) &&
        [requesterVpcId, accepterVpcId].includes(other),
    );
  }

  /** The subnet of a VPC that an address lies in. */
  subnetOf(vpcId: string, address: string): Subnet | undefined {
    return [...this.subnets.values()].find(
      (one) =>
        one.vpcId === vpcId && [one.cidr, one.ipv6Cidr].some((block) => isWithin(address, block)),
    );
  }

  #instance(instanceId: string): Instance {
    const instance = this.instances.get(instanceId);
    if (!instance) throw new Error(`no instance ${instanceId}`);
    return instance;
  }
}
