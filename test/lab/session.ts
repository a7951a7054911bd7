import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Processes, tails } from './processes.ts';

const SIGNALS: readonly (readonly [NodeJS.Signals, number])[] = [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
];

/** One run of the lab: its folder, and the programs that it started. */
export interface Session {
  readonly folder: string;
  readonly processes: Processes;
  /** From now on a signal does not end the run in the middle: it is told here. */
  told(): Promise<NodeJS.Signals>;
}

/**
 * Runs `act` with a folder and processes of its own, both of which are gone when this resolves to 0. When it gives
 * faults, throws, takes longer than `limitMs`, or a signal comes, the last lines of all logs are printed, then
 * why, since that is what a person looks for; the logs stay, and the process ends.
 */
export async function inSession(
  limitMs: number,
  act: (session: Session) => Promise<readonly string[]>,
): Promise<0> {
  const folder = mkdtempSync(join(tmpdir(), 'nlbmc-lab-'));
  const processes = new Processes(folder);
  let isOver = false;
  const end = async (code: number, why: string): Promise<never> => {
    // A second Ctrl-C by somebody in a hurry changes nothing.
    if (isOver) return new Promise<never>(() => undefined);
    isOver = true;
    process.stdout.write(`${tails(processes, 10)}\nlab: all logs are in ${folder}\nlab: ${why}\n`);
    await processes.stop();
    process.exit(code);
  };
  let tell: ((signal: NodeJS.Signals) => void) | undefined;
  const listeners = SIGNALS.map(([signal, code]) => {
    const listen = (): void => (tell ? tell(signal) : void end(code, `ended by ${signal}`));
    process.on(signal, listen);
    return () => process.off(signal, listen);
  });
  const limit = setTimeout(() => void end(1, 'took too long'), limitMs);
  try {
    const told = (): Promise<NodeJS.Signals> => new Promise((resolve) => (tell = resolve));
    const faults = await act({ folder, processes, told });
    if (faults.length > 0) return await end(1, ['failed', ...faults].join('\n'));
    await processes.stop();
    rmSync(folder, { recursive: true, force: true });
    return 0;
  } catch (error) {
    // What a lab that is being ended meets is no news.
    if (isOver) return await new Promise<never>(() => undefined);
    return await end(1, error instanceof Error ? (error.stack ?? error.message) : String(error));
  } finally {
    clearTimeout(limit);
    for (const unlisten of listeners) unlisten();
  }
}
