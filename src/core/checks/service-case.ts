import type { ClusterView } from '../model/cluster-view.ts';
import type { Service } from '../model/kubernetes.ts';
import type { About } from '../model/problem.ts';
import type { Observed } from '../observed/observed.ts';

/** A Service that was read, in its cluster: the requirements on the primary's Service are the same for every command. */
export interface ServiceCase {
  readonly observed: Observed;
  readonly cluster: ClusterView;
  readonly service: Service;
}

/** What a problem of that Service is about. */
export const aboutService = ({
  cluster,
  service: { namespace, name },
}: Pick<ServiceCase, 'cluster' | 'service'>): About => ({
  cluster: cluster.context,
  service: { namespace, name },
});
