import type { ClusterView } from '../model/cluster-view.ts';
import { mayListHint } from '../model/hint.ts';
import type { Problem } from '../model/problem.ts';
import { eachOnce } from '../model/problem-key.ts';
import { unreadOf } from '../observed/member.ts';
import {
  type Judged,
  type ListedEnrollment,
  listedEnrollment,
  unreadIn,
} from './listed-enrollment.ts';

/** What `nlbmc list` prints: load balancers whose target groups have bindings in the listed clusters. */
export interface EnrollmentList {
  readonly apiVersion: 'nlbmc/v1';
  readonly kind: 'EnrollmentList';
  readonly at: string;
  /** 0: listed, even if there is none; 8: a needed fact could not be read. */
  readonly exit: 0 | 8;
  readonly items: readonly ListedEnrollment[];
  /** Facts that are needed and could not be read. */
  readonly problems: readonly Problem[];
  /** What could not be read, and makes no line wrong: lines may be missing. */
  readonly skips: readonly Problem[];
}

/** A namespace is all that may be read: load balancers of the others are missing. */
const narrow = (cluster: ClusterView, namespace: string | undefined): readonly Problem[] => {
  const { context, bindings, bindingsScope, narrowFlavours = [], localService } = cluster;
  if (!bindings.ok || bindingsScope === 'cluster' || namespace === localService.namespace)
    return [];
  return [
    {
      code: 'api-forbidden',
      message: `Bindings of ${context} may be listed in namespace ${localService.namespace} only: load balancers of other namespaces are missing from the list.`,
      hints: (narrowFlavours.length > 0 ? narrowFlavours : (['lbc'] as const)).map((flavour) =>
        mayListHint(context, flavour),
      ),
      about: { cluster: context, request: 'list targetgroupbindings in all namespaces' },
    },
  ];
};

/**
 * The list, from the clusters as first read and the enrollments as judged. `localService` of each cluster has
 * the namespace in which its bindings were listed where those of the whole cluster may not be.
 */
export function enrollmentList(
  at: string,
  clusters: readonly ClusterView[],
  judged: readonly Judged[],
  namespace: string | undefined,
): EnrollmentList {
  const ofClusters = clusters.flatMap(({ bindings, context }) => unreadOf([bindings], context));
  const problems = eachOnce([
    ...ofClusters.filter(({ unread }) => unread),
    ...judged.flatMap(unreadIn),
  ]);
  return {
    apiVersion: 'nlbmc/v1',
    kind: 'EnrollmentList',
    at,
    exit: problems.length > 0 ? 8 : 0,
    items: judged.map(listedEnrollment),
    problems,
    skips: [
      ...ofClusters.filter(({ unread }) => !unread),
      ...clusters.flatMap((cluster) => narrow(cluster, namespace)),
    ],
  };
}
