import { parseArn } from '../model/arn.ts';
import type { Phase } from '../model/handover.ts';
import { madeGroupName } from '../model/made-name.ts';
import { ownerInTags } from '../observed/owner-tags.ts';
import { valueOf } from '../model/problem.ts';
import { portOf } from '../model/service-ports.ts';
import { bindingsOf } from '../observed/enrollment.ts';
import type { HandoverStep } from '../plan/handover-step.ts';
import type { HandoverCase, Side } from './handover-case.ts';

interface Placeholder {
  readonly name: string;
  /** Another protocol than the real group's: AWS refuses to make that one under this name. */
  readonly protocol: string;
  readonly port: number;
  readonly targetType: string;
  readonly vpcId: string;
}

/** What a controller that does not see the tags would make, and so the names that are to be taken. */
function placeholdersOf(subject: HandoverCase, side: Side): readonly Placeholder[] {
  const { observed, enrollment, from, to } = subject;
  const service = side.found;
  if (!service) return [];
  return enrollment.arns.flatMap((arn): readonly Placeholder[] => {
    const reading = observed.targetGroups[arn];
    const group = reading && valueOf(reading);
    const [bound] = [to, from].flatMap((one) => (one ? bindingsOf(one.cluster, arn) : []));
    const port = bound && portOf(service, bound.servicePort);
    if (!group?.vpcId || !port) return [];
    const groupPort =
      group.targetType === 'instance'
        ? port.nodePort
        : typeof port.targetPort === 'number'
          ? port.targetPort
          : 1;
    // Without a node port the name is not known yet.
    if (groupPort === undefined) return [];
    const name = madeGroupName({
      service: side.service,
      uid: service.uid,
      clusterName: side.clusterName,
      groupPort,
      servicePort: port.port,
      targetType: group.targetType,
      protocol: group.protocol,
      healthCheck: group.healthCheck,
    });
    // The group that is handed over may have that name itself: its owner made it once.
    if (name === group.name) return [];
    return [
      {
        name,
        protocol: group.protocol === 'UDP' ? 'TCP' : 'UDP',
        port: port.port,
        targetType: group.targetType,
        vpcId: group.vpcId,
      },
    ];
  });
}

/**
 * Before adoption, the name of each target group is taken that the controller would make if it did not see
 * the tags: it makes groups before load balancers, and stops there (DuplicateTargetGroupName).
 */
export function placeholderSteps(subject: HandoverCase): readonly HandoverStep[] {
  const { to, facts, loadBalancer } = subject;
  if (!to) return [];
  const there = new Set((valueOf(facts.tagged) ?? []).map(({ name }) => name));
  return placeholdersOf(subject, to)
    .filter(({ name }) => !there.has(name))
    .map((one) => ({
      kind: 'create-placeholder',
      phase: 'adopt',
      region: parseArn(loadBalancer.arn)?.region ?? '',
      ...one,
    }));
}

/** Placeholders that are there: no tag of an owner, and no load balancer that forwards to them. */
export function placeholdersGone(subject: HandoverCase, phase: Phase): readonly HandoverStep[] {
  const { to, from, facts } = subject;
  const sides = [to, from].filter((side) => side !== undefined);
  const names = new Set(
    sides.flatMap((side) => placeholdersOf(subject, side).map(({ name }) => name)),
  );
  return (valueOf(facts.tagged) ?? [])
    .filter(
      ({ kind, name, tags, loadBalancerArns }) =>
        kind === 'target-group' &&
        names.has(name) &&
        ownerInTags(tags) === undefined &&
        loadBalancerArns.length === 0,
    )
    .map(({ arn, name }) => ({
      kind: 'delete-target-group',
      phase,
      arn,
      name,
    }));
}
