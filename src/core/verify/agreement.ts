import { planEnable } from '../enable/plan-enable.ts';
import { planJoin } from '../join/plan-join.ts';
import { bindingsOf } from '../observed/enrollment.ts';
import { type Enrollment, primaryIn } from '../observed/owner.ts';
import { nameText, type ObjectName, sameName, serviceOf } from '../model/kubernetes.ts';
import type { JoinIntent, JoinPlace } from '../model/intent.ts';
import type { ClusterView } from '../model/cluster-view.ts';
import { enableHint, joinHint } from '../model/nlbmc-hints.ts';
import type { Observed } from '../observed/observed.ts';
import { eachOnce } from '../model/problem-key.ts';
import type { Plan } from '../plan/plan.ts';
import type { Problem } from '../model/problem.ts';
import type { Templates } from '../model/templates.ts';

/** What a join writes without anybody's own templates: fields beyond these are a person's wish. */
const bare: Templates = {
  binding: { apiVersion: 'elbv2.k8s.aws/v1beta1', kind: 'TargetGroupBinding' },
  service: { apiVersion: 'v1', kind: 'Service' },
};

/** What a command would do now, and in which cluster. */
export interface Asked {
  readonly command: 'enable' | 'join';
  readonly cluster: string;
  /** The Service in that cluster. */
  readonly service: ObjectName;
  readonly observed: Observed;
  readonly plan: Plan;
  /** Where a join finds its target groups. */
  readonly place?: JoinPlace & { readonly service: ObjectName };
}

/** The observation as a join of that local Service would see it. */
const seenBy = (observed: Observed, cluster: ClusterView, localService: ObjectName): Observed => ({
  ...observed,
  clusters: observed.clusters.map((one) => {
    const service = one.services[nameText(localService)];
    return one === cluster && service ? { ...one, localService, service } : one;
  }),
});

/** The observation of a run without a document. */
function unrecorded(observed: Observed): Observed {
  const { recorded: _, ...seen } = observed;
  return seen;
}

/** The Services of a cluster that bindings on these target groups are for. */
const servicesIn = (cluster: ClusterView, arns: readonly string[]): readonly ObjectName[] => [
  ...new Map(
    arns
      .flatMap((arn) => bindingsOf(cluster, arn))
      .map((binding) => [nameText(serviceOf(binding)), serviceOf(binding)]),
  ).values(),
];

/** Where a Service of a cluster is bound among these target groups, as `join` names them without another member. */
function boundPlaces(
  cluster: ClusterView,
  arns: readonly string[],
  service: ObjectName,
): JoinPlace {
  const bound = arns.flatMap((arn) =>
    bindingsOf(cluster, arn)
      .filter((binding) => sameName(serviceOf(binding), service))
      .map(({ servicePort }) => ({ arn, port: String(servicePort) })),
  );
  return { targetGroups: bound, ports: bound.map(({ port }) => port) };
}

/**
 * The plan of `enable` where it writes: in the primary, or for each Service of each peer; and of
 * `join` for each Service of each other member, as the cluster that names the target groups has it. Where
 * no cluster owns the load balancer, that cluster is a member, too, and joins the target groups by their ARNs.
 */
export function plansOfMembers(observed: Observed, enrollment: Enrollment): readonly Asked[] {
  const { clusters, service } = observed;
  const { arns, owner, source } = enrollment;
  const primary = primaryIn(enrollment);
  const enabled = (cluster: ClusterView, name: ObjectName): Asked => {
    const seen = seenBy(observed, cluster, name);
    const plan = planEnable(seen, { service: name, context: cluster.context, settled: true });
    return { command: 'enable', cluster: cluster.context, service: name, observed: seen, plan };
  };
  const enables = primary
    ? [enabled(primary, service)]
    : owner.kind === 'none'
      ? clusters.flatMap((cluster) =>
          servicesIn(cluster, arns).map((name) => enabled(cluster, name)),
        )
      : [];
  // Of another cluster's Service that is not listed, join has nothing to go by.
  const from = owner.kind !== 'none' && !primary ? observed.recorded : undefined;
  if (owner.kind === 'unread' || (owner.kind === 'service' && !primary && !from)) return enables;
  const byArn = (cluster: ClusterView): boolean => cluster === source && owner.kind === 'none';
  const isMember = (cluster: ClusterView): boolean =>
    from !== undefined || byArn(cluster) || cluster !== source;
  const joins = clusters.flatMap((cluster) =>
    servicesIn(cluster, arns)
      // The owner itself does not join; a second Service of its cluster does.
      .filter((name) => isMember(cluster) || !sameName(name, service))
      .map((localService): Asked => {
        const seen = seenBy(
          byArn(cluster) ? unrecorded(observed) : observed,
          cluster,
          localService,
        );
        const place: NonNullable<Asked['place']> = from
          ? { service, from: { file: from.file } }
          : byArn(cluster)
            ? { service: localService, ...boundPlaces(cluster, arns, localService) }
            : { service, primary: source.context };
        const intent: JoinIntent = {
          ...place,
          localService,
          context: cluster.context,
          // Who may connect was decided when it joined.
          ...(place.targetGroups ? { networking: false as const } : {}),
          createService: false,
          adopt: false,
          forceConflicts: false,
          settled: true,
        };
        return {
          command: 'join',
          cluster: cluster.context,
          service: localService,
          observed: seen,
          plan: planJoin(seen, intent, bare),
          place,
        };
      }),
  );
  return [...enables, ...joins];
}

/**
 * Why what looks green is not: `enable` by the owner, or `join` of a member, would refuse or change
 * something. What they need to read only in order to write is left out: verify does not need it.
 */
export const disagreements = (
  observed: Observed,
  enrollment: Enrollment,
  o: { readonly allowUnprotected: boolean },
): readonly Problem[] =>
  eachOnce(
    plansOfMembers(observed, enrollment).flatMap(({ command, cluster, service, plan, place }) => {
      const wrong = plan.blockers.filter(({ unread }) => !unread);
      // The one step of enable that may be open is the protection that a person does without.
      if (plan.steps.length === 0 || (command === 'enable' && o.allowUnprotected)) return wrong;
      const hint =
        place === undefined
          ? enableHint(service, cluster)
          : joinHint({ ...place, localService: service, context: cluster });
      const code = command === 'enable' ? 'primary-not-enabled' : 'member-missing';
      return [
        ...wrong,
        {
          code,
          message: `nlbmc ${command} would still change something in ${cluster}.`,
          hints: [hint],
          about: { cluster, service },
        } as const,
      ];
    }),
  );
