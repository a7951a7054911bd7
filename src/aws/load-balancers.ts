import { whoAmI } from './problem.ts';
import type {
  Listener as AwsListener,
  LoadBalancer as AwsLoadBalancer,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { parseArn } from '../core/model/arn.ts';
import type { Listener, LoadBalancer } from '../core/model/aws.ts';
import type { Problem, Reading } from '../core/model/problem.ts';
import { known, unknown } from '../core/model/problem.ts';
import type { AwsClient } from './connect.ts';
import { allPages, listIn, mapOf } from './fields.ts';
import { notAnArn } from './problem.ts';
import { readTags } from './tags.ts';
import { readSecurityGroups } from './security-groups.ts';
import { readSubnetRanges } from './subnets.ts';
import { regionalBatches, regionOf } from './target-health.ts';

/** What AWS says of a load balancer itself. */
export type BalancerDescription = Omit<LoadBalancer, 'attributes'>;

/** ARNs in one call (API reference of DescribeLoadBalancers). */
const arnsPerCall = 20;

/**
 * A load balancer with its attributes; with its listeners and security groups where asked. What it
 * has beside the description is a Reading of its own: attributes may be denied where the rest is
 * not.
 */
export async function readLoadBalancer(
  aws: AwsClient,
  arn: string,
  o: {
    readonly listeners?: boolean;
    readonly securityGroups?: boolean;
    readonly tags?: boolean;
    /** Address ranges of its subnets, where it has no security group. */
    readonly subnets?: boolean;
    /** Its description, where it was read with others. */
    readonly described?: Reading<BalancerDescription>;
  } = {},
): Promise<Reading<LoadBalancer>> {
  if (!parseArn(arn)) return unknown(notAnArn(arn, 'load balancer'));
  const region = regionOf(arn);
  const [read, attributes, listeners, tags] = await Promise.all([
    o.described ?? describeOne(aws, arn),
    readAttributes(aws, arn),
    o.listeners ? readListeners(aws, arn) : undefined,
    o.tags ? readTags(aws, arn) : undefined,
  ]);
  if (!read.ok) return read;
  const described = read.value;
  const securityGroups = o.securityGroups
    ? await readSecurityGroups(aws, region, described.securityGroupIds)
    : undefined;
  const subnetRanges =
    o.subnets && described.securityGroupIds.length === 0
      ? await readSubnetRanges(aws, region, described.subnetIds)
      : undefined;
  return known({
    ...described,
    attributes,
    ...(listeners && { listeners }),
    ...(tags && { tags }),
    ...(securityGroups && { securityGroups }),
    ...(subnetRanges && { subnetRanges }),
  });
}

/**
 * Descriptions of load balancers by ARN, 20 in a request, which is AWS's limit. An ARN that cannot be
 * read has a Problem of its own and spoils no other.
 */
export async function describeLoadBalancers(
  aws: AwsClient,
  arns: readonly string[],
): Promise<ReadonlyMap<string, Reading<BalancerDescription>>> {
  const batches = regionalBatches(arns, arnsPerCall);
  const read = await Promise.all(batches.map((batch) => describeBatch(aws, batch)));
  return new Map(read.flat());
}

async function describeOne(aws: AwsClient, arn: string): Promise<Reading<BalancerDescription>> {
  const [[, read] = []] = await describeBatch(aws, [arn]);
  return read ?? unknown(absent(arn));
}

/** AWS refuses a whole batch for one bad ARN: then each is asked about by itself. */
async function describeBatch(
  aws: AwsClient,
  arns: readonly string[],
): Promise<readonly (readonly [string, Reading<BalancerDescription>])[]> {
  const [first = ''] = arns;
  const about = {
    action: 'DescribeLoadBalancers',
    region: regionOf(first),
    about: arns.length === 1 ? first : `${arns.length} load balancers`,
  };
  const answer = await aws.elbv2(about, (client, sdk, o) =>
    client.send(new sdk.DescribeLoadBalancersCommand({ LoadBalancerArns: [...arns] }), o),
  );
  const found = listIn(answer, (output) => output.LoadBalancers, about);
  const oneIsBad =
    !found.ok && ['aws-not-found', 'aws-denied', 'aws-error'].includes(found.problem.code);
  if (oneIsBad && arns.length > 1)
    return (await Promise.all(arns.map((arn) => describeBatch(aws, [arn])))).flat();
  return arns.map((arn) => {
    if (!found.ok) return [arn, found] as const;
    const one = found.value.find((balancer) => balancer.LoadBalancerArn === arn);
    return [arn, one ? known(descriptionOf(one)) : unknown(absent(arn))] as const;
  });
}

// Not a fact: AWS answers LoadBalancerNotFound for an ARN that it does not have (API reference of
// DescribeLoadBalancers), and a load balancer that is gone is in no target group. What names one
// that is not there contradicts itself.
const absent = (arn: string): Problem => ({
  code: 'aws-not-found',
  message: `AWS in ${regionOf(arn)} does not know the load balancer ${arn}.`,
  hints: [whoAmI()],
});

async function readAttributes(
  aws: AwsClient,
  arn: string,
): Promise<Reading<Readonly<Record<string, string>>>> {
  const about = { action: 'DescribeLoadBalancerAttributes', region: regionOf(arn), about: arn };
  const answer = await aws.elbv2(about, (client, sdk, o) =>
    client.send(new sdk.DescribeLoadBalancerAttributesCommand({ LoadBalancerArn: arn }), o),
  );
  const list = listIn(answer, (output) => output.Attributes, about);
  return list.ok ? known(mapOf(list.value)) : list;
}

async function readListeners(aws: AwsClient, arn: string): Promise<Reading<readonly Listener[]>> {
  const about = { action: 'DescribeListeners', region: regionOf(arn), about: arn };
  const read = await allPages<AwsListener>(async (Marker) => {
    const answer = await aws.elbv2(about, (client, sdk, o) =>
      client.send(
        new sdk.DescribeListenersCommand({ LoadBalancerArn: arn, ...(Marker && { Marker }) }),
        o,
      ),
    );
    const list = listIn(answer, (output) => output.Listeners, about);
    if (!list.ok) return list;
    return known({ items: list.value, next: answer.ok ? answer.value.NextMarker : undefined });
  });
  if (!read.ok) return read;
  return known(
    read.value.map((listener) => ({
      ...(listener.ListenerArn && { arn: listener.ListenerArn }),
      port: listener.Port ?? 0,
      protocol: listener.Protocol ?? '',
      targetGroupArns: targetGroupsOf(listener.DefaultActions ?? []),
      ...idleGroupsOf(listener.DefaultActions ?? []),
      ...(listener.SslPolicy && { sslPolicy: listener.SslPolicy }),
    })),
  );
}

type Actions = NonNullable<AwsListener['DefaultActions']>;

/** Weight 0 means no connections (API reference of TargetGroupTuple); that of all of them is not described. */
function idleGroupsOf(actions: Actions): Pick<Listener, 'idleGroupArns'> {
  const groups = actions.flatMap((action) => action.ForwardConfig?.TargetGroups ?? []);
  if (!groups.some(({ Weight }) => (Weight ?? 1) > 0)) return {};
  const idle = groups.flatMap(({ Weight, TargetGroupArn }) =>
    Weight === 0 ? (TargetGroupArn ?? []) : [],
  );
  return idle.length > 0 ? { idleGroupArns: idle } : {};
}

/** A forward names one target group by itself, or several with weights. */
function targetGroupsOf(actions: Actions): readonly string[] {
  const arns = actions.flatMap((action) => [
    action.TargetGroupArn,
    ...(action.ForwardConfig?.TargetGroups ?? []).map((group) => group.TargetGroupArn),
  ]);
  return [...new Set(arns.filter((arn) => arn !== undefined))];
}

function descriptionOf(one: AwsLoadBalancer): BalancerDescription {
  return {
    arn: one.LoadBalancerArn ?? '',
    name: one.LoadBalancerName ?? '',
    dnsName: one.DNSName ?? '',
    type: one.Type ?? '',
    scheme: one.Scheme ?? '',
    state: one.State?.Code ?? '',
    zones: (one.AvailabilityZones ?? []).map((zone) => zone.ZoneName ?? '').sort(),
    subnetIds: (one.AvailabilityZones ?? []).flatMap(({ SubnetId }) => SubnetId ?? []),
    securityGroupIds: one.SecurityGroups ?? [],
    ...(one.VpcId && { vpcId: one.VpcId }),
    ...(one.IpAddressType && { addressType: one.IpAddressType }),
  };
}
