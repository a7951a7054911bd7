import { remove } from './temporary-folders.js';

/** jest calls it when all workers have ended. */
export default function theEnd() {
  remove(process.env.TMPDIR);
}
