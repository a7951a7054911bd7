import { repairHint, verifyHint } from '../model/nlbmc-hints.ts';
import { disagreements } from './agreement.ts';
import { unseenRollouts } from './deployment-rollout.ts';
import { untestedMembers } from '../checks/auto-mode.ts';
import { notChecked, outdated, unreadEvidence } from '../checks/evidence.ts';
import { withRecordedGroups } from '../observed/recorded.ts';
import { generalDifferences, notJoined, recordedRows } from './recorded-rows.ts';
import { absenceProblems } from '../checks/absence.ts';
import { sameCluster } from '../observed/same-cluster.ts';
import { overListed } from './endpoint-findings.ts';
import { unboundPorts } from '../observed/enrollment.ts';
import { enrollmentOf, primaryIn, roleOf } from '../observed/owner.ts';
import { ownerDocument } from '../observed/owner-document.ts';
import { ownershipFound } from './ownership.ts';
import { severalBalancers } from '../observed/several-balancers.ts';
import { problemsOf } from './finding.ts';
import { absentMember } from './absent-member.ts';
import { nameText } from '../model/kubernetes.ts';
import type { VerifyIntent } from '../model/intent.ts';
import type { ClusterView } from '../model/cluster-view.ts';
import { withRowEvents } from './row-events.ts';
import { readingOf } from '../observed/member.ts';
import { memberVerdict } from './member-verdict.ts';
import type { Observed } from '../observed/observed.ts';
import { overlooked } from '../observed/overlooked.ts';
import { shiftedZones } from './owner-problems.ts';
import { portCase } from '../observed/port-case.ts';
import { listenerProblems } from './listener-problems.ts';
import { eachOnce } from '../model/problem-key.ts';
import { type Problem, valueOf } from '../model/problem.ts';
import { toldIn, withEvents } from '../observed/told-by-controllers.ts';
import { outOfSight, unseenExclusive } from './out-of-sight.ts';
import { staleBindings } from '../observed/stale-bindings.ts';
import { targetNotes } from './target-notes.ts';
import type { MemberState, PortVerdict, Verdict } from '../plan/verdict.ts';

const order: readonly MemberState[] = ['ready', 'recorded', 'converging', 'degraded', 'unknown'];

/** The worst of several states; `unknown` is worse than `degraded`. */
const worst = (states: readonly MemberState[]): MemberState =>
  order[Math.max(0, ...states.map((state) => order.indexOf(state)))] ?? 'unknown';

/** One cluster under two contexts would be counted, and contest its own targets, twice. */
const sameClusters = (clusters: readonly ClusterView[]): readonly Problem[] =>
  clusters.flatMap((cluster, index) =>
    clusters.slice(0, index).flatMap((earlier) => sameCluster(earlier, cluster) ?? []),
  );

/** A port of the primary's Service that has no binding has no row: it must not go unseen. */
const unboundProblems = (observed: Observed, primary: ClusterView): readonly Problem[] =>
  unboundPorts(primary, observed.service).map(({ port }) => ({
    code: 'bindings-missing',
    message: `The controller of ${primary.context} has no binding for port ${port} of Service ${nameText(observed.service)}: it serves nothing there. The controller makes a deleted one again when the Service changes.`,
    hints: [overListed({ observed }, repairHint)],
    about: { cluster: primary.context, service: observed.service, port },
  }));

/** Symptoms come after what may be their cause: what is read first is what to do first. */
const symptoms = new Set<Problem['code']>([
  'endpoint-untracked',
  'endpoint-unregistered',
  'target-unhealthy',
  'target-converging',
  'controller-stalled',
  'no-endpoints',
  'below-minimum',
  'endpoint-gone',
]);
const rank = ({ code, unread }: Problem): number => (unread ? 0 : symptoms.has(code) ? 2 : 1);

/** Nothing to judge: the Service has no bindings in any cluster that was listed, or none is known. */
function nothingFound(observed: Observed): Verdict {
  const missing = observed.recorded ? notJoined(observed, observed.recorded) : [];
  const problems = withEvents(
    observed,
    missing.length > 0 ? missing : absenceProblems(observed, verifyHint),
  );
  const unread = problems.some((problem) => problem.unread);
  return {
    state: unread ? 'unknown' : 'degraded',
    exit: unread ? 8 : 3,
    ports: [],
    problems,
    cautions: [],
    skips: overlooked(observed, problems),
  };
}

