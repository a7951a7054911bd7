import { setFlagsFromString } from 'node:v8';

/**
 * Runs `work` without V8's optimizing compiler. Whoever makes one world runs thousands of functions for the first
 * time and few of them often: to optimize those took a quarter of the processor time, and saved nothing
 * (docs/performance.md). Afterwards it is as it was, since a world may serve for days.
 */
export async function withoutOptimizing<T>(work: () => Promise<T>): Promise<T> {
  setFlagsFromString('--no-opt');
  try {
    return await work();
  } finally {
    setFlagsFromString('--opt');
  }
}
