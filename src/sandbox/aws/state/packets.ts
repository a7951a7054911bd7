import { isWithin } from './addresses.ts';
import type { GroupRule, SecurityGroup } from './security-group-store.ts';

/** The far end of a connection as a rule looks at it. */
export interface FarEnd {
  readonly address: string;
  /** Security groups that stand for it where a rule names a group. */
  readonly groupIds: readonly string[];
}

/** A connection that is about to be opened. */
export interface Opening {
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  readonly farEnd: FarEnd;
}

/**
 * Whether security groups let a connection through: one rule of one group is enough, and no rule
 * denies (VPC guide, security groups). `egress` looks at the rules for what goes out. A rule that
 * names a prefix list lets nothing through: this account has none.
 */
export function letsThrough(
  groups: readonly SecurityGroup[],
  egress: boolean,
  opening: Opening,
): boolean {
  return groups.some(({ rules }) =>
    rules.some((rule) => rule.egress === egress && matches(rule, opening)),
  );
}

function matches(rule: GroupRule, { protocol, port, farEnd }: Opening): boolean {
  if (rule.protocol !== '-1' && rule.protocol !== protocol) return false;
  const { from, to, source } = rule;
  if (from !== undefined && to !== undefined && (port < from || port > to)) return false;
  switch (source.kind) {
    case 'group':
      return farEnd.groupIds.includes(source.groupId);
    case 'ipv4':
    case 'ipv6':
      return isWithin(farEnd.address, source.cidr);
    case 'prefix-list':
      return false;
  }
}
