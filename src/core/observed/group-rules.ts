import type { GroupRule } from '../model/aws.ts';
import { isInRange, isWithin, rangesOverlap } from '../model/cidr.ts';

/** How something is to be reached. */
export interface Way {
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
}

/** Who comes, or what is reached: security groups and address ranges, where they are known. */
export interface Ends {
  readonly groups: readonly string[];
  /** Undefined: not known, so a range of a rule may cover it. */
  readonly ranges: readonly string[] | undefined;
}

/** EC2 may give a protocol by its number (EC2 API, IpPermission). */
const protocolNames: Readonly<Record<string, string>> = { 6: 'tcp', 17: 'udp' };

const concerns = ({ protocol, from, to }: GroupRule, way: Way): boolean =>
  protocol === '-1' ||
  ((protocolNames[protocol] ?? protocol) === way.protocol &&
    (from === undefined || to === undefined || (from <= way.port && way.port <= to)));

const sameFamily = (a: string, b: string): boolean => a.includes(':') === b.includes(':');

function admits({ peer }: GroupRule, { groups, ranges }: Ends): 'yes' | 'maybe' | 'no' {
  switch (peer.kind) {
    case 'group':
      return groups.includes(peer.id) ? 'yes' : 'no';
    // What a prefix list has in it is not read.
    case 'prefix-list':
      return 'maybe';
    case 'range': {
      if (!ranges) return 'maybe';
      const ours = ranges.filter((range) => sameFamily(range, peer.cidr));
      if (ours.length > 0 && ours.every((range) => isWithin(range, peer.cidr))) return 'yes';
      return ours.some((range) => rangesOverlap(range, peer.cidr)) ? 'maybe' : 'no';
    }
  }
}

/**
 * Whether rules let a connection pass. `maybe` where a rule concerns it and its range, or prefix
 * list, covers a part of the addresses, or it is not known which. A security group has only rules that
 * allow, and one is enough (VPC user guide, "Security group rules").
 */
export function passes(rules: readonly GroupRule[], way: Way, ends: Ends): 'yes' | 'maybe' | 'no' {
  const answers = rules.filter((rule) => concerns(rule, way)).map((rule) => admits(rule, ends));
  if (answers.includes('yes')) return 'yes';
  return answers.includes('maybe') ? 'maybe' : 'no';
}

/** An address as a range of its own. */
export const rangeOf = (address: string): string =>
  `${address}/${address.includes(':') ? 128 : 32}`;

/** Those of some ranges that an address of this family can be in. */
export const ofFamily = (ranges: readonly string[], family: 'ipv4' | 'ipv6'): readonly string[] =>
  ranges.filter((range) => range.includes(':') === (family === 'ipv6'));

/** Whether an address lies in one of these ranges. */
export const isInRanges = (address: string, ranges: readonly string[]): boolean =>
  ranges.some((range) => isInRange(address, range));
