import { fork } from 'node:child_process';
import { setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { ApiServer } from './api-server.ts';
import type { Left } from './left.ts';

/** What is done in a process of its own, so that the worlds of the lab are not kept waiting. */
export type Job =
  | {
      readonly kind: 'sandbox';
      /** Of the scenarios, in the order in which they are played. */
      readonly names: readonly string[];
      /** Of the controllers, such as v3.2.2. */
      readonly version: string;
    }
  | {
      readonly kind: 'attributes';
      /** The controller's parser. */
      readonly program: string;
    }
  | {
      readonly kind: 'api';
      readonly server: Pick<ApiServer, 'url' | 'tokens'>;
      readonly ca: string;
      /** The checkout. */
      readonly root: string;
      readonly env: Readonly<Record<string, string | undefined>>;
    };

/** What comes of a job. */
export type Told =
  | { readonly kind: 'line'; readonly line: string }
  /** What the sandbox left of a scenario, or why it did not come to its end. */
  | { readonly kind: 'left'; readonly name: string; readonly left: Left | string }
  | { readonly kind: 'faults'; readonly faults: readonly string[] };

/** Of what may be done later: it gets the time that nobody else needs. */
export const PATIENT = 10;

/** Does a job that finds faults, and gives them back. */
export async function faultsOf(job: Job, say: (line: string) => void): Promise<readonly string[]> {
  let found: readonly string[] | undefined;
  await besides(job, (told) => {
    if (told.kind === 'line') say(told.line);
    if (told.kind === 'faults') found = told.faults;
  });
  if (!found) throw new Error(`the process for ${job.kind} told nothing`);
  return found;
}

/** Does a job and resolves when it has ended; what it tells comes to `told`, in its order. */
export function besides(job: Job, told: (one: Told) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    // scripts/lab.js puts it beside the program. It ends with this process: side-job.ts.
    const child = fork(fileURLToPath(new URL('./lab-side-job.js', import.meta.url)), {
      serialization: 'advanced',
    });
    if (child.pid !== undefined) setPriority(child.pid, PATIENT);
    child.on('message', (one) => told(one as Told));
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`the process for ${job.kind} ended with ${signal ?? `code ${code}`}`));
    });
    child.send(job);
  });
}
