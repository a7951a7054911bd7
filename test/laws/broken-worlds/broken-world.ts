import type { Scenario, ScenarioName } from '../../../src/sandbox/scenarios/scenarios.ts';
import type { World } from '../../../src/sandbox/world.ts';
import type { Progress } from '../stage.ts';
import type { End } from '../walk.ts';

/** A world in which something is wrong, the command that meets it, and how its hints end. */
export interface BrokenWorld {
  readonly name: string;
  /** What has been typed before, with success. */
  readonly earlier?: readonly string[];
  readonly act?: (world: World) => void;
  readonly before?: Progress;
  readonly scenario?: ScenarioName;
  /** Instead of the scenario's. */
  readonly controllers?: Scenario['controllers'];
  readonly line?: string;
  readonly ends: End;
  /** Which of the commands that the line prints is typed next; absent: the first one, 0. */
  readonly hint?: number;
  /** What is typed besides nlbmc; where a chain ends in a look, kubectl. */
  readonly tool?: 'kubectl' | 'aws';
}
