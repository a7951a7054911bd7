import type { ClusterView } from '../core/model/cluster-view.ts';
import { type ObjectName, sameName, serviceOf } from '../core/model/kubernetes.ts';
import { primaryOf } from '../core/observed/enrollment.ts';
import { isMemberElsewhere, isMissing, nameOfLeaving } from '../core/observed/name-of-leaving.ts';
import { mayOwn } from '../core/observed/may-own.ts';
import { withoutReleased } from '../core/observed/owner-claims.ts';
import { type FirstLook, viewOf } from './observe-cluster.ts';
import type { Wants } from './wants.ts';

/**
 * The namespaces in which a cluster's own Service may be, as far as it is known before the bindings are: a
 * binding is in that of its Service. By which of the two names a cluster leaves that may own the load balancer
 * is known only then.
 */
export function namespacesOf(context: string, wants: Wants): readonly string[] {
  const { service, localService, primary, handover } = wants;
  if (context === handover?.old) {
    const both = [service.namespace, localService.namespace];
    return handover.ifOwner === true ? [...new Set(both)] : [service.namespace];
  }
  return takesPart(context, wants) ||
    wants.recorded !== undefined ||
    (primary !== undefined && context !== primary)
    ? [localService.namespace]
    : [service.namespace];
}

/** The Services that are read in every cluster. */
export const bothServices = ({ service, localService }: Wants): readonly ObjectName[] =>
  service.namespace === localService.namespace && service.name === localService.name
    ? [service]
    : [service, localService];

/**
 * Target groups that the leaving cluster's bindings for its local Service name; in a repair those of
 * all clusters, since the primary's own may be missing.
 */
export const boundArns = (
  views: readonly ClusterView[],
  { leaving, repairing, bound, localService }: Wants,
) =>
  views
    .filter(
      ({ context }) => repairing === true || bound === true || leaving?.includes(context) === true,
    )
    .flatMap(({ bindings }) => (bindings.ok ? bindings.value : []))
    .filter((binding) => sameName(serviceOf(binding), localService))
    // What a controller made for its own Service has a load balancer of its own.
    .filter(({ stack }) => (repairing !== true && bound !== true) || stack === undefined)
    .map(({ targetGroupArn }) => targetGroupArn);

/** Target groups of the bindings for the Service of a cluster, those of its controller included. */
export const handedOver = (views: readonly ClusterView[]): readonly string[] =>
  views
    .flatMap(({ bindings, localService }) =>
      (bindings.ok ? bindings.value : []).filter((one) => sameName(serviceOf(one), localService)),
    )
    .map(({ targetGroupArn }) => targetGroupArn);

/** Whether it is about the local Service of the cluster, whatever else the cluster is. */
const takesPart = (context: string, { leaving, joining, handover }: Wants): boolean =>
  leaving?.includes(context) === true ||
  joining?.includes(context) === true ||
  (handover !== undefined && context !== handover.old);

/** Which Service is a cluster's own depends on which cluster is the primary. */
export function withRoles(looks: readonly FirstLook[], wants: Wants) {
  const { handover } = wants;
  if (handover) {
    // OLD has the Service that was typed, whichever cluster owns the load balancer at the moment.
    return looks.map((look) =>
      viewOf(look, look.context === handover.old ? wants.service : wants.localService),
    );
  }
  const guess = looks.map((look) => withoutReleased(viewOf(look, wants.service)));
  // Of a document the cluster of that Service need not be listed: then each has its local one.
  const first = wants.recorded ? undefined : guess.at(0)?.context;
  const primary = wants.primary ?? primaryOf(guess, wants.service)?.context ?? first;
  const { leaving = [], localService, leavesAs = localService } = wants;
  return looks.map((look) =>
    viewOf(
      look,
      leaving.includes(look.context)
        ? leavesAs
        : look.context === primary && !takesPart(look.context, wants)
          ? wants.service
          : localService,
    ),
  );
}

/**
 * What is looked at, once it is known whether the cluster that leaves owns the load balancer: then by the
 * name that was typed first, where that one has such a Service.
 */
export function withoutOwner(looks: readonly FirstLook[], wants: Wants): Wants {
  const { handover, ...others } = wants;
  const { localService } = wants;
  // Whatever name it leaves by: what may be listed of the namespaces of both counts.
  const views = looks.map((look) =>
    withoutReleased({ ...viewOf(look, wants.service), bindings: look.bindings }),
  );
  const old = views.find(({ context }) => context === handover?.old);
  if (handover?.ifOwner !== true || !old) return wants;
  const service = isMissing(old, wants.service) ? localService : wants.service;
  const names = { service, localService };
  if (!isMemberElsewhere(old, names) && mayOwn(old, views, bothServices(wants))) {
    return { ...wants, service };
  }
  const fresh = views.find(({ context }) => context === handover.new);
  return {
    ...others,
    service: localService,
    leavesAs: nameOfLeaving(old, fresh, names),
  };
}
