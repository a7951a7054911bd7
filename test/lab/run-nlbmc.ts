import type { Io } from '../../src/io.ts';
import { run } from '../../src/main.ts';
import { inside } from '../../src/sandbox/environment.ts';
import { untilItWrites } from './mortal-run.ts';
import type { NlbmcOutcome } from './stage.ts';

/** Where nlbmc runs: its clock, the namespace, and what leads it into the world (KUBECONFIG and so on). */
export interface NlbmcPlace extends Pick<Io, 'now' | 'sleep'> {
  readonly env: Readonly<Record<string, string>>;
  readonly namespace: string;
}

/**
 * Runs nlbmc in this process, without a terminal: `line` as a person types it where nothing needs
 * quoting, with the namespace, `-o json` and patience added: the lab keeps a machine busy.
 */
export async function runNlbmc(place: NlbmcPlace, line: string, input = ''): Promise<NlbmcOutcome> {
  let stdout = '';
  let stderr = '';
  const added = ['-n', place.namespace, '-o', 'json', '--request-timeout', '60s'];
  const argv = [...line.trim().split(/\s+/), ...added];
  const code = await run(argv, {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    stdin: {
      question: () => Promise.reject(new Error('nobody is there to answer')),
      readAll: () => Promise.resolve(input),
    },
    env: inside({ HOME: '/nonexistent', LANG: 'C.UTF-8', TERM: 'dumb' }, place.env),
    now: place.now,
    sleep: place.sleep,
  });
  let report: unknown;
  try {
    report = JSON.parse(stdout);
  } catch {
    throw new Error(`nlbmc ${line}: stdout is no document:\n${stdout}\n${stderr}`);
  }
  return { code, stdout, stderr, report };
}

/**
 * Runs nlbmc until a pause of its waits at which `when` holds: this pause never ends, so that nothing
 * of the run goes on, as after a kill. Throws where the run comes to its end before.
 */
export async function killNlbmc(
  place: NlbmcPlace,
  line: string,
  when: () => Promise<boolean>,
): Promise<void> {
  let die: (() => void) | undefined;
  const death = new Promise<undefined>((resolve) => (die = () => resolve(undefined)));
  const sleep = async (ms: number): Promise<void> => {
    if (!(await when())) return place.sleep(ms);
    die?.();
    return new Promise(() => undefined);
  };
  const outcome = await Promise.race([runNlbmc({ ...place, sleep }, line), death]);
  if (outcome) {
    throw new Error(
      `nlbmc ${line} came to its end before it could be killed:\n${outcome.stdout}\n${outcome.stderr}`,
    );
  }
}

/** Runs nlbmc until a write at which no run has died before: undefined, or what came of it where there was none. */
export const runToWrite = (
  place: NlbmcPlace,
  line: string,
  survives: Set<string>,
): Promise<NlbmcOutcome | undefined> =>
  untilItWrites({ sleep: place.sleep, survives }, (sleep) => runNlbmc({ ...place, sleep }, line));
