import { canonical, ipv4Block, ipv4Text, ipv6Groups, ipv6Text, isWithin } from './addresses.ts';
import type { Interface, Subnet } from './network-things.ts';

/**
 * Who has which address. An address is one interface's within a VPC; two VPCs may have the same
 * ranges, so that the address alone does not name its interface.
 */
export class InterfaceAddresses {
  readonly #interfaces: ReadonlyMap<string, Interface>;
  readonly #subnets: ReadonlyMap<string, Subnet>;
  /** Ids of interfaces by VPC and canonical address. */
  readonly #holders = new Map<string, Map<string, string>>();
  readonly #nextHost = new Map<string, number>();
  readonly #nextPrefix = new Map<string, number>();

  constructor(interfaces: ReadonlyMap<string, Interface>, subnets: ReadonlyMap<string, Subnet>) {
    this.#interfaces = interfaces;
    this.#subnets = subnets;
  }

  /** The next free IPv4 address of the interface's subnet, or the one named. Throws if it is taken. */
  assign(eniId: string, wanted?: string): string {
    const { eni, subnet } = this.#place(eniId);
    const address = wanted ?? this.#freeIpv4(subnet);
    this.#take(eniId, subnet.vpcId, address);
    (address.includes(':') ? eni.ipv6Addresses : eni.addresses).push(address);
    return address;
  }

  /**
   * The next free IPv6 address: from the interface's prefix, which then does not list it, else from
   * its subnet.
   */
  assignIpv6(eniId: string): string {
    const { eni, subnet } = this.#place(eniId);
    const [prefix] = eni.ipv6Prefixes;
    const address = this.#freeIpv6(prefix ?? subnet.ipv6Cidr, subnet.vpcId);
    this.#take(eniId, subnet.vpcId, address);
    if (prefix === undefined) eni.ipv6Addresses.push(address);
    return address;
  }

  /** Gives the interface the next block of 2^48 addresses of its subnet, for its pods. */
  delegatePrefix(eniId: string): string {
    const { eni, subnet } = this.#place(eniId);
    const next = (this.#nextPrefix.get(subnet.id) ?? 0) + 1;
    this.#nextPrefix.set(subnet.id, next);
    const groups = (ipv6Groups(subnet.ipv6Cidr.split('/')[0] ?? '') ?? []).slice(0, 4);
    const prefix = `${ipv6Text([...groups, next.toString(16), '0', '0', '0'])}/80`;
    eni.ipv6Prefixes.push(prefix);
    return prefix;
  }

  /** Gives an address back; one that is not in use is no error. */
  release(address: string, vpcId?: string): void {
    const eni = this.holderOf(address, vpcId);
    if (!eni) return;
    const { subnet } = this.#place(eni.id);
    this.#holders.get(subnet.vpcId)?.delete(canonical(address));
    for (const list of [eni.addresses, eni.ipv6Addresses]) {
      const at = list.indexOf(address);
      if (at !== -1) list.splice(at, 1);
    }
  }

  /** Gives all addresses of an interface back. */
  releaseAll(eniId: string): void {
    for (const byAddress of this.#holders.values()) {
      for (const [address, id] of byAddress) if (id === eniId) byAddress.delete(address);
    }
  }

  /** The interface that has this address, in the VPC named or in any. */
  holderOf(address: string, vpcId?: string): Interface | undefined {
    const key = canonical(address);
    const vpcIds = vpcId === undefined ? [...this.#holders.keys()] : [vpcId];
    for (const id of vpcIds) {
      const eniId = this.#holders.get(id)?.get(key);
      if (eniId !== undefined) return this.#interfaces.get(eniId);
    }
    return undefined;
  }

  #place(eniId: string): { readonly eni: Interface; readonly subnet: Subnet } {
    const eni = this.#interfaces.get(eniId);
    const subnet = eni && this.#subnets.get(eni.subnetId);
    if (!eni || !subnet) throw new Error(`no network interface ${eniId}`);
    return { eni, subnet };
  }

  #take(eniId: string, vpcId: string, address: string): void {
    const taken = this.#holders.get(vpcId) ?? new Map<string, string>();
    this.#holders.set(vpcId, taken);
    const key = canonical(address);
    if (taken.has(key)) throw new Error(`${address} is in use`);
    taken.set(key, eniId);
  }

  /** Addresses are handed out in turn, so that a released one comes back late, as EC2 does it. */
  #freeIpv4(subnet: Subnet): string {
    const block = ipv4Block(subnet.cidr);
    if (!block) throw new Error(`${subnet.cidr} is not a block`);
    // The first four addresses and the last one of a subnet belong to AWS.
    const usable = block.size - 5;
    const start = this.#nextHost.get(subnet.id) ?? 0;
    for (let tried = 0; tried < usable; tried++) {
      const host = (start + tried) % usable;
      const address = ipv4Text(block.first + 4 + host);
      if (this.holderOf(address, subnet.vpcId)) continue;
      this.#nextHost.set(subnet.id, host + 1);
      return address;
    }
    throw new Error(`subnet ${subnet.id} has no free address`);
  }

  /** There are enough for no released one to come back. */
  #freeIpv6(cidr: string, vpcId: string): string {
    const groups = ipv6Groups(cidr.split('/')[0] ?? '') ?? [];
    const key = `${vpcId} ${cidr}`;
    for (let host = (this.#nextHost.get(key) ?? 3) + 1; ; host++) {
      const last = [host >>> 16, host & 0xffff].map((number) => number.toString(16));
      const address = ipv6Text([...groups.slice(0, 6), ...last]);
      if (!isWithin(address, cidr)) throw new Error(`${cidr} has no free address`);
      if (this.holderOf(address, vpcId)) continue;
      this.#nextHost.set(key, host);
      return address;
    }
  }
}
