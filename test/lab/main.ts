import { compareAttributes } from './attribute-parser.ts';
import { compareApiServers } from './api-servers.ts';
import { startEtcd } from './api-server.ts';
import { findBinaries, type Binaries } from './binaries.ts';
import { MissingError } from './go.ts';
import { keepWorld, LONGEST_KEPT_MS } from './keep.ts';
import { playAll } from './play-all.ts';
import { inSession, type Session } from './session.ts';
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
      return 0;
    });
  }
  if (order.isWhole) checkAttributes(binaries);
  return inSession(LONGEST_MS, async (session) => {
    const world = await surroundings(session, binaries);
    const [agrees, code] = await Promise.all([
      !order.comparesApi || apiAgrees(root, world),
      order.scenarios.length === 0 ? 0 : play(order, world),
    ]);
    return agrees ? code : 1;
  });
}

async function surroundings({ processes, folder }: Session, binaries: Binaries) {
  const { url: etcd } = await startEtcd(processes, { file: binaries.etcd, folder });
  return { processes, binaries, folder, etcd };
}

type Surroundings = Awaited<ReturnType<typeof surroundings>>;

/** Compares the practice API server with a real one, and prints what differs. */
async function apiAgrees(root: string, world: Surroundings): Promise<boolean> {
  const faults = await compareApiServers({ ...world, root, env: process.env, say });
  if (faults.length === 0) return true;
  process.stdout.write(`${faults.slice(0, 30).join('\n')}\n`);
  process.stdout.write(`lab: ${faults.length} differences between the API servers\n`);
  return false;
}

async function play(
  { scenarios }: Extract<Order, { kind: 'play' }>,
  world: Surroundings,
): Promise<number> {
  const { outcomes, versions, registrations } = await playAll(scenarios, world, say);
  const failed = outcomes.filter(({ faults }) => faults.length > 0);
  if (outcomes.length !== scenarios.length || registrations === 0) {
    throw new Error(`${outcomes.length} of ${scenarios.length} scenarios have an outcome`);
  }
  if (failed.length > 0) {
    process.stdout.write(`lab: ${failed.length} scenarios failed\n`);
    return 1;
  }
  process.stdout.write(
    `lab: ran ${outcomes.length} scenarios, controller ${versions.join(', ')}, ${registrations} RegisterTargets\n`,
  );
  return 0;
}

/** Throws where nlbmc reads the attributes annotation in another way than the controller does. */
function checkAttributes({ attributeParser }: Binaries): void {
  if (attributeParser === undefined) {
    say('attributes: not compared, since the parser of the controller could not be built');
    return;
  }
  const faults = compareAttributes(attributeParser);
  if (faults.length > 0) {
    process.stdout.write(`${faults.slice(0, 20).join('\n')}\n`);
    throw new Error(`${faults.length} attributes are read in another way than the controller does`);
  }
  say('attributes: read as the controller reads them');
}

const [root = process.cwd(), ...words] = process.argv.slice(2);
try {
  process.exitCode = await main(root, words);
} catch (error) {
  if (!(error instanceof MissingError)) throw error;
  process.stderr.write(`lab: ${error.message}\n`);
  process.exitCode = 2;
}
