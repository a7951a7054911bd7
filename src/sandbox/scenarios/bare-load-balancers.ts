import type { AwsAccount } from '../aws/account.ts';
import { AwsError } from '../aws/state/error.ts';
import type { Clusters } from './apply.ts';

const TEAM = 'network-team';

interface Rule {
  readonly SecurityGroupRuleId: string;
  readonly CidrIpv4?: string;
  readonly CidrIpv6?: string;
  readonly Description?: string;
}

/**
 * Keeps the nodes of every cluster open to load balancers that have no security groups, as a team that
 * looks after a VPC does it: such a load balancer is known by the addresses of its interfaces only, so
 * each of these is let in by a rule of its own, which goes when the load balancer goes. Without it, what
 * a person makes by hand with the aws CLI is unhealthy until they open a port. A load balancer with
 * security groups gains nothing by it.
 */
export function admitBareLoadBalancers({ primary, secondaries, aws }: Clusters): void {
  const groups = [primary, ...secondaries].map(({ kube, vpcId }) =>
    aws.network.nodeGroupOf(kube.name, vpcId),
  );
  aws.onTraffic(({ kind }) => {
    if (kind !== 'listeners') return;
    const wanted = bareAddresses(aws);
    for (const groupId of groups) {
      try {
        matchRules(aws, groupId, wanted);
      } catch (error) {
        // Of a group that is full or gone: not a fault of the person's call.
        if (!(error instanceof AwsError)) throw error;
      }
    }
  });
}

function matchRules(aws: AwsAccount, GroupId: string, wanted: readonly string[]): void {
  const { SecurityGroupRules } = aws.perform(
    'ec2.DescribeSecurityGroupRules',
    { Filters: [{ Name: 'group-id', Values: [GroupId] }] },
    TEAM,
  ) as { readonly SecurityGroupRules: readonly Rule[] };
  const own = SecurityGroupRules.filter(({ Description }) => Description === TEAM);
  const gone = own.filter((rule) => !wanted.includes(blockOf(rule)));
  const missing = wanted.filter((block) => !own.some((rule) => blockOf(rule) === block));
  if (gone.length > 0) {
    const SecurityGroupRuleIds = gone.map((rule) => rule.SecurityGroupRuleId);
    aws.call('ec2.RevokeSecurityGroupIngress', { GroupId, SecurityGroupRuleIds }, TEAM);
  }
  if (missing.length > 0) {
    const [v6, v4] = [true, false].map((is) => missing.filter((one) => one.includes(':') === is));
    const IpRanges = v4?.map((CidrIp) => ({ CidrIp, Description: TEAM }));
    const Ipv6Ranges = v6?.map((CidrIpv6) => ({ CidrIpv6, Description: TEAM }));
    const IpPermissions = [{ IpProtocol: '-1', IpRanges, Ipv6Ranges }];
    aws.call('ec2.AuthorizeSecurityGroupIngress', { GroupId, IpPermissions }, TEAM);
  }
}

const blockOf = ({ CidrIpv4, CidrIpv6 = '' }: Rule): string => CidrIpv4 ?? CidrIpv6;

/** The addresses of the nodes of all load balancers without security groups, as blocks of one. */
const bareAddresses = ({ balancers }: AwsAccount): string[] =>
  balancers
    .filter(({ hasGroups }) => !hasGroups)
    .flatMap(({ nodes }) => nodes)
    .flatMap(({ address, ipv6 }) => [`${address}/32`, ...(ipv6 ? [`${ipv6}/128`] : [])]);
