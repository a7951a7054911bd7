import { filtered, named, type Filter } from './filters.ts';
import type { Vpc } from '../state/network-things.ts';
import { tokenPage } from '../state/pages.ts';
import type { State } from '../state/state.ts';

interface ListParams {
  readonly Filters?: readonly Filter[];
  readonly NextToken?: string;
  readonly MaxResults?: number;
}

/**
 * EC2 DescribeRouteTables: a table per VPC for the public subnets, a table for the private ones. Both
 * lead to the VPCs that it has an active peering with.
 */
export function describeRouteTables(
  state: State,
  params: ListParams & { readonly RouteTableIds?: readonly string[] },
): object {
  const tables = new Map(
    [...state.network.vpcs.values()].flatMap((vpc) =>
      [true, false].map((isPublic) => {
        const id = `rtb-${vpc.id.slice(5, 21)}${isPublic ? 1 : 2}`;
        const subnets = [...state.network.subnets.values()].filter(
          (one) => one.vpcId === vpc.id && one.isPublic === isPublic,
        );
        return [id, { id, vpc, isPublic, subnets }] as const;
      }),
    ),
  );
  const some = named(
    tables,
    params.RouteTableIds,
    'InvalidRouteTableID.NotFound',
    (id) => `The routeTable ID '${id}' does not exist`,
  );
  const found = filtered(state, some, params.Filters, (table) => table.id, {
    'route-table-id': (table) => [table.id],
    'vpc-id': (table) => [table.vpc.id],
    'association.subnet-id': (table) => table.subnets.map((one) => one.id),
    'association.main': (table) => [String(!table.isPublic)],
  });
  const { page, ...next } = tokenPage(state, found, params);
  return {
    RouteTables: page.map(({ id, vpc, isPublic, subnets }) => ({
      RouteTableId: id,
      VpcId: vpc.id,
      OwnerId: state.account,
      Associations: [
        ...(isPublic
          ? []
          : [
              {
                Main: true,
                RouteTableAssociationId: id.replace('rtb-', 'rtbassoc-'),
                RouteTableId: id,
              },
            ]),
        ...subnets.map((one) => ({
          Main: false,
          RouteTableAssociationId: one.id.replace('subnet-', 'rtbassoc-'),
          RouteTableId: id,
          SubnetId: one.id,
          AssociationState: { State: 'associated' },
        })),
      ],
      Routes: [
        {
          DestinationCidrBlock: vpc.cidr,
          GatewayId: 'local',
          Origin: 'CreateRouteTable',
          State: 'active',
        },
        {
          DestinationCidrBlock: '0.0.0.0/0',
          ...(isPublic
            ? { GatewayId: vpc.id.replace('vpc-', 'igw-') }
            : { NatGatewayId: vpc.id.replace('vpc-', 'nat-') }),
          Origin: 'CreateRoute',
          State: 'active',
        },
        ...peerRoutes(state, vpc),
      ],
      Tags: [],
    })),
    ...next,
  };
}

function peerRoutes({ network }: State, vpc: Vpc): object[] {
  return [...network.vpcs.values()].flatMap((other) => {
    const peering = network.peeringBetween(vpc.id, other.id);
    if (!peering) return [];
    const route = { VpcPeeringConnectionId: peering.id, Origin: 'CreateRoute', State: 'active' };
    return [
      { DestinationCidrBlock: other.cidr, ...route },
      { DestinationIpv6CidrBlock: other.ipv6Cidr, ...route },
    ];
  });
}
