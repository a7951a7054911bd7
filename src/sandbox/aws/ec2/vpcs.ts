import { ipv4Block } from '../state/addresses.ts';
import { filtered, named, type Filter } from './filters.ts';
import type { Subnet, Vpc } from '../state/network-things.ts';
import { tokenPage } from '../state/pages.ts';
import type { State } from '../state/state.ts';
import { tagList } from '../state/resource-tags.ts';

interface ListParams {
  readonly Filters?: readonly Filter[];
  readonly NextToken?: string;
  readonly MaxResults?: number;
}

/** EC2 DescribeVpcs. */
export function describeVpcs(
  state: State,
  params: ListParams & { readonly VpcIds?: readonly string[] },
): object {
  const some = named(
    state.network.vpcs,
    params.VpcIds,
    'InvalidVpcID.NotFound',
    (id) => `The vpc ID '${id}' does not exist`,
  );
  const found = filtered<Vpc>(state, some, params.Filters, (vpc) => vpc.id, {
    'vpc-id': (vpc) => [vpc.id],
    cidr: (vpc) => [vpc.cidr],
    'cidr-block-association.cidr-block': (vpc) => [vpc.cidr],
    'owner-id': () => [state.account],
    state: () => ['available'],
    'is-default': (vpc) => [String(vpc.isDefault)],
  });
  const { page, ...next } = tokenPage(state, found, params);
  return {
    Vpcs: page.map((vpc) => ({
      VpcId: vpc.id,
      OwnerId: state.account,
      State: 'available',
      CidrBlock: vpc.cidr,
      CidrBlockAssociationSet: [
        {
          AssociationId: vpc.id.replace('vpc-', 'vpc-cidr-assoc-'),
          CidrBlock: vpc.cidr,
          CidrBlockState: { State: 'associated' },
        },
      ],
      Ipv6CidrBlockAssociationSet: [
        {
          AssociationId: vpc.id.replace('vpc-', 'vpc-cidr-assoc-6'),
          Ipv6CidrBlock: vpc.ipv6Cidr,
          Ipv6CidrBlockState: { State: 'associated' },
        },
      ],
      InstanceTenancy: 'default',
      IsDefault: vpc.isDefault,
      Tags: tagList(state, vpc.id),
    })),
    ...next,
  };
}

/** EC2 DescribeSubnets. */
export function describeSubnets(
  state: State,
  params: ListParams & { readonly SubnetIds?: readonly string[] },
): object {
  const some = named(
    state.network.subnets,
    params.SubnetIds,
    'InvalidSubnetID.NotFound',
    (id) => `The subnet ID '${id}' does not exist`,
  );
  const found = filtered<Subnet>(state, some, params.Filters, (subnet) => subnet.id, {
    'subnet-id': (subnet) => [subnet.id],
    'vpc-id': (subnet) => [subnet.vpcId],
    'availability-zone': (subnet) => [subnet.zone],
    'cidr-block': (subnet) => [subnet.cidr],
    'owner-id': () => [state.account],
    state: () => ['available'],
  });
  const { page, ...next } = tokenPage(state, found, params);
  return { Subnets: page.map((subnet) => subnetView(state, subnet)), ...next };
}

function subnetView(state: State, subnet: Subnet): object {
  const taken = [...state.network.interfaces.values()]
    .filter((one) => one.subnetId === subnet.id)
    .reduce((sum, one) => sum + one.addresses.length, 0);
  return {
    SubnetId: subnet.id,
    SubnetArn: `arn:aws:ec2:${state.region}:${state.account}:subnet/${subnet.id}`,
    VpcId: subnet.vpcId,
    OwnerId: state.account,
    State: 'available',
    CidrBlock: subnet.cidr,
    Ipv6CidrBlockAssociationSet: [
      {
        AssociationId: subnet.id.replace('subnet-', 'subnet-cidr-assoc-'),
        Ipv6CidrBlock: subnet.ipv6Cidr,
        Ipv6CidrBlockState: { State: 'associated' },
      },
    ],
    AvailabilityZone: subnet.zone,
    AvailabilityZoneId: zoneId(state, subnet.zone),
    AvailableIpAddressCount: (ipv4Block(subnet.cidr)?.size ?? 0) - 5 - taken,
    MapPublicIpOnLaunch: subnet.isPublic,
    DefaultForAz: false,
    Tags: tagList(state, subnet.id),
  };
}

/** `use1-az1` for the first zone of us-east-1, and so on. */
function zoneId(state: State, zone: string): string {
  const [area = '', direction = '', number = ''] = state.region.split('-');
  const short = direction.replace(
    /^(north|south|central|east|west)(east|west)?$/,
    (_, a, b) => `${(a as string)[0]}${b ? (b as string)[0] : ''}`,
  );
  return `${area}${short}${number}-az${state.network.zones.indexOf(zone) + 1}`;
}

const invalidZone = (id: string): string => `Invalid availability zone: [${id}]`;

/** EC2 DescribeAvailabilityZones. */
export function describeAvailabilityZones(
  state: State,
  params: {
    readonly Filters?: readonly Filter[];
    readonly ZoneNames?: readonly string[];
    readonly ZoneIds?: readonly string[];
  },
): object {
  const known = new Map(state.network.zones.map((zone) => [zone, zone]));
  const ids = new Map(state.network.zones.map((zone) => [zoneId(state, zone), zone]));
  const some = params.ZoneIds?.length
    ? named(ids, params.ZoneIds, 'InvalidParameterValue', invalidZone)
    : named(known, params.ZoneNames, 'InvalidParameterValue', invalidZone);
  const found = filtered<string>(state, some, params.Filters, (zone) => zone, {
    'zone-name': (zone) => [zone],
    'zone-id': (zone) => [zoneId(state, zone)],
    'zone-type': () => ['availability-zone'],
    'region-name': () => [state.region],
    'opt-in-status': () => ['opt-in-not-required'],
    state: () => ['available'],
  });
  return {
    AvailabilityZones: found.map((zone) => ({
      ZoneName: zone,
      ZoneId: zoneId(state, zone),
      ZoneType: 'availability-zone',
      RegionName: state.region,
      GroupName: `${state.region}-zg-1`,
      NetworkBorderGroup: state.region,
      OptInStatus: 'opt-in-not-required',
      State: 'available',
      Messages: [],
    })),
  };
}
