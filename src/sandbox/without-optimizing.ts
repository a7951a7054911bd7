import { setFlagsFromString } from 'node:v8';

/**
 * Runs `work` without V8's optimizing compiler. The first world of a process runs thousands of functions for the
 * first time, and few of them often: to optimize those took a third of the processor time and saved nothing
 * (docs/performance.md). Afterwards it optimizes again, since a world may serve for days. Only for practice: Node
 * promises little for flags that change while it runs (`v8.setFlagsFromString` in its documentation).
 */
export async function withoutOptimizing<T>(work: () => Promise<T>): Promise<T> {
  setFlagsFromString('--no-opt');
  try {
    return await work();
  } finally {
    setFlagsFromString('--opt');
  }
}
