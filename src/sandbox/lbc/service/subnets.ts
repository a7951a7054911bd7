import type { ControllerApi } from '../process/controller-api.ts';
import { BuildError } from '../process/errors.ts';
import type { Scheme } from './model-terms.ts';

/** A subnet as EC2 describes it. */
export interface Subnet {
  readonly SubnetId: string;
  readonly AvailabilityZone: string;
  readonly CidrBlock: string;
  readonly Ipv6CidrBlockAssociationSet?: readonly { readonly Ipv6CidrBlock: string }[];
  readonly Tags?: readonly { readonly Key: string; readonly Value: string }[];
}

/**
 * The subnets of the load balancer, sorted by zone: those named by id or Name tag, else discovered
 * by role tag, one per zone (pkg/networking/subnet_resolver.go). A subnet tagged for other clusters
 * only is left aside; of several in a zone the one tagged for this cluster wins, then the least id.
 */
export function resolveSubnets(
  api: ControllerApi,
  o: {
    readonly vpcId: string;
    readonly clusterName: string;
    readonly scheme: Scheme;
    readonly wanted?: readonly string[] | undefined;
  },
): readonly Subnet[] {
  if (o.wanted && o.wanted.length > 0) return byZone(named(api, o.vpcId, o.wanted));
  const role = o.scheme === 'internal' ? 'internal-elb' : 'elb';
  const own = `kubernetes.io/cluster/${o.clusterName}`;
  const candidates = describe(api, o.vpcId, {
    Name: `tag:kubernetes.io/role/${role}`,
    Values: ['', '1'],
  }).filter(({ Tags = [] }) => {
    const clusters = Tags.filter(({ Key }) => Key.startsWith('kubernetes.io/cluster/'));
    return clusters.length === 0 || clusters.some(({ Key }) => Key === own);
  });
  const chosen = new Map<string, Subnet>();
  const rank = (subnet: Subnet): string =>
    `${subnet.Tags?.some(({ Key }) => Key === own) ? 0 : 1}${subnet.SubnetId}`;
  for (const subnet of candidates) {
    const rival = chosen.get(subnet.AvailabilityZone);
    if (!rival || rank(subnet) < rank(rival)) chosen.set(subnet.AvailabilityZone, subnet);
  }
  if (chosen.size === 0) {
    throw new BuildError(
      `unable to resolve at least one subnet (0 match VPC and tags: [kubernetes.io/role/${role}])`,
    );
  }
  return byZone([...chosen.values()]);
}

function named(api: ControllerApi, vpcId: string, wanted: readonly string[]): Subnet[] {
  const ids = wanted.filter((name) => name.startsWith('subnet-'));
  const names = wanted.filter((name) => !name.startsWith('subnet-'));
  const found = [
    ...(ids.length > 0
      ? api.pages<Subnet>('ec2.DescribeSubnets', { SubnetIds: ids }, 'Subnets')
      : []),
    ...(names.length > 0 ? describe(api, vpcId, { Name: 'tag:Name', Values: names }) : []),
  ];
  if (found.length !== wanted.length) {
    throw new BuildError(
      `couldn't find all subnets, nameOrIDs: [${wanted.join(' ')}], found: ${found.length}`,
    );
  }
  return found;
}

function describe(
  api: ControllerApi,
  vpcId: string,
  filter: { readonly Name: string; readonly Values: readonly string[] },
): Subnet[] {
  const Filters = [filter, { Name: 'vpc-id', Values: [vpcId] }];
  return api.pages<Subnet>('ec2.DescribeSubnets', { Filters }, 'Subnets');
}

function byZone(subnets: Subnet[]): Subnet[] {
  return subnets.toSorted((a, b) => (a.AvailabilityZone < b.AvailabilityZone ? -1 : 1));
}
