import { atLeast } from '../../src/sandbox/lbc/process/version.ts';
import { differences } from './compare.ts';
import { missingIn, type Left } from './left.ts';
import { playOn } from './play.ts';
import { openRealStage } from './real-stage.ts';
import { openRealWorld, type RealWorld } from './real-world.ts';
import { SandboxSide } from './sandbox-side.ts';
import type { Scenario } from './stage.ts';
import { atMost, described } from './waiting.ts';
import { lanesOf, type PlannedWorld } from './worlds.ts';

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

/**
 * So many in one world: nlbmc, AWS and all that waits share one thread here, and nlbmc gives up a
 * request after some time.
 */
const AT_ONCE = 10;

type WorldOptions = Omit<
  Parameters<typeof openRealWorld>[0],
  'name' | 'clusters' | 'sharedNodeGroup' | 'gateways' | 'ipFamily' | 'elections'
>;

/**
 * Plays every scenario in the lab (worlds.ts says where) and, in another process, in the sandbox, and compares
 * what they leave.
 */
export async function playAll(
  scenarios: readonly Scenario[],
  options: WorldOptions,
  say: (line: string) => void,
): Promise<Played> {
  const outcomes: Outcome[] = [];
  const versions = new Set<string>();
  let registrations = 0;
  const sandbox = new SandboxSide(scenarios.filter(({ gateways }) => !gateways));
  const comparisons: Promise<void>[] = [];

  const note = (scenario: Scenario, faults: readonly string[]): void => {
    outcomes.push({ scenario, faults });
    say(`${faults.length === 0 ? 'ok    ' : 'FAILED'} ${scenario.name}: ${scenario.title}`);
    for (const fault of faults) say(indented(fault));
  };
  const compare = async (scenario: Scenario, lab: Left): Promise<void> => {
    const left = await sandbox.left(scenario);
    if (typeof left === 'string') return note(scenario, [`in the sandbox: ${left}`]);
    note(scenario, [...missingIn(scenario, lab), ...differences(scenario.name, left, lab)]);
  };
  const play = async (world: RealWorld, scenario: Scenario): Promise<void> => {
    const version = versionOf(world);
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
      const lab = await playOn(stage, scenario);
      say(`played ${scenario.name}`);
      comparisons.push(compare(scenario, lab));
    } catch (error) {
      note(scenario, [`in the lab: ${described(error)}`]);
    }
  };
  const inTurn = async (world: RealWorld, some: readonly Scenario[]): Promise<void> => {
    for (const [i, scenario] of some.entries()) {
      if (i > 0) for (const { controller } of world.clusters) await controller.restore();
      await play(world, scenario);
    }
  };
  let opening: Promise<unknown> = Promise.resolve();
  /** One after another: to start is what costs most. */
  const openNext = (o: Parameters<typeof openRealWorld>[0]): Promise<RealWorld> => {
    const world = opening.then(() => openRealWorld(o));
    opening = world.catch(() => undefined);
    return world;
  };
  const inWorld = async ({ name, scenarios: some, how }: PlannedWorld): Promise<void> => {
    const clusters = Math.max(...some.map((one) => one.clusters));
    const sharedNodeGroup = some.some((one) => one.sharedNodeGroup);
    const gateways = some.some((one) => one.gateways);
    const ipFamily = some.find((one) => one.ipFamily)?.ipFamily;
    const elections = some.some((one) => one.elections);
    const kind = { clusters, sharedNodeGroup, gateways, ipFamily, elections };
    const world = await openNext({ ...options, name, ...kind });
    sandbox.begin(versionOf(world));
    try {
      if (how === 'in-turn') await inTurn(world, some);
      else await atMost(AT_ONCE, some, (scenario) => play(world, scenario));
    } finally {
      for (const { controller } of world.clusters) versions.add(controller.logged);
      registrations += registrationsIn(world);
      await world.close();
    }
  };

  await Promise.all(
    lanesOf(scenarios).map(async (lane) => {
      for (const world of lane) await inWorld(world);
    }),
  );
  await Promise.all(comparisons);
  await sandbox.end();
  return { outcomes, versions: [...versions], registrations };
}

/** Of its controllers, as the sandbox's are named. */
function versionOf({ clusters }: RealWorld): string {
  const [version = ''] = clusters.map(({ controller }) => controller.version);
  return version;
}

const registrationsIn = ({ journal }: RealWorld): number =>
  journal.entries.filter(
    ({ action, actor, status }) =>
      action === 'elbv2.RegisterTargets' && actor.startsWith('lbc/') && status === 200,
  ).length;

const indented = (text: string): string => text.replaceAll(/^/gm, '         ');
