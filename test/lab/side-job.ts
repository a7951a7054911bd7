import { once } from 'node:events';
import { compareAttributes } from './attribute-parser.ts';
import { compareAnswers } from './api-comparison.ts';
import { playInSandbox } from './play.ts';
import { scenarios } from './scenarios/all.ts';
import type { Job, Told } from './side-jobs.ts';
import { described } from './waiting.ts';

/** Tells the process that gave the job, and waits until it has been sent. */
const tell = (one: Told): Promise<unknown> =>
  new Promise((sent) => void process.send?.(one, undefined, undefined, sent));

/** Does the job that comes. */
async function main(): Promise<void> {
  const [job] = (await once(process, 'message')) as [Job];
  switch (job.kind) {
    case 'attributes':
      await tell({ kind: 'faults', faults: compareAttributes(job.program) });
      return;
    case 'api': {
      const say = (line: string): void => void tell({ kind: 'line', line });
      await tell({ kind: 'faults', faults: await compareAnswers({ ...job, say }) });
      return;
    }
    case 'sandbox':
      for (const name of job.names) {
        const scenario = scenarios.find((one) => one.name === name);
        if (!scenario) throw new Error(`there is no scenario ${name}`);
        const left = await playInSandbox(scenario, { version: job.version }).catch(described);
        await tell({ kind: 'left', name, left });
      }
  }
}

// The lab has ended, however that came: nobody wants to know any more.
const orphaned = (): never => process.exit(1);
process.once('disconnect', orphaned);
await main();
process.off('disconnect', orphaned);
process.disconnect();
