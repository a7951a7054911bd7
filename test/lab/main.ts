import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compareAttributes } from './attribute-parser.ts';
import { compareApiServers } from './api-comparison.ts';
import { startEtcd } from './api-server.ts';
import { findBinaries } from './binaries.ts';
import { MissingError } from './go.ts';
import { playAll } from './play-all.ts';
import { Processes, tails } from './processes.ts';
import { scenarios } from './scenarios/all.ts';

/** A lab that has not come to its end by then never will, however busy the machine: idle it takes seven minutes. */
const LONGEST_MS = 40 * 60_000;
/** On the command line: the comparison of the API servers alone. */
const API = 'api';
const SIGNALS: readonly (readonly [NodeJS.Signals, number])[] = [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
];

const started = Date.now();
const say = (line: string): void => {
  const seconds = String(Math.round((Date.now() - started) / 1_000)).padStart(4);
  process.stdout.write(`${seconds} s  ${line}\n`);
};

/**
 * Plays the scenarios named on the command line, or all; ends the process with 0, 1 or 2. With
 * `--prepare` it only builds what is missing: that needs the network which the lab does without.
 */
async function main(root: string, names: readonly string[]): Promise<number> {
  if (names[0] === '--prepare') {
    await findBinaries(root, process.env, say);
    return 0;
  }
  const chosen = scenarios.filter(({ name }) => names.length === 0 || names.includes(name));
  const comparesApi = names.length === 0 || names.includes(API);
  const unknown = names.filter(
    (name) => name !== API && !scenarios.some((scenario) => scenario.name === name),
  );
  if (unknown.length > 0) throw new MissingError(`there is no scenario ${unknown.join(', ')}.`);
  const binaries = await findBinaries(root, process.env, say);
  say(`controller ${binaries.controllerModule}: ${binaries.controller}`);

  if (names.length === 0 && binaries.attributeParser === undefined) {
    say('attributes: not compared, since the parser of the controller could not be built');
  } else if (names.length === 0 && binaries.attributeParser !== undefined) {
    const faults = compareAttributes(binaries.attributeParser);
    if (faults.length > 0) {
      process.stdout.write(`${faults.slice(0, 20).join('\n')}\n`);
      throw new Error(
        `${faults.length} attributes are read in another way than the controller does`,
      );
    }
    say('attributes: read as the controller reads them');
  }

  const folder = mkdtempSync(join(tmpdir(), 'nlbmc-lab-'));
  const processes = new Processes(folder);
  let isOver = false;
  const end = async (code: number, why: string): Promise<never> => {
    isOver = true;
    process.stdout.write(`${tails(processes, 10)}\nlab: ${why}; all logs are in ${folder}\n`);
    await processes.stop();
    process.exit(code);
  };
  for (const [signal, code] of SIGNALS) {
    process.once(signal, () => void end(code, `ended by ${signal}`));
  }
  const limit = setTimeout(() => void end(1, 'took too long'), LONGEST_MS);
  try {
    const { url: etcd } = await startEtcd(processes, { file: binaries.etcd, folder });
    if (comparesApi) {
      const env = process.env;
      const faults = await compareApiServers({ processes, binaries, folder, etcd, root, env, say });
      if (faults.length > 0) {
        process.stdout.write(`${faults.slice(0, 30).join('\n')}\n`);
        return await end(1, `${faults.length} differences between the API servers`);
      }
    }
    if (chosen.length === 0) {
      await processes.stop();
      rmSync(folder, { recursive: true, force: true });
      return 0;
    }
    const { outcomes, versions, registrations } = await playAll(
      chosen,
      { processes, binaries, folder, etcd },
      say,
    );
    const failed = outcomes.filter(({ faults }) => faults.length > 0);
    if (outcomes.length !== chosen.length || registrations === 0) {
      throw new Error(`${outcomes.length} of ${chosen.length} scenarios have an outcome`);
    }
    if (failed.length > 0) return await end(1, `${failed.length} scenarios failed`);
    await processes.stop();
    rmSync(folder, { recursive: true, force: true });
    process.stdout.write(
      `lab: ran ${outcomes.length} scenarios, controller ${versions.join(', ')}, ${registrations} RegisterTargets\n`,
    );
    return 0;
  } catch (error) {
    // What a lab that is being ended meets is no news.
    if (isOver) return await new Promise<never>(() => undefined);
    return await end(1, error instanceof Error ? (error.stack ?? error.message) : String(error));
  } finally {
    clearTimeout(limit);
  }
}

const [root = process.cwd(), ...names] = process.argv.slice(2);
try {
  process.exitCode = await main(root, names);
} catch (error) {
  if (!(error instanceof MissingError)) throw error;
  process.stderr.write(`lab: ${error.message}\n`);
  process.exitCode = 2;
}
