import { absenceProblems } from './absence.ts';
import { attributesAnnotation } from './annotations.ts';
import { protectionAttribute, protectsDeletion } from './attributes.ts';
import { sameCluster } from './checks/clusters.ts';
import { nlbmc } from './commands.ts';
import { bindingsOf, enrolledArns, nameText, primaryOf } from './enrollment.ts';
import type { VerifyIntent } from './intent.ts';
import type { ClusterView } from './kubernetes.ts';
import { memberOf, readingOf, unreadOf, type Member } from './member.ts';
import { memberVerdict } from './member-verdict.ts';
import type { Observed } from './observed.ts';
import { overlooked } from './overlooked.ts';
import type { Problem } from './problem.ts';
import { targetNotes } from './target-notes.ts';
import type { MemberState, MemberVerdict, PortVerdict, Verdict } from './verdict.ts';

const order: readonly MemberState[] = ['ready', 'converging', 'degraded', 'unknown'];

/** The worst of several states; `unknown` is worse than `degraded`. */
const worst = (states: readonly MemberState[]): MemberState =>
  order[Math.max(0, ...states.map((state) => order.indexOf(state)))] ?? 'unknown';

/** A listed cluster that has no binding on a target group, or whose bindings are unknown. */
function absent(
  cluster: ClusterView,
  role: MemberVerdict['role'],
  observed: Observed,
  port: number | string,
  primary: string,
): MemberVerdict {
  const row = {
    cluster: cluster.context,
    role,
    eligible: null,
    tracked: null,
    registered: null,
    healthy: null,
    draining: null,
  };
  if (!cluster.bindings.ok) {
    return { ...row, state: 'unknown', problems: unreadOf([cluster.bindings], cluster.context) };
  }
  const sight =
    cluster.bindingsScope === 'cluster' ? '' : ` (only one namespace of it may be read)`;
  return {
    ...row,
    eligible: 0,
    tracked: 0,
    registered: 0,
    healthy: 0,
    draining: 0,
    state: 'degraded',
    problems: [
      {
        code: 'member-missing',
        message: `${cluster.context} has no binding on port ${port} of Service ${nameText(observed.service)}${sight}.`,
        hint: nlbmc('join', observed.service, '--context', cluster.context, '--primary', primary),
        cluster: cluster.context,
      },
    ],
  };
}

/** AWS's attribute and the controller's guard: with the first alone LBC takes protection off itself. */
function protectionProblems(observed: Observed, primary: ClusterView): readonly Problem[] {
  const { loadBalancer, service } = observed;
  const hint = nlbmc('enable', service, '--context', primary.context);
  if (!loadBalancer.ok) return unreadOf([loadBalancer]);
  if (!loadBalancer.value.attributes.ok) return unreadOf([loadBalancer.value.attributes]);
  if (loadBalancer.value.attributes.value[protectionAttribute] !== 'true') {
    return [
      {
        code: 'deletion-unprotected',
        message: `Deletion protection of ${loadBalancer.value.name} is off.`,
        hint,
      },
    ];
  }
  if (!primary.service.ok) return unreadOf([primary.service], primary.context);
  if (protectsDeletion(primary.service.value?.annotations[attributesAnnotation])) return [];
  return [
    {
      code: 'deletion-unprotected',
      message: `Deletion protection of ${loadBalancer.value.name} is on in AWS only: without it in the attributes annotation of Service ${nameText(service)}, the controller turns it off itself when the Service is deleted.`,
      hint,
      cluster: primary.context,
    },
  ];
}

/** One cluster under two contexts would be counted, and contest its own targets, twice. */
const sameClusters = (clusters: readonly ClusterView[]): readonly Problem[] =>
  clusters.flatMap((cluster, index) =>
    clusters.slice(0, index).flatMap((earlier) => sameCluster(earlier, cluster) ?? []),
  );

/** Nothing to judge: the Service has no bindings in any cluster that was listed, or none is known. */
function nothingFound(observed: Observed): Verdict {
  const problems = absenceProblems(observed, 'verify');
  const unread = problems.some((problem) => problem.unread);
  return {
    state: unread ? 'unknown' : 'degraded',
    exit: unread ? 8 : 3,
    ports: [],
    problems,
    skips: overlooked(observed, problems),
  };
}

/**
 * The one verdict on an enrollment. Green only if every listed cluster was read and has enough
 * healthy targets on every port, every binding is multi-cluster, every eligible endpoint is
 * tracked, registered and healthy, no target is unclaimed or contested, and deletion protection is
 * on. A needed fact that could not be read makes it unknown (exit 8), which wins over red (3).
 * From AWS and the ConfigMaps alone: the controller's own status may be five minutes old.
 */
export function verdictOf(observed: Observed, intent: VerifyIntent): Verdict {
  const { clusters, service } = observed;
  const primary = primaryOf(clusters, service);
  if (!primary) return nothingFound(observed);
  const ports = enrolledArns(clusters, service).map((arn): PortVerdict => {
    const members: readonly Member[] = clusters.flatMap((cluster) =>
      bindingsOf(cluster, arn).map((binding) => memberOf(observed, cluster, binding)),
    );
    const group = readingOf(observed.targetGroups, arn, `Target group ${arn}`);
    const port = members.find(({ cluster }) => cluster === primary)?.port ?? '?';
    const context = { observed, intent, members, primary };
    return {
      port,
      targetGroupArn: arn,
      ...(group.ok ? { protocol: group.value.protocol } : {}),
      members: clusters.flatMap((cluster) => {
        const role = cluster === primary ? 'primary' : 'secondary';
        const own = members.filter((member) => member.cluster === cluster);
        return own.length > 0
          ? own.map((member) => memberVerdict(member, role, context))
          : absent(cluster, role, observed, port, primary.context);
      }),
      notes: targetNotes(arn, context),
    };
  });

  const general: readonly Problem[] = [
    ...sameClusters(clusters),
    ...ports.flatMap(({ notes }) => notes.flatMap(({ problem }) => problem ?? [])),
    ...(intent.allowUnprotected ? [] : protectionProblems(observed, primary)),
  ];
  const problems = [
    ...ports.flatMap(({ members }) => members.flatMap((member) => member.problems)),
    ...general,
  ];
  const unread = problems.some((problem) => problem.unread);
  const states = ports.flatMap(({ members }) => members.map(({ state }) => state));
  const state = unread ? 'unknown' : worst([...states, general.length > 0 ? 'degraded' : 'ready']);
  return {
    state,
    exit: unread ? 8 : problems.length > 0 ? 3 : 0,
    ports,
    problems,
    skips: overlooked(observed, problems),
  };
}
