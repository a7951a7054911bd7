import { aboutMember, bindingProblems, capacityProblems } from './binding-problems.ts';
import { closedGroupProblems } from './closed-groups.ts';
import { registrationDenied } from '../observed/denied-registration.ts';
import { endpointFindings, isServing } from './endpoint-findings.ts';
import { goneFinding } from './gone-finding.ts';
import { type Finding, findingKey, problemsOf } from './finding.ts';
import { isRegistered, unreadOf } from '../observed/member.ts';
import { rolloutProblems } from './deployment-rollout.ts';
import { servingProblems } from './serving.ts';
import type { Part, PortCase } from '../observed/port-case.ts';
import { sameName, serviceOf } from '../model/kubernetes.ts';
import type { Problem } from '../model/problem.ts';
import { ownAddresses } from '../observed/strays.ts';
import type { RegisteredTarget } from '../model/target.ts';
import type { MemberVerdict } from '../plan/verdict.ts';

/** Problems that pass by themselves: a member with nothing else is converging. */
const passing = new Set<Problem['code']>(['target-converging', 'rollout-in-progress']);

function stateOf(problems: readonly Problem[]): MemberVerdict['state'] {
  if (problems.some(({ unread }) => unread)) return 'unknown';
  if (problems.length === 0) return 'ready';
  // Too few healthy targets is the consequence of some that are still on their way in.
  const serious = problems.some(({ code }) => !passing.has(code) && code !== 'below-minimum');
  const moving = problems.some(({ code }) => passing.has(code));
  return moving && !serious ? 'converging' : 'degraded';
}

/** Whether all sets of a row are known: what was not read must not look like an empty set. */
export const areSetsRead = ({ member: { eligible, tracked, registered } }: Part): boolean =>
  eligible.ok && tracked.ok && registered.ok;

/** What is wrong with single targets of a row; nothing is said while a set is unknown. */
export function findingsOf(part: Part, context: PortCase): readonly Finding[] {
  if (!areSetsRead(part)) return [];
  const findings: Finding[] = [];
  // Nearly all of thousands are serving: nothing is made for them.
  part.eligible.forEach((endpoint, key) => {
    if (!isServing(key, part, context)) findings.push(...endpointFindings(endpoint, part, context));
  });
  part.tracked.forEach((key) => {
    const gone = part.eligible.has(key) ? undefined : goneFinding(key, part, context);
    if (gone) findings.push(gone);
  });
  return findings;
}

/** Whether the cluster has a binding of another Service on the same target group. */
const besideAnother = ({ member }: Part, { parts }: PortCase): boolean =>
  parts.some(
    (other) =>
      other.member.cluster === member.cluster &&
      !sameName(serviceOf(other.member.binding), serviceOf(member.binding)),
  );

/**
 * One row: four sets compared for a cluster on a port, each of them read or the row is unknown.
 * Findings whose key is in `without` are left out: `repair` repairs them.
 */
export function memberVerdict(
  part: Part,
  role: MemberVerdict['role'],
  context: PortCase,
  without: ReadonlySet<string>,
): MemberVerdict {
  const { member, tracked, eligible } = part;
  const { cluster, binding } = member;
  const mine: RegisteredTarget[] = [];
  const draining: RegisteredTarget[] = [];
  // A pod that ends is untracked before it is drained: its address still tells whose it was.
  let past: ReadonlySet<string> | undefined;
  context.registered.forEach((found, key) => {
    const own = eligible.has(key) || tracked.has(key);
    if (isRegistered(found)) {
      if (own) mine.push(found);
    } else if (own || (past ??= ownAddresses(member)).has(key)) draining.push(found);
  });
  const sets = areSetsRead(part);
  const healthy = sets ? mine.filter(({ state }) => state === 'healthy').length : null;
  const about = aboutMember(member);
  const findings = findingsOf(part, context).filter(
    (finding) => !without.has(findingKey(part, finding)),
  );
  const problems: readonly Problem[] = [
    ...unreadOf([member.service, member.eligible, member.tracked], cluster.context),
    ...unreadOf([member.registered]),
    ...[registrationDenied(member)].filter((found) => found !== undefined),
    ...bindingProblems(part, context),
    ...servingProblems(part, context),
    ...closedGroupProblems(part, context),
    ...(context.intent.rollout ? rolloutProblems(cluster, context) : []),
    ...problemsOf(findings, { where: ` of ${cluster.context}`, about }),
    ...capacityProblems(member, healthy ?? undefined, context),
  ];
  return {
    cluster: cluster.context,
    role,
    service: serviceOf(binding),
    ...(besideAnother(part, context) ? { beside: true } : {}),
    binding: { namespace: binding.namespace, name: binding.name },
    multiCluster: binding.multiCluster,
    eligible: member.eligible.ok ? eligible.size : null,
    tracked: member.tracked.ok ? tracked.size : null,
    registered: sets ? mine.length : null,
    healthy,
    draining: sets ? draining.length : null,
    state: stateOf(problems),
    problems,
  };
}
