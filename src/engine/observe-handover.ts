import { readGroupsTagged } from '../aws/security-groups.ts';
import { readListenerTags, readTagged } from '../aws/tagged.ts';
import { parseArn } from '../core/model/arn.ts';
import type { LoadBalancer, Tags } from '../core/model/aws.ts';
import type { ClusterView } from '../core/model/cluster-view.ts';
import type { ControllerProcess, HandoverFacts } from '../core/model/handover.ts';
import { known, type Reading, unknown, valueOf } from '../core/model/problem.ts';
import { isOfMakers, makersOf, type Makers, mayBeMade } from '../core/observed/made-for.ts';
import { clusterTag, ownerInTags } from '../core/observed/owner-tags.ts';
import { theController } from '../core/observed/the-controller.ts';
import { readControllerProcess } from '../kube/controller-process.ts';
import type { Wants } from './wants.ts';
import { clientOf, type World } from './world.ts';

/**
 * What a handover depends on, beside the common facts: the controllers of both clusters, and what in AWS
 * is theirs by its tags. `clusters` are as the first level saw them; `reading` is the load balancer,
 * which may be on its way still. While a write takes effect, the tags are read only of what the controllers
 * may have made for these Services.
 */
export async function observeHandover(
  world: World,
  wants: Wants,
  clusters: readonly ClusterView[],
  reading: Promise<Reading<LoadBalancer>>,
): Promise<HandoverFacts> {
  const { old, new: fresh } = wants.handover ?? {};
  const sides = clusters.filter(({ context }) => context === old || context === fresh);
  const makers = makersOf(sides, [wants.service, wants.localService]);
  const [controllers, [listenerTags, tagged, groups]] = await Promise.all([
    readControllers(world, sides),
    reading.then((balancer) => readAws(world, wants, makers, balancer)),
  ]);
  return { controllers, listenerTags, tagged, groups };
}

async function readControllers(
  world: World,
  sides: readonly ClusterView[],
): Promise<HandoverFacts['controllers']> {
  const read = sides.map(async (view): Promise<[string, Reading<ControllerProcess>]> => {
    const deployment = theController(view, view.localService.namespace);
    return [
      view.context,
      deployment.ok
        ? await readControllerProcess(clientOf(world, view.context), deployment.value)
        : deployment,
    ];
  });
  return Object.fromEntries(await Promise.all(read));
}

/** They are read with the load balancer, wherever a handover is looked at. */
const unlisted = unknown({ code: 'answer-malformed', message: 'AWS has told no listeners.' });

type AwsFacts = readonly [
  HandoverFacts['listenerTags'],
  HandoverFacts['tagged'],
  HandoverFacts['groups'],
];

async function readAws(
  { aws }: World,
  wants: Wants,
  named: Makers,
  balancer: Reading<LoadBalancer>,
): Promise<AwsFacts> {
  // In which region, and of which load balancer: nothing else tells.
  if (!balancer.ok) return [balancer, balancer, balancer];
  const { arn, tags, listeners = unlisted } = balancer.value;
  const makers = withOwner(named, tags && valueOf(tags));
  const region = parseArn(arn)?.region ?? '';
  const isMeant = (name: string): boolean => wants.waiting !== true || mayBeMade(makers, name);
  const [listenerTags, tagged, groups] = await Promise.all([
    listeners.ok ? readListenerTags(aws, region, listeners.value) : listeners,
    readTagged(aws, region, isMeant),
    readGroupsTagged(aws, region, clusterTag, makers.clusterNames),
  ]);
  return [
    listenerTags,
    tagged.ok ? known(tagged.value.filter((one) => isOfMakers(makers, one))) : tagged,
    groups,
  ];
}

/** The cluster that the tags name as well: it may be lost, and then no controller tells its name. */
function withOwner(makers: Makers, tags: Tags | undefined): Makers {
  const owner = tags && ownerInTags(tags);
  if (!owner?.clusterName) return makers;
  return {
    ...makers,
    clusterNames: [...new Set([...makers.clusterNames, owner.clusterName])],
    services: [...makers.services, owner.name],
  };
}
