/** A bundle of sources as EC2 writes it; which of the lists are there decides what it is about. */
export interface IpPermission {
  readonly IpProtocol: string;
  readonly FromPort?: number;
  readonly ToPort?: number;
  readonly IpRanges?: readonly { readonly CidrIp: string; readonly Description?: string }[];
  readonly Ipv6Ranges?: readonly { readonly CidrIpv6: string; readonly Description?: string }[];
  readonly PrefixListIds?: readonly {
    readonly PrefixListId: string;
    readonly Description?: string;
  }[];
  readonly UserIdGroupPairs?: readonly {
    readonly GroupId: string;
    readonly UserId?: string;
    readonly Description?: string;
  }[];
}

/** Where traffic may come from. */
export type IngressSource =
  | { readonly kind: 'group'; readonly id: string }
  | { readonly kind: 'ipv4' | 'ipv6'; readonly cidr: string };

/** An ingress rule that bindings request. */
export interface WantedRule {
  readonly protocol: string;
  readonly from: number;
  readonly to: number;
  readonly source: IngressSource;
}

/**
 * The request for one rule. `Description` is that of every rule that is made for bindings
 * (pkg/networking/networking_manager.go). It has no cluster in it: controllers whose nodes share a
 * group take each other's rules for their own.
 */
export function permissionOf(
  { protocol, from, to, source }: WantedRule,
  Description: string,
): IpPermission {
  const range = { IpProtocol: protocol, FromPort: from, ToPort: to };
  switch (source.kind) {
    case 'group':
      return {
        ...range,
        UserIdGroupPairs: [{ GroupId: source.id, Description }],
      };
    case 'ipv4':
      return { ...range, IpRanges: [{ CidrIp: source.cidr, Description }] };
    case 'ipv6':
      return { ...range, Ipv6Ranges: [{ CidrIpv6: source.cidr, Description }] };
  }
}

/** EC2 lists the sources of one protocol and range together: one permission for each. */
export function oneByOne(permission: IpPermission): IpPermission[] {
  const { IpRanges, Ipv6Ranges, PrefixListIds, UserIdGroupPairs, ...range } = permission;
  return [
    ...(IpRanges ?? []).map((one) => ({ ...range, IpRanges: [one] })),
    ...(Ipv6Ranges ?? []).map((one) => ({ ...range, Ipv6Ranges: [one] })),
    ...(PrefixListIds ?? []).map((one) => ({ ...range, PrefixListIds: [one] })),
    ...(UserIdGroupPairs ?? []).map((one) => ({ ...range, UserIdGroupPairs: [one] })),
  ];
}

/**
 * What makes two permissions of one source the same: all but the description; upstream sorts by it
 * (pkg/networking/security_group_info.go, HashCode).
 */
export function permissionKey(permission: IpPermission): string {
  const { IpProtocol, FromPort = 0, ToPort = 0 } = permission;
  const base = `IpProtocol: ${IpProtocol}, FromPort: ${FromPort}, ToPort: ${ToPort}`;
  const { IpRanges, Ipv6Ranges, PrefixListIds, UserIdGroupPairs } = permission;
  if (IpRanges?.[0]) return `${base}, IpRange: ${IpRanges[0].CidrIp}`;
  if (Ipv6Ranges?.[0]) return `${base}, Ipv6Range: ${Ipv6Ranges[0].CidrIpv6}`;
  if (PrefixListIds?.[0]) return `${base}, PrefixListId: ${PrefixListIds[0].PrefixListId}`;
  return `${base}, UserIdGroupPair: ${UserIdGroupPairs?.[0]?.GroupId}`;
}

/** Whether a permission of one source was made for bindings, by whichever controller. */
export function isSharedRule(permission: IpPermission, sharedRule: string): boolean {
  const [one] = [
    ...(permission.IpRanges ?? []),
    ...(permission.Ipv6Ranges ?? []),
    ...(permission.PrefixListIds ?? []),
    ...(permission.UserIdGroupPairs ?? []),
  ];
  // Upstream reads the description as a list of labels, of which this must be one.
  const labels = (one?.Description ?? '').matchAll(/([^\s,=]+)=([^\s,=]+)(?:,|$)/g);
  return [...labels].some(([, key, value]) => `${key}=${value}` === sharedRule);
}
