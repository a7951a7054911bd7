import type { Ids } from './ids.ts';

/** One line of a security group: one protocol, one port range, one source. */
export interface GroupRule {
  readonly id: string;
  readonly egress: boolean;
  /** `tcp`, `udp`, `icmp`, a number, or `-1` for all. */
  readonly protocol: string;
  readonly from?: number;
  readonly to?: number;
  readonly source:
    | { readonly kind: 'group'; readonly groupId: string }
    | { readonly kind: 'ipv4'; readonly cidr: string }
    | { readonly kind: 'ipv6'; readonly cidr: string }
    | { readonly kind: 'prefix-list'; readonly id: string };
  readonly description?: string;
}

export interface SecurityGroup {
  readonly id: string;
  readonly vpcId: string;
  readonly name: string;
  readonly description: string;
  rules: readonly GroupRule[];
}

/** The security groups of all VPCs. */
export class SecurityGroups {
  readonly byId = new Map<string, SecurityGroup>();
  readonly #ids: Ids;

  constructor(ids: Ids) {
    this.#ids = ids;
  }

  /**
   * A group that lets everything out and nothing in, as EC2 makes them; every VPC here has an IPv6
   * block, so that there is a rule for IPv6, too (VPC guide, default security groups).
   */
  create(o: {
    readonly vpcId: string;
    readonly name: string;
    readonly description: string;
  }): SecurityGroup {
    const out = [
      this.newRule({ egress: true, protocol: '-1', source: { kind: 'ipv4', cidr: '0.0.0.0/0' } }),
      this.newRule({ egress: true, protocol: '-1', source: { kind: 'ipv6', cidr: '::/0' } }),
    ];
    const group: SecurityGroup = { ...o, id: this.#ids.ec2('sg'), rules: out };
    this.byId.set(group.id, group);
    if (o.name === 'default') this.allowSelf(group);
    return group;
  }

  /** Lets the members of a group talk to one another. */
  allowSelf(group: SecurityGroup): void {
    group.rules = [
      ...group.rules,
      this.newRule({
        egress: false,
        protocol: '-1',
        source: { kind: 'group', groupId: group.id },
      }),
    ];
  }

  newRule(rule: Omit<GroupRule, 'id'>): GroupRule {
    return { id: this.#ids.ec2('sgr'), ...rule };
  }

  find(vpcId: string, name: string): SecurityGroup | undefined {
    return [...this.byId.values()].find((one) => one.vpcId === vpcId && one.name === name);
  }
}
