/** @isolated Modules of the program are replaced. */
import { interleave } from './interleave.ts';
import { seedsOf } from './seeds.ts';

describe('law 5, in random interleavings: even seeds', () => interleave(seedsOf(0)));
