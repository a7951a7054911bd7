import { AwsAccount } from './aws/account.ts';
import { VirtualClock } from './time/clock.ts';
import { Faults } from './requests/faults.ts';
import { Journal } from './requests/journal.ts';
import type { KubeCluster } from './kube/cluster/cluster.ts';
import { startCluster } from './kube/cluster/start-cluster.ts';
import { AutoMode } from './lbc/auto-mode.ts';
import { Lbc } from './lbc/lbc.ts';
import type { LbcFlags } from './lbc/process/flags.ts';
import { admitBareLoadBalancers } from './scenarios/bare-load-balancers.ts';
import {
  type Controllers,
  type Place,
  type Scenario,
  scenarios,
  type ScenarioName,
} from './scenarios/scenarios.ts';
import { settle } from './settle.ts';
import { SandboxUsageError } from './usage-error.ts';
import { startWorkloads, type Workloads } from './workloads/workloads.ts';

/** One cluster of the practice world: its API server, its controller, its kubelets. */
export interface WorldCluster {
  readonly name: string;
  readonly vpcId: string;
  readonly kube: KubeCluster;
  /** The open-source controller; not installed in a cluster of EKS Auto Mode alone. */
  readonly lbc: Lbc;
  /** The controller of EKS Auto Mode, which AWS runs, where the cluster has it. */
  readonly autoMode?: AutoMode | undefined;
  readonly workloads: Workloads;
}

/** The whole practice world in this process, without any network. */
export interface World {
  readonly clock: VirtualClock;
  readonly journal: Journal;
  readonly faults: Faults;
  readonly aws: AwsAccount;
  readonly clusters: ReadonlyMap<string, WorldCluster>;
  /** The first cluster: where most scenarios put the Service that makes the load balancer. */
  readonly primary: WorldCluster;
  readonly secondaries: readonly WorldCluster[];
  /** Throws where there is no cluster of that name. */
  cluster(name: string): WorldCluster;
  /** Winds the clock until nothing happens by itself any more. Not for a clock that runs. */
  settle(): void;
  /** Ends controllers and kubelets. */
  stop(): void;
}

/**
 * Builds a world, plays its scenario and winds the clock until it has settled. Raises
 * SandboxUsageError for names that cannot be.
 */
export function createWorld(
  o: {
    readonly clusters?: readonly string[];
    readonly scenario?: ScenarioName;
    /** Instead of the scenario's. */
    readonly controllers?: Scenario['controllers'];
    /** Instead of the scenario's. */
    readonly place?: Scenario['place'];
    /** How the open-source controllers are installed, instead of as the scenario does it. */
    readonly installed?: (role: 'primary' | 'secondary') => Installed;
    readonly clock?: VirtualClock;
    readonly randomOf?: RandomOf;
  } = {},
): World {
  const scenario = scenarios[o.scenario ?? 'walkthrough'];
  const names = o.clusters ?? scenario.clusters;
  checkClusterNames(names);
  const clock = o.clock ?? new VirtualClock();
  const journal = new Journal(clock);
  const faults = new Faults();
  const aws = new AwsAccount({ clock, journal, faults });
  const clusters = new Map(
    names.map((name, i) => {
      const role = i === 0 ? 'primary' : 'secondary';
      const installed = { version: scenario.controllerVersion?.(role), ...o.installed?.(role) };
      const controllers = (o.controllers ?? scenario.controllers)?.(role) ?? 'lbc';
      const place = (o.place ?? scenario.place)?.(role, aws) ?? {};
      const random = o.randomOf?.(name);
      return [
        name,
        buildCluster({ name, clock, journal, faults, aws, installed, controllers, place, random }),
      ];
    }),
  );
  const [primary, ...secondaries] = [...clusters.values()] as [WorldCluster, ...WorldCluster[]];

  aws.probe = ({ healthCheckPort: port, ...target }) => {
    for (const { workloads } of clusters.values()) {
      const answer = workloads.probe({ ...target, port });
      if (answer) return answer;
    }
    return 'timeout';
  };

  const world: World = {
    clock,
    journal,
    faults,
    aws,
    clusters,
    primary,
    secondaries,
    cluster(name) {
      const found = clusters.get(name);
      if (!found) throw new Error(`there is no cluster ${name} in this world`);
      return found;
    },
    settle: () => settle(clock, journal),
    stop() {
      for (const { lbc, autoMode, workloads } of clusters.values()) {
        lbc.stop();
        autoMode?.stop();
        workloads.stop();
      }
    },
  };
  admitBareLoadBalancers(world);
  scenario.arrange(world);
  world.settle();
  return world;
}

/**
 * What a cluster makes the names and UIDs of its objects from: numbers from 0 to 1. Two worlds with the same
 * numbers, in which the same happens at the same times, are the same.
 */
export type RandomOf = (cluster: string) => () => number;

/** How an open-source controller is installed, where it is not the newest with the flags of its chart. */
export interface Installed {
  readonly version?: string | undefined;
  readonly flags?: LbcFlags;
}

function buildCluster(o: {
  readonly name: string;
  readonly clock: VirtualClock;
  readonly journal: Journal;
  readonly faults: Faults;
  readonly aws: AwsAccount;
  readonly installed: Installed;
  readonly controllers: Controllers;
  readonly place: Place;
  readonly random: (() => number) | undefined;
}): WorldCluster {
  const { name, clock, journal, faults, aws, controllers, random } = o;
  const { version, flags } = o.installed;
  const { vpcId = aws.network.vpcId, ipFamily } = o.place;
  const kube = startCluster({ name, ipFamily, clock, journal, random });
  const nodes = aws.network.zones.slice(0, 2).map((zone) => ({ zone }));
  const workloads = startWorkloads({
    cluster: kube,
    aws,
    clock,
    clusterName: name,
    nodes,
    vpcId,
    autoMode: controllers !== 'lbc',
  });
  const lbc = new Lbc({
    cluster: kube,
    aws,
    clock,
    clusterName: name,
    vpcId,
    faults,
    onLife: (running) => workloads.setControllerRunning(running),
    ...(version ? { version } : {}),
    ...(flags ? { flags } : {}),
  });
  if (controllers !== 'auto-mode') {
    lbc.install();
    lbc.start();
  }
  if (controllers === 'lbc') return { name, vpcId, kube, lbc, workloads };
  const autoMode = new AutoMode({ cluster: kube, aws, clock, clusterName: name, vpcId, faults });
  return { name, vpcId, kube, lbc, autoMode, workloads };
}

/** More than anybody needs to practise; fewer than the machine would notice. */
const MOST_CLUSTERS = 50;

function checkClusterNames(names: readonly string[]): void {
  const example = 'Write names such as pri-eks-clu1,sec-eks-clu1.';
  if (names.length === 0) throw new SandboxUsageError('A sandbox needs a cluster.', example);
  if (names.length > MOST_CLUSTERS) {
    throw new SandboxUsageError(
      `${names.length} clusters are more than the ${MOST_CLUSTERS} that a sandbox takes.`,
      example,
    );
  }
  for (const name of names) {
    // Narrower than EKS, whose names may have upper case: this one is a context and part of names.
    if (!/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(name)) {
      throw new SandboxUsageError(`"${name}" cannot be the name of a cluster here.`, example);
    }
    if (names.indexOf(name) !== names.lastIndexOf(name)) {
      throw new SandboxUsageError(`The cluster ${name} is named twice.`, example);
    }
  }
}
