import type { Problem } from '../../src/core/model/problem.ts';
import {
  whileDisabling,
  whileLeaving,
  whilePurging,
  whileRepairing,
  whileReplacing,
} from './ending.ts';
import { whileHandingOver } from './handing.ts';
import { whileEnabling, whileJoining } from './joining.ts';
import { whileAskingAws, whileAskingKubernetes } from './requests.ts';
import { whileRunning } from './runs.ts';
import { whileConnecting, whileVerifying, whileWaiting } from './verifying.ts';

const all = {
  enable: whileEnabling,
  join: whileJoining,
  leave: whileLeaving,
  disable: whileDisabling,
  purge: whilePurging,
  repair: whileRepairing,
  handover: whileHandingOver,
  replace: whileReplacing,
  verify: whileVerifying,
  wait: whileWaiting,
  traffic: whileConnecting,
  kubernetes: whileAskingKubernetes,
  aws: whileAskingAws,
  run: whileRunning,
};

/** A Problem, and the situation that a planner or a request raised it in. */
export interface Raised {
  readonly where: string;
  readonly problem: Problem;
}

/** Each situation by command, with all Problems that the program really raises in it. */
export const raisedIn = Object.entries(all).map(([command, situations]) => ({
  command,
  found: Object.entries(situations).map(([what, problems]) => ({
    where: `${command}: ${what}`,
    problems: problems(),
  })),
}));

/** All Problems of all situations. */
export const raised: readonly Raised[] = raisedIn.flatMap(({ found }) =>
  found.flatMap(({ where, problems }) => problems.map((problem) => ({ where, problem }))),
);
