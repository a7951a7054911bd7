import { attributeHint } from '../model/hint.ts';
import { enableHint, verifyHint } from '../model/nlbmc-hints.ts';
import { absenceProblems } from '../checks/absence.ts';
import { attributeReader } from '../observed/attribute-reader.ts';
import { attributesAnnotation } from '../model/annotations.ts';
import { protectionAttribute, protectsDeletion } from '../model/attributes.ts';
import { sameCluster } from '../observed/same-cluster.ts';
import { kubectl, nlbmc } from '../model/commands.ts';
import { enrolledArns, primaryOf, unboundPorts } from '../observed/enrollment.ts';
import { nameText } from '../model/kubernetes.ts';
import type { VerifyIntent } from '../model/intent.ts';
import type { ClusterView } from '../model/kubernetes.ts';
import { readingOf, unreadOf } from '../observed/member.ts';
import { memberVerdict } from './member-verdict.ts';
import type { Observed } from '../observed/observed.ts';
import { overlooked } from '../observed/overlooked.ts';
import { portCase } from '../observed/port-case.ts';
import type { Problem } from '../model/problem.ts';
import { targetNotes } from './target-notes.ts';
import type {
  MemberState,
  MemberVerdict,
  PortVerdict,
  TargetNote,
  Verdict,
} from '../plan/verdict.ts';

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
  const hint = enableHint(service, primary.context);
  if (!loadBalancer.ok) return unreadOf([loadBalancer]);
  if (!loadBalancer.value.attributes.ok) return unreadOf([loadBalancer.value.attributes]);
  if (!primary.service.ok) return unreadOf([primary.service], primary.context);
  const guarded = protectsDeletion(
    primary.service.value?.annotations[attributesAnnotation],
    attributeReader(primary),
  );
  if (loadBalancer.value.attributes.value[protectionAttribute] !== 'true') {
    const { name, arn } = loadBalancer.value;
    return [
      {
        code: 'deletion-unprotected',
        message: guarded
          ? `Deletion protection of ${name} is off in AWS, though the attributes annotation of Service ${nameText(service)} asks for it: the controller puts it right at its next look at the Service, which may be hours away.`
          : `Deletion protection of ${name} is off.`,
        hints: [guarded ? attributeHint(arn, protectionAttribute, 'true') : hint],
      },
    ];
  }
  if (guarded) return [];
  return [
    {
      code: 'deletion-unprotected',
      message: `Deletion protection of ${loadBalancer.value.name} is on in AWS only: without it in the attributes annotation of Service ${nameText(service)}, the controller turns it off itself when the Service is deleted.`,
      hints: [hint],
      cluster: primary.context,
    },
  ];
}

/** One cluster under two contexts would be counted, and contest its own targets, twice. */
const sameClusters = (clusters: readonly ClusterView[]): readonly Problem[] =>
  clusters.flatMap((cluster, index) =>
    clusters.slice(0, index).flatMap((earlier) => sameCluster(earlier, cluster) ?? []),
  );

/** A port of the primary's Service that has no binding has no row: it must not go unseen. */
const unboundProblems = (observed: Observed, primary: ClusterView): readonly Problem[] =>
  unboundPorts(primary, observed.service).map(({ port }) => {
    const { namespace, name } = observed.service;
    const touch = ['annotate', 'service', name, '--overwrite', `nlbmc/touched=${observed.at}`];
    return {
      code: 'bindings-missing',
      message: `The controller of ${primary.context} has no binding for port ${port} of Service ${nameText(observed.service)}: it serves nothing there. One that was deleted comes back when the Service changes.`,
      hint: `${kubectl({ context: primary.context, namespace }, ...touch)}\n${kubectl({ context: primary.context, namespace }, 'events', '--for', `service/${name}`)}`,
      cluster: primary.context,
    };
  });

/** Symptoms come after what may be their cause: what is read first is what to do first. */
const symptoms = new Set<Problem['code']>([
  'endpoint-untracked',
  'endpoint-unregistered',
  'target-unhealthy',
  'target-converging',
  'no-endpoints',
  'below-minimum',
]);
const rank = ({ code, unread }: Problem): number => (unread ? 0 : symptoms.has(code) ? 2 : 1);

/** What AWS did not tell is missing in every row: it is said once. */
const once = (problems: readonly Problem[]): readonly Problem[] => [
  ...new Map(problems.map((one) => [`${one.cluster ?? ''} ${one.message}`, one])).values(),
];

/** The kinds of note that are reasons by themselves; of the others the rows give the reasons. */
const reasons = new Set<TargetNote['kind']>(['unclaimed', 'contested']);

/** Nothing to judge: the Service has no bindings in any cluster that was listed, or none is known. */
function nothingFound(observed: Observed): Verdict {
  const problems = absenceProblems(observed, verifyHint);
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
 * tracked, registered and healthy, every port of the primary has a binding, no target is unclaimed,
 * contested or left behind by its endpoint, and deletion protection is on. A needed fact that could not be read makes it unknown (exit 8), which wins over red (3).
 * From AWS and the ConfigMaps alone: the controller's own status may be five minutes old.
 */
export function verdictOf(observed: Observed, intent: VerifyIntent): Verdict {
  const { clusters, service } = observed;
  const primary = primaryOf(clusters, service);
  if (!primary) return nothingFound(observed);
  const ports = enrolledArns(clusters, service).map((arn): PortVerdict => {
    const context = portCase(observed, intent, primary, arn);
    const group = readingOf(observed.targetGroups, arn, `Target group ${arn}`);
    const port = context.parts.find(({ member }) => member.cluster === primary)?.member.port ?? '?';
    return {
      port,
      targetGroupArn: arn,
      ...(group.ok ? { protocol: group.value.protocol } : {}),
      members: clusters.flatMap((cluster) => {
        const role = cluster === primary ? 'primary' : 'secondary';
        const own = context.parts.filter(({ member }) => member.cluster === cluster);
        return own.length > 0
          ? own.map((part) => memberVerdict(part, role, context))
          : absent(cluster, role, observed, port, primary.context);
      }),
      notes: targetNotes(context),
    };
  });

  const general: readonly Problem[] = [
    ...sameClusters(clusters),
    ...unboundProblems(observed, primary),
    ...ports.flatMap(({ notes }) =>
      notes.flatMap(({ kind, problem }) => (problem && reasons.has(kind) ? problem : [])),
    ),
    ...(intent.allowUnprotected ? [] : protectionProblems(observed, primary)),
  ];
  const problems = once([
    ...ports.flatMap(({ members }) => members.flatMap((member) => member.problems)),
    ...general,
  ]).toSorted((a, b) => rank(a) - rank(b));
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
