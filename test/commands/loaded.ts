import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { runNlbmc, startPractice } from './harness.ts';

/**
 * Whatever a command loads when it is run has been loaded: for tests in which other things go on
 * during a run. While a module is read from disk, a clock that they move would run ahead.
 */
export const loaded: Promise<void> = (async () => {
  const folder = join(import.meta.dirname, '../../src/commands');
  for (const name of readdirSync(folder))
    if (name.endsWith('.ts')) await import(join(folder, name));
  // The AWS SDK loads the parts of its chain of credentials at the first request.
  const sandbox = await startPractice();
  const { code, stderr } = await runNlbmc(sandbox, 'list --context pri-eks-clu1,sec-eks-clu1');
  await sandbox.stop();
  if (code !== 0) throw new Error(stderr);
})();
