/** @shared Modules of nlbmc are replaced by hooks of Node. */
import { interleave } from './interleave.ts';
import { seedsOf } from './seeds.ts';

describe('law 5, in random interleavings: odd seeds', () => interleave(seedsOf(1)));
