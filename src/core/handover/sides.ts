import { clusterNames } from '../model/cluster-name.ts';
import type { ClusterView } from '../model/cluster-view.ts';
import type { HandoverIntent } from '../model/intent.ts';
import { absenceProblems } from '../checks/absence.ts';
import { type ClusterRef, describeHint, kubectlHint } from '../model/hint.ts';
import { nameText, type ObjectName, sameName, type Service } from '../model/kubernetes.ts';
import { handoverHint } from '../model/nlbmc-hints.ts';
import type { Problem, Reading } from '../model/problem.ts';
import { unknown, valueOf } from '../model/problem.ts';
import { clusterOf } from '../observed/enrollment.ts';
import { serviceRead, unreadOf } from '../observed/member.ts';
import type { Observed } from '../observed/observed.ts';
import { enrollmentOf } from '../observed/owner.ts';
import type { HandoverCase, Side } from './handover-case.ts';
import { autoModeWrong } from './place-checks.ts';

/** Which cluster gives the load balancer and which one takes it: OLD and NEW, and the other way round on the way back. */
export function direction({ old, new: fresh, lost, back }: HandoverIntent): {
  readonly from: string | undefined;
  readonly to: string | undefined;
} {
  const gone = lost ? undefined : old;
  return back ? { from: fresh, to: old } : { from: gone, to: fresh };
}

const serviceIn = ({ service, localService, old }: HandoverIntent, context: string): ObjectName =>
  context === old ? service : localService;

/** What a handover needs of a cluster, or what of it could not be read. */
function sideOf(
  observed: Observed,
  intent: HandoverIntent,
  context: string,
): Side | readonly Problem[] {
  const cluster = clusterOf(observed, context);
  if (!cluster) throw new Error(`The context ${context} has not been observed`);
  const service = serviceIn(intent, context);
  const read: Reading<Service | undefined> = serviceRead(cluster, service);
  const unread = unreadOf([read, cluster.bindings, cluster.controller], context);
  if (unread.length > 0) return unread;
  const [clusterName] = clusterNames(cluster);
  if (clusterName === undefined) return [nameless(cluster, service)];
  return { cluster, service, found: read.ok ? read.value : undefined, clusterName };
}

/** Without the name the tags cannot be written by which its controller finds the load balancer. */
function nameless(cluster: ClusterView, service: ObjectName): Problem {
  const { context } = cluster;
  const about = { cluster: context };
  if (cluster.servedFlavours?.includes('auto-mode')) {
    return { code: 'auto-mode-unsupported', ...autoModeWrong(context, service), about };
  }
  const [deployment] = valueOf(cluster.controller)?.deployments ?? [];
  return {
    code: 'controller-missing',
    message: deployment
      ? `Deployment ${nameText(deployment)} in ${context} does not tell the name that the controller gives its cluster (--cluster-name): its tags cannot be written without it.`
      : `No Deployment of the AWS Load Balancer Controller was found in ${context}. The tags of the load balancer have to name the cluster as its controller does (--cluster-name).`,
    about,
    hints: [
      deployment
        ? describeHint(context, 'deployment', deployment)
        : kubectlHint({ context }, 'get', 'deployments', '--all-namespaces'),
    ],
  };
}

/**
 * The handover as it is observed, with both sides; or why it cannot be looked at. Unread facts refuse:
 * what is not known is not assumed.
 */
export function handoverCase(
  observed: Observed,
  intent: HandoverIntent,
): HandoverCase | readonly Problem[] {
  const { from, to } = direction(intent);
  const [giver, taker] = [from, to].map((context) =>
    context === undefined ? undefined : sideOf(observed, intent, context),
  );
  const problems = [giver, taker].flatMap((side) =>
    side !== undefined && !('cluster' in side) ? side : [],
  );
  if (problems.length > 0) return problems;
  const enrollment = enrollmentOf(observed);
  if (!enrollment) {
    return absenceProblems(observed, ({ service }, contexts) =>
      handoverHint(
        renamed(intent, service),
        contexts.filter((one) => !isSide(intent, one)),
      ),
    );
  }
  const { loadBalancer, handover: facts } = observed;
  if (!facts) throw new Error('The facts of a handover have not been observed');
  const needed: readonly Reading<unknown>[] = [
    loadBalancer,
    ...(loadBalancer.ok
      ? [
          loadBalancer.value.attributes,
          loadBalancer.value.tags ?? missing('tags'),
          loadBalancer.value.securityGroups ?? missing('security groups'),
        ]
      : []),
    ...enrollment.arns.map((arn) => {
      const group = observed.targetGroups[arn] ?? missing(`target group ${arn}`);
      return group.ok ? (group.value.tags ?? missing('tags')) : group;
    }),
    facts.listenerTags,
    facts.tagged,
    facts.groups,
    ...Object.values(facts.controllers),
  ];
  // That there are several controllers is known: a check says it.
  const unread = unreadOf(needed).filter(({ code }) => code !== 'several-controllers');
  if (unread.length > 0) return unread;
  if (!loadBalancer.ok) throw new Error('An unread load balancer was let through');
  return {
    observed,
    intent,
    facts,
    enrollment,
    loadBalancer: loadBalancer.value,
    from: giver as Side | undefined,
    to: taker as Side | undefined,
  };
}

/** The same of another Service; where it has one name in both clusters, of this one in both. */
const renamed = (intent: HandoverIntent, service: ObjectName): HandoverIntent => ({
  ...intent,
  service,
  ...(sameName(intent.service, intent.localService) ? { localService: service } : {}),
});

const isSide = ({ old, new: fresh }: HandoverIntent, one: ClusterRef): boolean =>
  one === old || one === fresh;

const missing = (what: string): Reading<never> =>
  unknown({ code: 'answer-malformed', message: `AWS has told no ${what}.` });
