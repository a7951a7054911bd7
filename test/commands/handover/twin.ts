import type { Code } from '../../../src/core/model/codes.ts';
import type { Handed } from '../../sandbox/handover/shared.ts';
import type { Progress, Stage, StageOptions } from '../../laws/stage.ts';

/** A world in which the command refuses, and in which the same done by hand does the harm. */
export interface Twin {
  readonly code: Code;
  readonly says: string;
  /** Each is a world of its own: the others are played in CI. */
  readonly everyRun?: true;
  /** `joined` unless given. */
  readonly progress?: Progress;
  readonly options?: StageOptions;
  readonly play: (hands: Handed, stage: Stage) => Promise<void>;
}
