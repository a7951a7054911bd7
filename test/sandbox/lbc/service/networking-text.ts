import type { LbcWorld } from '../lbc-world.ts';

interface Rule {
  readonly from: readonly {
    readonly securityGroup?: { readonly groupID: string };
    readonly ipBlock?: { readonly cidr: string };
  }[];
  readonly ports: readonly { readonly protocol: string; readonly port?: number | string }[];
}

/** The public subnets of the practice VPC, where an internet-facing load balancer has its nodes. */
const PUBLIC = '10.0.0.0/20 10.0.16.0/20 10.0.32.0/20';
const PRIVATE = '10.0.64.0/19 10.0.96.0/19 10.0.128.0/19';

/**
 * The spec.networking of the only binding, a rule each: `backend: UDP 53, TCP 53`. Groups are named
 * by what they are, the load balancer's subnets `subnets`; undefined where the field is absent.
 */
export function networkingOf(world: LbcWorld): string[] | undefined {
  return world.binding()['spec'].networking?.ingress.map((rule: Rule) => ruleText(world, rule));
}

function ruleText(world: LbcWorld, { from, ports }: Rule): string {
  const peers = from
    .map(({ securityGroup, ipBlock }) =>
      securityGroup ? groupName(world, securityGroup.groupID) : ipBlock!.cidr,
    )
    .join(' ')
    .replace(PUBLIC, 'subnets')
    .replace(PRIVATE, 'private subnets');
  return `${peers}: ${ports.map(({ protocol, port = '*' }) => `${protocol} ${port}`).join(', ')}`;
}

function groupName(world: LbcWorld, id: string): string {
  const { SecurityGroups } = world.aws.call(
    'ec2.DescribeSecurityGroups',
    { GroupIds: [id] },
    'test',
  );
  const { Description } = SecurityGroups[0];
  return Description.includes('Backend') ? 'backend' : 'frontend';
}
