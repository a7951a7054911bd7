import { readClusterInstances } from '../aws/cluster-instances.ts';
import { readOwners } from '../aws/network.ts';
import { clusterNames } from '../core/model/cluster-name.ts';
import type { ClusterView } from '../core/model/cluster-view.ts';
import type { HandoverFacts } from '../core/model/handover.ts';
import { known, type Reading, unknown, valueOf } from '../core/model/problem.ts';
import { localIds } from '../core/observed/part-of.ts';
import type { Observed } from '../core/observed/observed.ts';
import { ownerInTags } from '../core/observed/owner-tags.ts';
import { toldVpcs } from '../core/observed/places.ts';
import type { Wants } from './wants.ts';
import type { World } from './world.ts';

type Places = Pick<HandoverFacts, 'vpcs' | 'instances'>;

/** Addresses that are looked up where nothing in the cluster tells its VPC. */
const mostAddresses = 10;

/**
 * Where the cluster is that is to own the load balancer, and what EC2 has of a cluster that is lost. Both do
 * not change while a write takes effect: then what was read `before` is true still.
 */
export async function observePlaces(
  { aws }: World,
  region: string,
  observed: Observed,
  wants: Wants,
  before: HandoverFacts | undefined,
): Promise<Places> {
  if (!wants.handover) return {};
  if (wants.waiting && before) {
    const { vpcs, instances } = before;
    return { ...(vpcs ? { vpcs } : {}), ...(instances ? { instances } : {}) };
  }
  const { new: fresh, lost } = wants.handover;
  const view = observed.clusters.find(({ context }) => context === fresh);
  const names = lost === undefined ? [] : lostNames(observed, lost, view);
  const [vpcs, instances] = await Promise.all([
    view && readVpcs(aws, region, view),
    names.length > 0 ? readClusterInstances(aws, region, names) : undefined,
  ]);
  return {
    ...(vpcs && fresh !== undefined ? { vpcs: { [fresh]: vpcs } } : {}),
    ...(instances ? { instances } : {}),
  };
}

/** As the person calls it, and as the tags of the load balancer do: the latter is what its controller called it. */
function lostNames(
  { loadBalancer }: Observed,
  lost: string,
  successor: ClusterView | undefined,
): readonly string[] {
  const tags = valueOf(loadBalancer)?.tags;
  const tagged = tags?.ok ? ownerInTags(tags.value)?.clusterName : undefined;
  const own = successor ? clusterNames(successor) : [];
  return [...new Set([lost, tagged])].flatMap((name) =>
    name === undefined || own.includes(name) ? [] : [name],
  );
}

/** By what its controllers say; else by the network interfaces that have the addresses of its pods. */
async function readVpcs(
  aws: World['aws'],
  region: string,
  view: ClusterView,
): Promise<Reading<readonly string[]>> {
  const told = toldVpcs(view);
  if (told.length > 0) return known(told);
  const addresses = localIds(view, false).slice(0, mostAddresses);
  const found = Object.values(await readOwners(aws, region, addresses));
  const failed = found.find((one) => !one.ok);
  if (failed && !failed.ok) return failed;
  const vpcs = found.flatMap((one) => (one.ok ? (one.value.vpcId ?? []) : []));
  if (vpcs.length > 0) return known([...new Set(vpcs)]);
  return unknown({
    code: 'vpc-unsupported',
    message: `The VPC of ${view.context} is not known: its controller has no --aws-vpc-id, and its Service has no pod.`,
    about: { cluster: view.context },
  });
}
