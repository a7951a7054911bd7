import { ipv4Block } from '../state/addresses.ts';
import { AwsError, required } from '../state/error.ts';
import { filtered, named, type Filter } from './filters.ts';
import type { Peering } from '../state/network-things.ts';
import { tokenPage } from '../state/pages.ts';
import type { State } from '../state/state.ts';
import { putTags, tagList } from '../state/resource-tags.ts';
import type { Tag } from '../state/tag.ts';

interface OneParams {
  readonly VpcPeeringConnectionId?: string;
}

/** EC2's words for each state (VPC peering guide, lifecycle). */
function messageOf(state: State, { state: status }: Peering): string {
  switch (status) {
    case 'pending-acceptance':
      return `Pending Acceptance by ${state.account}`;
    case 'active':
      return 'Active';
    case 'failed':
      return 'Failed due to incorrect VPC-ID, Account ID, or overlapping CIDR range';
    case 'deleted':
      return `Deleted by ${state.account}`;
  }
}

function vpcView(state: State, vpcId: string): object {
  const vpc = state.network.vpcs.get(vpcId);
  return {
    VpcId: vpcId,
    OwnerId: state.account,
    Region: state.region,
    CidrBlock: vpc?.cidr,
    CidrBlockSet: [{ CidrBlock: vpc?.cidr }],
    Ipv6CidrBlockSet: [{ Ipv6CidrBlock: vpc?.ipv6Cidr }],
    PeeringOptions: {
      AllowDnsResolutionFromRemoteVpc: false,
      AllowEgressFromLocalClassicLinkToRemoteVpc: false,
      AllowEgressFromLocalVpcToRemoteClassicLink: false,
    },
  };
}

const view = (state: State, one: Peering): object => ({
  VpcPeeringConnectionId: one.id,
  RequesterVpcInfo: vpcView(state, one.requesterVpcId),
  AccepterVpcInfo: vpcView(state, one.accepterVpcId),
  Status: { Code: one.state, Message: messageOf(state, one) },
  Tags: tagList(state, one.id),
});

/** EC2 DescribeVpcPeeringConnections. */
export function describeVpcPeeringConnections(
  state: State,
  params: {
    readonly Filters?: readonly Filter[];
    readonly NextToken?: string;
    readonly MaxResults?: number;
    readonly VpcPeeringConnectionIds?: readonly string[];
  },
): object {
  const { peerings, vpcs } = state.network;
  const some = named(
    peerings,
    params.VpcPeeringConnectionIds,
    'InvalidVpcPeeringConnectionID.NotFound',
    (id) => `The vpcPeeringConnection ID '${id}' does not exist`,
  );
  const found = filtered<Peering>(state, some, params.Filters, (one) => one.id, {
    'vpc-peering-connection-id': (one) => [one.id],
    'status-code': (one) => [one.state],
    'status-message': (one) => [messageOf(state, one)],
    'requester-vpc-info.vpc-id': (one) => [one.requesterVpcId],
    'requester-vpc-info.cidr-block': (one) => [vpcs.get(one.requesterVpcId)?.cidr],
    'requester-vpc-info.owner-id': () => [state.account],
    'accepter-vpc-info.vpc-id': (one) => [one.accepterVpcId],
    'accepter-vpc-info.cidr-block': (one) => [vpcs.get(one.accepterVpcId)?.cidr],
    'accepter-vpc-info.owner-id': () => [state.account],
  });
  const { page, ...next } = tokenPage(state, found, params);
  return { VpcPeeringConnections: page.map((one) => view(state, one)), ...next };
}

function overlaps(one: string, other: string): boolean {
  const [a, b] = [ipv4Block(one), ipv4Block(other)];
  return (
    a !== undefined && b !== undefined && a.first < b.first + b.size && b.first < a.first + a.size
  );
}

/**
 * EC2 CreateVpcPeeringConnection, between VPCs of this account: `failed` from the start where the
 * ranges overlap. InvalidVpcID.NotFound, VpcPeeringConnectionAlreadyExists.
 */
export function createVpcPeeringConnection(
  state: State,
  params: {
    readonly VpcId?: string;
    readonly PeerVpcId?: string;
    readonly TagSpecifications?: readonly { readonly Tags?: readonly Tag[] }[];
  },
): object {
  const { network } = state;
  const requesterVpcId = required(params.VpcId, 'vpcId', 'ec2');
  const accepterVpcId = required(params.PeerVpcId, 'peerVpcId', 'ec2');
  const vpc = network.vpcs.get(requesterVpcId);
  if (!vpc) {
    throw new AwsError('InvalidVpcID.NotFound', `The vpc ID '${requesterVpcId}' does not exist`);
  }
  if (network.peeringBetween(requesterVpcId, accepterVpcId)) {
    throw new AwsError(
      'VpcPeeringConnectionAlreadyExists',
      'A VPC peering connection between the VPCs already exists',
    );
  }
  const peer = network.vpcs.get(accepterVpcId);
  const one: Peering = {
    id: state.ids.ec2('pcx'),
    requesterVpcId,
    accepterVpcId,
    state: !peer || overlaps(vpc.cidr, peer.cidr) ? 'failed' : 'pending-acceptance',
  };
  network.peerings.set(one.id, one);
  const tags = params.TagSpecifications?.flatMap(({ Tags = [] }) => Tags);
  putTags(state, one.id, tags);
  return { VpcPeeringConnection: view(state, one) };
}

function peeringOf(state: State, params: OneParams): Peering {
  const id = required(params.VpcPeeringConnectionId, 'vpcPeeringConnectionId', 'ec2');
  const found = state.network.peerings.get(id);
  if (found) return found;
  throw new AwsError(
    'InvalidVpcPeeringConnectionID.NotFound',
    `The vpcPeeringConnection ID '${id}' does not exist`,
  );
}

function move(one: Peering, from: readonly Peering['state'][], to: Peering['state']): void {
  if (!from.includes(one.state)) {
    throw new AwsError(
      'InvalidStateTransition',
      `Invalid state transition for ${one.id}, attempted to transition from ${one.state} to ${to}`,
    );
  }
  one.state = to;
}

/** EC2 AcceptVpcPeeringConnection: routes lead over it from then on. InvalidStateTransition. */
export function acceptVpcPeeringConnection(state: State, params: OneParams): object {
  const one = peeringOf(state, params);
  move(one, ['pending-acceptance', 'active'], 'active');
  return { VpcPeeringConnection: view(state, one) };
}

/**
 * EC2 DeleteVpcPeeringConnection: it stays listed as deleted, and rules that name a group of the
 * other VPC stay and let nothing through. InvalidStateTransition for one that is deleted or failed.
 */
export function deleteVpcPeeringConnection(state: State, params: OneParams): object {
  move(peeringOf(state, params), ['pending-acceptance', 'active'], 'deleted');
  return { Return: true };
}
