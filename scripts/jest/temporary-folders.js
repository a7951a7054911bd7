// All that tests put into the folder for temporary files is in a folder of the run's own: a worker that is
// killed removes nothing of what it made, and a run that is killed neither.
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const START = 'nlbmc-tests-';
/** The same number may be that of a run elsewhere which shares the folder: a long one is over by then. */
const OLD_MS = 6 * 60 * 60_000;

/** Removes a folder with all that is in it. */
export const remove = (folder) =>
  // What a worker started may be ending still, and write.
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });

function runs(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Removes what killed runs of this user left behind. */
function sweep(parent) {
  for (const name of readdirSync(parent)) {
    const pid = new RegExp(`^${START}(\\d+)$`).exec(name)?.[1];
    if (pid === undefined || runs(Number(pid))) continue;
    const folder = join(parent, name);
    const found = statSync(folder, { throwIfNoEntry: false });
    if (!found || found.uid !== process.getuid?.()) continue;
    if (Date.now() - found.mtimeMs > OLD_MS) remove(folder);
  }
}

/** jest calls it before it starts its workers, which get this environment; the-end.js removes the folder. */
export default function setup() {
  const parent = tmpdir();
  sweep(parent);
  const folder = join(parent, `${START}${process.pid}`);
  remove(folder);
  mkdirSync(folder, { mode: 0o700 });
  process.env.TMPDIR = folder;
}
