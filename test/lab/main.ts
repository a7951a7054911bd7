import { compareApiServers } from './api-servers.ts';
import { startEtcd } from './api-server.ts';
import { findBinaries, type Binaries } from './binaries.ts';
import { MissingError } from './go.ts';
import { keepWorld, LONGEST_KEPT_MS } from './keep.ts';
import { playAll } from './play-all.ts';
import { inSession, type Session } from './session.ts';
import { faultsOf } from './side-jobs.ts';
import { orderOf, type Order } from './words.ts';

/** A lab that has not come to its end by then never will, however busy the machine: idle it takes some minutes. */
const LONGEST_MS = 40 * 60_000;

const started = Date.now();
const say = (line: string): void => {
  const seconds = String(Math.round((Date.now() - started) / 1_000)).padStart(4);
  process.stdout.write(`${seconds} s  ${line}\n`);
};

/** Does what the command line says; gives the exit code. */
async function main(root: string, words: readonly string[]): Promise<number> {
  const order = orderOf(words);
  const binaries = await findBinaries(root, process.env, say);
  if (order.kind === 'prepare') return 0;
  say(`controller ${binaries.controllerModule}: ${binaries.controller}`);
  if (order.kind === 'keep') {
    return inSession(LONGEST_KEPT_MS, async (session) => {
      const world = await surroundings(session, binaries);
      await keepWorld(world, order.scenario, { say, told: () => session.told() });
      say('the world is gone');
      return [];
    });
  }
  return inSession(LONGEST_MS, async (session) => {
    const world = await surroundings(session, binaries);
    const faults = await Promise.all([
      order.isWhole ? attributeFaults(binaries) : [],
      order.comparesApi ? apiFaults(root, world) : [],
      order.scenarios.length > 0 ? play(order, world) : [],
    ]);
    return faults.flat();
  });
}

async function surroundings({ processes, folder }: Session, binaries: Binaries) {
  const { url: etcd } = await startEtcd(processes, { file: binaries.etcd, folder });
  return { processes, binaries, folder, etcd };
}

type Surroundings = Awaited<ReturnType<typeof surroundings>>;

/** Compares the practice API server with a real one; gives what differs. */
async function apiFaults(root: string, world: Surroundings): Promise<readonly string[]> {
  const faults = await compareApiServers({ ...world, root, env: process.env, say });
  return counted(faults, 'differences between the API servers');
}

/** Plays the scenarios, and prints what came of them; gives what failed. */
async function play(
  { scenarios }: Extract<Order, { kind: 'play' }>,
  world: Surroundings,
): Promise<readonly string[]> {
  const { outcomes, versions, registrations } = await playAll(scenarios, world, say);
  if (outcomes.length !== scenarios.length || registrations === 0) {
    throw new Error(`${outcomes.length} of ${scenarios.length} scenarios have an outcome`);
  }
  const failed = outcomes.filter(({ faults }) => faults.length > 0);
  if (failed.length > 0) {
    const texts = failed.map(({ scenario, faults }) => `${scenario.name}: ${faults.join('\n')}`);
    return counted(texts, 'scenarios failed');
  }
  process.stdout.write(
    `lab: ran ${outcomes.length} scenarios, controller ${versions.join(', ')}, ${registrations} RegisterTargets\n`,
  );
  return [];
}

/** Compares how nlbmc reads the attributes annotation with how the controller does; gives what differs. */
async function attributeFaults({ attributeParser: program }: Binaries): Promise<readonly string[]> {
  if (program === undefined) {
    say('attributes: not compared, since the parser of the controller could not be built');
    return [];
  }
  const faults = await faultsOf({ kind: 'attributes', program }, say);
  if (faults.length === 0) say('attributes: read as the controller reads them');
  return counted(faults, 'attributes are read in another way');
}

/** The first of the faults, and how many there are; nothing where there are none. */
function counted(faults: readonly string[], what: string): readonly string[] {
  return faults.length === 0 ? [] : [...faults.slice(0, 30), `lab: ${faults.length} ${what}`];
}

const [root = process.cwd(), ...words] = process.argv.slice(2);
try {
  process.exitCode = await main(root, words);
} catch (error) {
  if (!(error instanceof MissingError)) throw error;
  process.stderr.write(`lab: ${error.message}\n`);
  process.exitCode = 2;
}
