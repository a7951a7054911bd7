import type { World, WorldCluster } from '../../../src/sandbox/world.ts';
import type { Name } from './scene.ts';

/** A target that was registered, and not yet on its way out, was deregistered. */
export interface Removal {
  /** Place in the order of all that is recorded. */
  readonly order: number;
  /** Simulated ms after the recording began. */
  readonly at: number;
  readonly arn: string;
  /** `id:port`. */
  readonly target: string;
  /** Who deregistered it: a cluster, or `nlbmc`. */
  readonly by: string;
}

/** A removal by somebody else than the cluster whose live pod's target it was. */
export interface Loss extends Removal {
  /** The cluster whose pod has the address and whose binding shares the target group. */
  readonly owner: string;
  /** When (in the same order) it became what it is: registered, or its address given to the pod. */
  readonly since: number;
}

/** Somebody took the last healthy target out of a target group. */
export interface Fall {
  readonly order: number;
  /** Simulated ms after the recording began. */
  readonly at: number;
  readonly arn: string;
  readonly by: string;
}

/** What is recorded of a play. */
export interface Records {
  readonly removals: readonly Removal[];
  readonly losses: readonly Loss[];
  readonly falls: readonly Fall[];
  /** Takes the next place in the order. */
  next(): number;
  /** The last place taken. */
  readonly order: number;
}

interface Params {
  readonly TargetGroupArn: string;
  readonly Targets: readonly { readonly Id: string; readonly Port?: number }[];
}

interface Health {
  readonly TargetHealthDescriptions: readonly {
    readonly Target: { readonly Id: string; readonly Port: number };
    readonly TargetHealth: { readonly State: string };
  }[];
}

const BINDINGS = 'targetgroupbindings.elbv2.k8s.aws';

/** The cluster of which a target is a node, or the address of a pod that serves. */
export const servingIn = (world: World, id: string): string | undefined =>
  [...world.clusters.values()].find((one) => serves(one, id))?.name;

/** Whether a target is a node of this cluster, or the address of a pod that serves in it. */
const serves = ({ kube, workloads }: WorldCluster, ip: string): boolean =>
  workloads.nodes.some(({ instanceId }) => instanceId === ip) ||
  kube
    .list('pods', 'default')
    .some(
      ({ metadata, status }) =>
        status?.podIP === ip &&
        metadata.deletionTimestamp === undefined &&
        (status.conditions as { type: string; status: string }[]).some(
          ({ type, status }) => type === 'Ready' && status === 'True',
        ),
    );

const isBoundTo = ({ kube }: WorldCluster, arn: string): boolean =>
  kube
    .list(BINDINGS)
    .some(
      ({ metadata, spec }) =>
        spec.targetGroupARN === arn && metadata.deletionTimestamp === undefined,
    );

/**
 * Records from now on who registers and who deregisters, and gives addresses of dead pods to pods
 * of clusters that `wishes` names: as EC2 may at any time, and does when subnets are small.
 */
export function watchTargets(world: World, wishes: Map<Name, number>): Records {
  const { aws } = world;
  const { network } = aws;
  const removals: Removal[] = [];
  const losses: Loss[] = [];
  const falls: Fall[] = [];
  const born = new Map<string, number>();
  const registered = new Map<string, number>();
  const freed: { readonly ip: string; readonly eni: string }[] = [];
  const start = world.clock.time();
  const now = (): number => world.clock.time() - start;
  let order = 0;
  const perform = aws.perform.bind(aws);
  const assignIp = network.assignIp.bind(network);
  const releaseIp = network.releaseIp.bind(network);
  const clusters = [...world.clusters.values()];
  const clusterOf = (eni: string): WorldCluster | undefined =>
    clusters.find(({ workloads }) => workloads.nodes.some(({ eniId }) => eniId === eni));

  const keyOf = (target: Params['Targets'][number]): string => `${target.Id}:${target.Port ?? ''}`;

  const noteRemoval = ({ TargetGroupArn: arn, Targets }: Params, actor: string): void => {
    const by = actor.replace('lbc/', '');
    const { TargetHealthDescriptions } = perform(
      'elbv2.DescribeTargetHealth',
      { TargetGroupArn: arn },
      'records',
    ) as Health;
    const named = new Set(Targets.map(keyOf));
    const healthy = TargetHealthDescriptions.filter(
      ({ TargetHealth }) => TargetHealth.State === 'healthy',
    );
    if (healthy.length > 0 && healthy.every(({ Target }) => named.has(keyOf(Target)))) {
      falls.push({ order, at: now(), arn, by });
    }
    for (const target of Targets) {
      const health = TargetHealthDescriptions.find(({ Target }) => keyOf(Target) === keyOf(target));
      if (!health || health.TargetHealth.State === 'draining') continue;
      const removal = { order, at: now(), arn, target: keyOf(target), by };
      removals.push(removal);
      const owner = clusters.find((one) => serves(one, target.Id) && isBoundTo(one, arn));
      if (!owner || owner.name === by) continue;
      const since = Math.max(
        registered.get(`${arn} ${keyOf(target)}`) ?? 0,
        born.get(target.Id) ?? 0,
      );
      losses.push({ ...removal, owner: owner.name, since });
    }
  };

  aws.perform = (action, params, actor) => {
    const named = params as Params;
    if (action === 'elbv2.DeregisterTargets') {
      order += 1;
      noteRemoval(named, actor);
    }
    const answer = perform(action, params, actor);
    if (action === 'elbv2.RegisterTargets') {
      order += 1;
      for (const target of named.Targets)
        registered.set(`${named.TargetGroupArn} ${keyOf(target)}`, order);
    }
    return answer;
  };
  network.releaseIp = (ip) => {
    const eni = network.holderOf(ip)?.id;
    if (eni !== undefined) freed.push({ ip, eni });
    releaseIp(ip);
  };
  network.assignIp = (eni, wanted) => {
    const cluster = clusterOf(eni);
    const name = cluster?.name as Name;
    const subnet = network.interfaces.get(eni)?.subnetId;
    const wishing = (wishes.get(name) ?? 0) > 0;
    const old = freed.findLast(
      (one) =>
        clusterOf(one.eni) !== cluster &&
        network.interfaces.get(one.eni)?.subnetId === subnet &&
        !network.holderOf(one.ip),
    );
    const ip = assignIp(eni, wanted ?? (wishing ? old?.ip : undefined));
    if (wishing && ip === old?.ip) wishes.set(name, (wishes.get(name) ?? 0) - 1);
    born.set(ip, (order += 1));
    return ip;
  };
  return {
    removals,
    losses,
    falls,
    next: () => (order += 1),
    get order() {
      return order;
    },
  };
}