/**
 * The one verdict on an enrollment. Green only if every listed cluster was read and has enough
 * healthy targets on every port, every binding is multi-cluster, every eligible endpoint is
 * tracked, registered and healthy, every port of the primary has a binding and a listener, no target
 * is unclaimed, contested or left behind by its endpoint, deletion protection is on, and nothing is
 * about to end that: the Services stay, the flag is on, the controllers keep the feature. A needed
 * fact that could not be read makes it unknown (exit 8), which wins over red (3). From AWS and the
 * ConfigMaps: the controller's own status may be five minutes old. `without` has the keys of
 * findings that are left out, since `repair` repairs them.
 */
export function verdictOf(
  observed: Observed,
  intent: VerifyIntent,
  without: ReadonlySet<string> = new Set(),
): Verdict {
  const { clusters } = observed;
  const found = enrollmentOf(observed);
  if (!found) return nothingFound(observed);
  const enrollment = { ...found, arns: withRecordedGroups(observed, found.arns) };
  const { source, arns } = enrollment;
  const primary = primaryIn(enrollment);
  const judged = arns.map((arn) => {
    const context = portCase(observed, intent, enrollment, arn);
    const group = readingOf(observed.targetGroups, arn, `Target group ${arn}`);
    const [first] = context.parts;
    const naming = context.parts.find(({ member }) => member.cluster === source) ?? first;
    const port = naming?.member.port ?? '?';
    const { notes, findings } = targetNotes(context);
    const verdict: PortVerdict = {
      port,
      targetGroupArn: arn,
      ...(group.ok ? { protocol: group.value.protocol } : {}),
      members: [
        ...recordedRows(context),
        ...clusters.flatMap((cluster) => {
          const role = roleOf(enrollment, cluster);
          const own = context.parts.filter(({ member }) => member.cluster === cluster);
          return own.length > 0
            ? own.map((part) => memberVerdict(part, role, context, without))
            : absentMember(cluster, role, observed, port, enrollment);
        }),
      ],
      notes,
    };
    const about = { port, targetGroup: arn };
    const problems = [
      ...listenerProblems(context, port),
      ...problemsOf(findings, { where: ` on port ${port}`, about }),
    ];
    return { verdict, problems };
  });
  const owned = ownershipFound(observed, enrollment, intent);
  const failed = owned.problems.filter(({ code }) => code === 'reconcile-failed');
  const told = toldIn(observed, failed);
  const ports = withRowEvents(
    observed,
    judged.map(({ verdict }) => verdict),
    told,
  );
  const general: readonly Problem[] = [
    ...sameClusters(clusters),
    // An old document says nothing about now, and what could not be read cannot be compared with it.
    ...outdated(observed).map((problem) => ({ ...problem, unread: true })),
    ...unreadEvidence(observed),
    ...generalDifferences(observed),
    ...(intent.acceptUnread ? [] : outOfSight(observed)),
    ...clusters.flatMap((cluster) => unseenExclusive(observed, cluster)),
    ...severalBalancers(observed, arns, verifyHint),
    ...owned.problems.filter(({ code }) => code !== 'deletion-unprotected'),
    ...(primary ? withEvents(observed, unboundProblems(observed, primary), { told }) : []),
    ...judged.flatMap(({ problems }) => problems),
    ...owned.problems.filter(({ code }) => code === 'deletion-unprotected'),
  ];
  const seen = eachOnce([
    ...ports.flatMap(({ members }) => members.flatMap((member) => member.problems)),
    ...general,
  ]);
  // Green agrees with the commands: what they would refuse or change is not green.
  const more = seen.length > 0 ? [] : disagreements(observed, enrollment, intent);
  const problems = [...seen, ...more].toSorted((a, b) => rank(a) - rank(b));
  const cautions = [
    ...staleBindings(observed),
    ...shiftedZones(observed, arns),
    ...owned.cautions,
    ...untestedMembers(observed),
  ];
  const unread = problems.some((problem) => problem.unread);
  const states = ports
    .flatMap(({ members }) => members.map(({ state }) => state))
    .filter((state) => state !== 'recorded');
  const unchecked = notChecked(observed);
  const partial =
    unchecked.length > 0 || (intent.acceptUnread === true && outOfSight(observed).length > 0);
  const state = unread
    ? 'unknown'
    : worst([...states, general.length + more.length > 0 ? 'degraded' : 'ready']);
  return {
    state,
    ...(partial ? { partial } : {}),
    exit: unread ? 8 : problems.length > 0 ? 3 : 0,
    loadBalancer: {
      name: valueOf(observed.loadBalancer)?.name ?? null,
      owner: ownerDocument(enrollment.owner),
    },
    ports,
    problems,
    cautions,
    skips: [
      ...unchecked,
      ...overlooked(observed, [...problems, ...cautions]),
      ...(intent.rollout ? clusters.flatMap(unseenRollouts) : []),
    ],
  };
}
