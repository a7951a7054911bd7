import { rangesOverlap } from '../model/cidr.ts';
import { flavourToMake } from '../model/flavours.ts';
import { advice, awsHint } from '../model/hint.ts';
import { targetText } from '../model/target-key.ts';
import { count, listed } from '../model/words.ts';
import { isInRanges } from '../observed/group-rules.ts';
import { check, type Check, skipped, skippedUnread, type Wrong } from '../plan/check.ts';
import { groupVpc, isElsewhere, vpcOf } from './endpoint-vpc.ts';
import { aboutLocal, type JoinCase } from './join-port.ts';

/** Endpoints in another VPC than their target group, and the VPCs that they are in. */
function elsewhere(subject: JoinCase) {
  // Interfaces are read only where the VPCs may differ.
  if (!subject.observed.path) return { targets: [], vpcs: [] };
  const targets = subject.ports
    .flatMap(({ eligible }) => (eligible.ok ? eligible.value : []))
    .map(({ target }) => target)
    .filter((target) => isElsewhere(subject, target));
  return {
    targets,
    vpcs: [...new Set(targets.flatMap((target) => vpcOf(subject, target) ?? []))],
  };
}

/** Addresses that may be targets outside the VPC (Network Load Balancer guide, "Target type": RFC 1918, RFC 6598). */
const privateRanges = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'];

const registrable = check<JoinCase>('vpc-unsupported', 'blocker', (subject) => {
  const { joining, ports } = subject;
  const { targets, vpcs } = elsewhere(subject);
  const [arn] = ports.map((port) => port.arn);
  if (targets.length === 0) return undefined;
  const where = `${joining.context} is in ${listed(vpcs)}, and the target group is in ${groupVpc(subject)}`;
  const hints = [
    advice('Make a target group with targets of type ip for this cluster, or run it in that VPC.'),
  ];
  if (ports.some(({ targetType }) => targetType === 'instance')) {
    // Network Load Balancer guide, "Register targets": instances of a peered VPC only by address.
    return {
      message: `${where}: AWS does not register an instance of another VPC by its id.`,
      about: aboutLocal(subject),
      hints,
    };
  }
  if (flavourToMake(joining.servedFlavours) === 'auto-mode') {
    return {
      message: `${where}: EKS Auto Mode requires that all clusters are in the same VPC.`,
      about: aboutLocal(subject),
      hints: [advice('Run the cluster in that VPC.')],
    };
  }
  const open = targets.filter(({ id }) => !id.includes(':') && !isInRanges(id, privateRanges));
  if (open.length === 0) return undefined;
  return {
    message: `${where}: outside its own VPC a target group takes only addresses in ${listed(privateRanges)}, and ${count(open.length, 'endpoint')} ${open.length === 1 ? 'has' : 'have'} another one.`,
    about: aboutLocal(subject),
    hints: [awsHint(['ec2', 'describe-vpcs', '--vpc-ids', ...vpcs], arn)],
    details: open.map(targetText),
  };
});

/**
 * The controller sets zone `all` for an address outside the ranges of the target group's VPC
 * (`pkg/targetgroupbinding/resource_manager.go`, generateOverrideAzFn). One inside them counts as of
 * that VPC, where it is not: AWS refuses it, or sends traffic to something else.
 */
const apart = check<JoinCase>('vpc-overlap', 'blocker', (subject) => {
  const { observed, joining, ports } = subject;
  const { vpcs } = elsewhere(subject);
  const here = groupVpc(subject);
  const between = observed.path?.between;
  if (!between || here === undefined || vpcs.length === 0) return undefined;
  const own = between.vpcs[here];
  if (!own) return skipped(`The ranges of ${here} were not read.`);
  if (!own.ok) return skippedUnread(own.problem);
  const wrong: Wrong[] = [];
  for (const id of vpcs) {
    const other = between.vpcs[id];
    if (!other) return skipped(`The ranges of ${id} were not read.`);
    if (!other.ok) return skippedUnread(other.problem);
    const pairs = other.value.ranges.flatMap((range) =>
      own.value.ranges.filter((one) => rangesOverlap(range, one)).map((one) => ({ range, one })),
    );
    if (pairs.length === 0) continue;
    wrong.push({
      message: `The VPC ${id} of ${joining.context} and the VPC ${here} of the target group have addresses in common: ${listed(pairs.map(({ range, one }) => (range === one ? range : `${range} and ${one}`)))}. AWS cannot tell which VPC such a target is in.`,
      about: { ...aboutLocal(subject), request: id },
      hints: [awsHint(['ec2', 'describe-vpcs', '--vpc-ids', here, id], ports[0]?.arn)],
    });
  }
  return wrong;
});

/**
 * A caution, not a refusal: a transit gateway or a virtual private network may connect them, too, and
 * nlbmc reads neither.
 */
const connected = check<JoinCase>('vpc-not-peered', 'caution', (subject) => {
  const { observed, joining, ports } = subject;
  const { vpcs } = elsewhere(subject);
  const here = groupVpc(subject);
  if (here === undefined || vpcs.length === 0) return undefined;
  const peerings = observed.path?.between?.peerings;
  if (!peerings) return skipped('The peering connections were not read.');
  if (!peerings.ok) return skippedUnread(peerings.problem);
  return vpcs.flatMap((id): readonly Wrong[] => {
    const both = peerings.value.filter(
      ({ vpcIds }) => vpcIds.includes(id) && vpcIds.includes(here),
    );
    if (both.some(({ status }) => status === 'active')) return [];
    const pending = both.find(({ status }) => status === 'pending-acceptance');
    const has = both.map((one) => `${one.id} is ${one.status}`);
    const words = pending
      ? ['accept-vpc-peering-connection', '--vpc-peering-connection-id', pending.id]
      : ['create-vpc-peering-connection', '--vpc-id', here, '--peer-vpc-id', id];
    return [
      {
        message: `${joining.context} is in ${id}, and the target group is in ${here}. No active peering connects them${has.length > 0 ? ` (${listed(has)})` : ''}. Unless something else does, such as a transit gateway, the load balancer cannot reach the targets.`,
        about: { ...aboutLocal(subject), request: id },
        hints: [
          awsHint(['ec2', ...words], ports[0]?.arn),
          advice('Both VPCs also need routes to each other.'),
        ],
        grave: true,
      },
    ];
  });
});

/** Whether endpoints in another VPC than their target group can be registered and reached (hazards H12, H14). */
export const otherVpcChecks: readonly Check<JoinCase>[] = [registrable, apart, connected];
