import { atLeast } from '../../src/sandbox/lbc/process/version.ts';
import { differences } from './compare.ts';
import type { Left } from './left.ts';
import { playOn } from './play.ts';
import { openRealStage } from './real-stage.ts';
import { openRealWorld, type RealWorld } from './real-world.ts';
import { openSandboxStage } from './sandbox-stage.ts';
import type { Scenario } from './stage.ts';

/** What came of one scenario: no faults means that it was played in both worlds and they agree. */
export interface Outcome {
  readonly scenario: Scenario;
  readonly faults: readonly string[];
}

/** All that was played in the lab. */
export interface Played {
  readonly outcomes: readonly Outcome[];
  /** GitVersion of every controller's own log, each once. */
  readonly versions: readonly string[];
  /** RegisterTargets that controllers were granted. */
  readonly registrations: number;
}

type WorldOptions = Omit<
  Parameters<typeof openRealWorld>[0],
  'name' | 'clusters' | 'sharedNodeGroup' | 'gateways' | 'ipFamily'
>;

/**
 * Plays every scenario in the lab and in the sandbox and compares what they leave. Those that may
 * share their controllers are played at once; meanwhile, one after another, those that restart them,
 * in another world, and beside these, one after another, those that need a world of their own.
 */
export async function playAll(
  scenarios: readonly Scenario[],
  options: WorldOptions,
  say: (line: string) => void,
): Promise<Played> {
  const lefts = new Map<Scenario, Left>();
  const outcomes: Outcome[] = [];
  const versions = new Set<string>();
  let registrations = 0;

  const note = (scenario: Scenario, faults: readonly string[]): void => {
    outcomes.push({ scenario, faults });
    say(`${faults.length === 0 ? 'ok    ' : 'FAILED'} ${scenario.name}: ${scenario.title}`);
    for (const fault of faults) say(indented(fault));
  };
  const play = async (world: RealWorld, scenario: Scenario): Promise<void> => {
    const [version = ''] = world.clusters.map(({ controller }) => controller.version);
    if (scenario.before && atLeast(version, scenario.before)) {
      say(`not played: ${scenario.name} is about controllers before ${scenario.before}`);
      outcomes.push({ scenario, faults: [] });
      return;
    }
    try {
      const stage = await openRealStage(world, scenario);
      if (scenario.gateways) {
        // There is nothing to compare it with.
        await scenario.play(stage);
        return note(scenario, []);
      }
      lefts.set(scenario, await playOn(stage, scenario));
      say(`played ${scenario.name}`);
    } catch (error) {
      note(scenario, [`in the lab: ${words(error)}`]);
    }
  };
  let opening: Promise<unknown> = Promise.resolve();
  /** One after another: to start is what costs most. */
  const openNext = (o: Parameters<typeof openRealWorld>[0]): Promise<RealWorld> => {
    const world = opening.then(() => openRealWorld(o));
    opening = world.catch(() => undefined);
    return world;
  };
  const inWorld = async (
    name: string,
    some: readonly Scenario[],
    act: (world: RealWorld) => Promise<void>,
  ): Promise<void> => {
    if (some.length === 0) return;
    const clusters = Math.max(...some.map((one) => one.clusters));
    const sharedNodeGroup = some.some((one) => one.sharedNodeGroup);
    const gateways = some.some((one) => one.gateways);
    const ipFamily = some.find((one) => one.ipFamily)?.ipFamily;
    const kind = { clusters, sharedNodeGroup, gateways, ipFamily };
    const world = await openNext({ ...options, name, ...kind });
    try {
      await act(world);
    } finally {
      for (const { controller } of world.clusters) versions.add(controller.logged);
      registrations += registrationsIn(world);
      await world.close();
    }
  };

  const beside = scenarios.filter(({ place }) => place === 'beside');
  const alone = scenarios.filter(({ place }) => place === 'alone');
  const apart = scenarios.filter(({ place }) => place === 'apart');
  const waiting = inWorld('beside', beside, async (world) => {
    await Promise.all(beside.map((scenario) => play(world, scenario)));
  });
  // Those that share a world mostly wait: there is time for the others.
  const meanwhile = inWorld('alone', alone, async (world) => {
    for (const scenario of alone) {
      await play(world, scenario);
      for (const { controller } of world.clusters) await controller.restore();
    }
  });
  const farOff = (async (): Promise<void> => {
    for (const scenario of apart) {
      await inWorld(scenario.name, [scenario], (world) => play(world, scenario));
    }
  })();
  await Promise.all([waiting, meanwhile, farOff]);

  const [version = ''] = versions;
  for (const [scenario, lab] of lefts) {
    try {
      note(scenario, differences(scenario.name, await inSandbox(scenario, version), lab));
    } catch (error) {
      note(scenario, [`in the sandbox: ${words(error)}`]);
    }
  }
  return { outcomes, versions: [...versions], registrations };
}

/** The sandbox plays a controller of the lab's version. */
async function inSandbox(scenario: Scenario, version: string): Promise<Left> {
  const stage = await openSandboxStage(scenario, { version: version.replace(/[-+].*$/, '') });
  try {
    return await playOn(stage, scenario);
  } finally {
    await stage.close();
  }
}

const registrationsIn = ({ journal }: RealWorld): number =>
  journal.entries.filter(
    ({ action, actor, status }) =>
      action === 'elbv2.RegisterTargets' && actor.startsWith('lbc/') && status === 200,
  ).length;

const words = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);

const indented = (text: string): string => text.replaceAll(/^/gm, '         ');
