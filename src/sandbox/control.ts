import type { AutoMode } from './lbc/auto-mode.ts';
import { parseFault } from './fault-option.ts';
import { SandboxUsageError } from './usage-error.ts';
import type { World, WorldCluster } from './world.ts';

/** What a person may change in a world that runs. */
export type ControlRequest =
  | { readonly verb: 'list' }
  /** Rules as `parseFault` reads them: all come into force, or none. */
  | { readonly verb: 'fault'; readonly rules: readonly string[] }
  | { readonly verb: 'remove'; readonly numbers: readonly number[] | 'all' }
  | { readonly verb: 'pause' | 'resume' | 'restart'; readonly cluster: string };

/** What stands for the version of a controller that AWS runs: it tells none. */
const AUTO_MODE = 'EKS Auto Mode';

/** The faults in force and the controllers. */
export interface ControlState {
  readonly faults: readonly {
    readonly number: number;
    readonly rule: string;
    readonly hits: number;
    /** How many it hits in all; absent where there is no end. */
    readonly times?: number;
  }[];
  readonly controllers: readonly {
    readonly cluster: string;
    readonly version: string;
    readonly state: 'running' | 'paused' | 'stopped';
  }[];
}

/** Carries out the request and gives the state after it. Raises SandboxUsageError where it cannot be. */
export function control(world: World, request: ControlRequest): ControlState {
  if (request.verb === 'fault') {
    const names = [...world.clusters.keys()];
    const rules = request.rules.map((text) => parseFault(text, names));
    for (const rule of rules) world.faults.add(rule);
  } else if (request.verb === 'remove') {
    removeFaults(world, request.numbers);
  } else if (request.verb !== 'list') {
    steer(clusterOf(world, request.cluster), request.verb);
  }
  return stateOf(world);
}

function stateOf(world: World): ControlState {
  return {
    faults: world.faults.armed.map(({ number, rule, hits }) => ({
      number,
      rule: rule.text ?? rule.kind,
      hits,
      ...(rule.times === undefined ? {} : { times: rule.times }),
    })),
    controllers: [...world.clusters.values()].flatMap(({ name, lbc, autoMode }) => [
      ...(lbc.installed || !autoMode
        ? [{ cluster: name, version: lbc.version, state: lbc.state }]
        : []),
      ...(autoMode ? [{ cluster: name, version: AUTO_MODE, state: autoMode.state }] : []),
    ]),
  };
}

function removeFaults({ faults }: World, numbers: readonly number[] | 'all'): void {
  if (numbers === 'all') return faults.clear();
  const known = faults.armed.map(({ number }) => number);
  const stray = numbers.find((number) => !known.includes(number));
  if (stray !== undefined) {
    throw new SandboxUsageError(
      `There is no fault ${stray}.`,
      known.length > 0 ? `The faults are ${known.join(', ')}.` : 'No fault is in force.',
    );
  }
  for (const number of numbers) faults.remove(number);
}

function clusterOf(world: World, name: string): WorldCluster {
  const found = world.clusters.get(name);
  if (found) return found;
  const names = [...world.clusters.keys()].join(', ');
  throw new SandboxUsageError(`There is no cluster ${name}.`, `The clusters are ${names}.`);
}

type Steering = 'pause' | 'resume' | 'restart';

/** What can be done to the controller of EKS Auto Mode, and what only AWS can do. */
function steerAutoMode(name: string, autoMode: AutoMode, verb: Steering): void {
  if (verb === 'restart') {
    throw new SandboxUsageError(
      `The controller of ${name} is that of EKS Auto Mode: AWS runs it, and only AWS can restart it.`,
      `To let it go on after a pause, type 'nlbmc sandbox ctl resume ${name}'.`,
    );
  }
  return verb === 'pause' ? autoMode.pause() : autoMode.resume();
}

function steer({ name, lbc, autoMode }: WorldCluster, verb: Steering): void {
  if (autoMode && !lbc.installed) return steerAutoMode(name, autoMode, verb);
  if (verb !== 'restart') {
    if (lbc.state === 'stopped') {
      throw new SandboxUsageError(
        `The controller of ${name} does not run.`,
        `To start it, type 'nlbmc sandbox ctl restart ${name}'.`,
      );
    }
    return verb === 'pause' ? lbc.pause() : lbc.resume();
  }
  if (lbc.replicas === 0) {
    throw new SandboxUsageError(
      `The Deployment of the controller of ${name} has no replicas.`,
      `Scale it: kubectl --context ${name} -n kube-system scale deployment/aws-load-balancer-controller --replicas=2`,
    );
  }
  lbc.restart();
}
