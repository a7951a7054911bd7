import { isIP } from 'node:net';
import { isWithin } from '../../aws/state/addresses.ts';
import type { Clock } from '../../time/clock.ts';
import type { ControllerApi } from '../process/controller-api.ts';
import type { Endpoint } from '../process/endpoint.ts';
import { isAwsCode } from '../process/errors.ts';
import { Expiring } from '../process/expiring.ts';
import type { TargetDescription } from './targets.ts';

const VPC_TTL_MS = 10 * 60_000;

interface VpcAnswer {
  readonly Vpcs: readonly {
    /** The first block is among them. */
    readonly CidrBlockAssociationSet?: readonly { readonly CidrBlock: string }[];
    readonly Ipv6CidrBlockAssociationSet?: readonly { readonly Ipv6CidrBlock: string }[];
  }[];
}

/** Address ranges of VPCs, kept for 10 minutes (pkg/networking/vpc_info_provider.go). */
export class VpcRanges {
  readonly #api: ControllerApi;
  readonly #known: Expiring<readonly string[]>;

  constructor(api: ControllerApi, clock: Clock) {
    this.#api = api;
    this.#known = new Expiring(clock, VPC_TTL_MS);
  }

  /** CIDR blocks of the VPC, IPv4 and IPv6. */
  of(vpcId: string): readonly string[] {
    const known = this.#known.get(vpcId);
    if (known) return known;
    const vpc = this.#api.aws<VpcAnswer>('ec2.DescribeVpcs', { VpcIds: [vpcId] }).Vpcs[0];
    if (!vpc) throw new Error(`couldn't fetch VPC info for ${vpcId}`);
    const ranges = [
      ...(vpc.CidrBlockAssociationSet ?? []).map((block) => block.CidrBlock),
      ...(vpc.Ipv6CidrBlockAssociationSet ?? []).map((block) => block.Ipv6CidrBlock),
    ];
    this.#known.set(vpcId, ranges);
    return ranges;
  }
}

/**
 * What RegisterTargets is told: pods outside the ranges of the target group's VPC get the zone `all`
 * (pkg/targetgroupbinding/resource_manager.go, prepareRegistrationCall and generateOverrideAzFn).
 * With an assumed role a VPC that cannot be seen counts as peered: always `all`.
 */
export function describeTargets(
  endpoints: readonly Endpoint[],
  vpcId: string,
  ranges: VpcRanges,
  assumesRole: boolean,
): TargetDescription[] {
  return endpoints.map((endpoint) => {
    if (endpoint.kind === 'node') return { Id: endpoint.instanceId, Port: endpoint.port };
    const target = { Id: endpoint.ip, Port: endpoint.port };
    return isOutside(endpoint.ip, vpcId, ranges, assumesRole)
      ? { ...target, AvailabilityZone: 'all' }
      : target;
  });
}

function isOutside(ip: string, vpcId: string, ranges: VpcRanges, assumesRole: boolean): boolean {
  if (isIP(ip) === 0) throw new Error(`ParseAddr(${JSON.stringify(ip)}): unable to parse IP`);
  try {
    return !ranges.of(vpcId).some((range) => isWithin(ip, range));
  } catch (error) {
    if (assumesRole && isAwsCode(error, 'InvalidVpcID.NotFound')) return true;
    throw error;
  }
}
