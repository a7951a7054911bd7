import { ipv4Text } from './addresses.ts';
import type { Subnet } from './network-things.ts';

/**
 * The subnets of a /16 VPC: in each zone a public one (/20, from the beginning of the block) and a
 * private one (/19, from its second quarter).
 */
export function planSubnets(o: {
  readonly block: { readonly first: number };
  /** The first three groups of the VPC's IPv6 block. */
  readonly ipv6: string;
  readonly zones: readonly string[];
}): Omit<Subnet, 'id' | 'vpcId'>[] {
  return o.zones.flatMap((zone, at) =>
    [true, false].map((isPublic) => {
      const offset = isPublic ? at * 4096 : 16384 + at * 8192;
      const group = (isPublic ? at : at + 16).toString(16);
      return {
        zone,
        isPublic,
        cidr: `${ipv4Text(o.block.first + offset)}/${isPublic ? 20 : 19}`,
        ipv6Cidr: `${o.ipv6}:${group}::/64`,
      };
    }),
  );
}
