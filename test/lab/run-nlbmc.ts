import type { Io } from '../../src/io.ts';
import { run } from '../../src/main.ts';
import { inside } from '../../src/sandbox/environment.ts';
import type { NlbmcOutcome } from './stage.ts';

/**
 * Runs nlbmc in this process, without a terminal: `line` as a person types it where nothing needs
 * quoting, with the namespace and `-o json` added. `env` leads it into the world (KUBECONFIG,
 * AWS_ENDPOINT_URL and so on).
 */
export async function runNlbmc(
  o: Pick<Io, 'now' | 'sleep'> & {
    readonly env: Readonly<Record<string, string>>;
    readonly namespace: string;
  },
  line: string,
  input = '',
): Promise<NlbmcOutcome> {
  let stdout = '';
  let stderr = '';
  const argv = [...line.trim().split(/\s+/), '-n', o.namespace, '-o', 'json'];
  const code = await run(argv, {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    stdin: {
      question: () => Promise.reject(new Error('nobody is there to answer')),
      readAll: () => Promise.resolve(input),
    },
    env: inside({ HOME: '/nonexistent', LANG: 'C.UTF-8', TERM: 'dumb' }, o.env),
    now: o.now,
    sleep: o.sleep,
  });
  let report: unknown;
  try {
    report = JSON.parse(stdout);
  } catch {
    throw new Error(`nlbmc ${line}: stdout is no document:\n${stdout}\n${stderr}`);
  }
  return { code, stdout, stderr, report };
}
