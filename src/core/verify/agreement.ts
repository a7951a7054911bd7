import { planEnable } from '../enable/plan-enable.ts';
import { planJoin } from '../join/plan-join.ts';
import { bindingsOf, enrolledArns } from '../observed/enrollment.ts';
import { serviceOf } from '../observed/facts.ts';
import { nameText, type ObjectName } from '../model/kubernetes.ts';
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
}

/** The observation as a join of that local Service would see it. */
const seenBy = (observed: Observed, cluster: ClusterView, localService: ObjectName): Observed => ({
  ...observed,
  clusters: observed.clusters.map((one) => {
    const service = one.services[nameText(localService)];
    return one === cluster && service ? { ...one, localService, service } : one;
  }),
});

/** The plan of `enable` for the owner, and of `join` for each Service of each member. */
export function plansOfMembers(observed: Observed, primary: ClusterView): readonly Asked[] {
  const { clusters, service } = observed;
  const arns = enrolledArns(clusters, service);
  const enable = planEnable(observed, { service, context: primary.context, settled: true });
  const joins = clusters
    .filter((cluster) => cluster !== primary)
    .flatMap((cluster) => {
      const names = new Map(
        arns
          .flatMap((arn) => bindingsOf(cluster, arn))
          .map((binding) => [nameText(serviceOf(binding)), serviceOf(binding)]),
      );
      return [...names.values()].map((localService): Asked => {
        const seen = seenBy(observed, cluster, localService);
        const intent = {
          service,
          localService,
          primary: primary.context,
          context: cluster.context,
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
        };
      });
    });
  return [
    { command: 'enable', cluster: primary.context, service, observed, plan: enable },
    ...joins,
  ];
}

/**
 * Why what looks green is not: `enable` by the owner, or `join` of a member, would refuse or change
 * something. What they need to read only in order to write is left out: verify does not need it.
 */
export const disagreements = (
  observed: Observed,
  primary: ClusterView,
  o: { readonly allowUnprotected: boolean },
): readonly Problem[] =>
  eachOnce(
    plansOfMembers(observed, primary).flatMap(({ command, cluster, service, plan }) => {
      const wrong = plan.blockers.filter(({ unread }) => !unread);
      // The one step of enable that may be open is the protection that a person does without.
      if (plan.steps.length === 0 || (command === 'enable' && o.allowUnprotected)) return wrong;
      const hint =
        command === 'enable'
          ? enableHint(service, cluster)
          : joinHint({
              service: observed.service,
              localService: service,
              context: cluster,
              primary: primary.context,
            });
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
