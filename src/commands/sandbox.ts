import { exitOfSignal } from '../core/plan/exit.ts';
import { advice } from '../core/model/hint.ts';
import { ProblemError } from '../core/model/problem.ts';
import type { Io } from '../io.ts';
import { beforeDeath } from '../sandbox/before-death.ts';
import { parseFault } from '../sandbox/fault-option.ts';
import { runInside } from '../sandbox/run-inside.ts';
import { scenarios, type ScenarioName } from '../sandbox/scenarios/scenarios.ts';
import { startSandbox, type Sandbox } from '../sandbox/server.ts';
import { sandboxStory } from '../sandbox/story.ts';
import { SandboxUsageError } from '../sandbox/usage-error.ts';
import { parseUser } from '../sandbox/user-option.ts';
import { withoutOptimizing } from '../sandbox/without-optimizing.ts';

export interface SandboxCommandOptions {
  /** Contexts, the primary first; those of the scenario where none is named. */
  readonly clusters?: readonly string[] | undefined;
  readonly scenario: string;
  readonly speed: number;
  /** Program and arguments to run inside; empty to serve until interrupted. */
  readonly command: readonly string[];
  readonly dir?: string | undefined;
  /** Faults as `parseFault` reads them. */
  readonly fault?: readonly string[] | undefined;
  /** Users as `parseUser` reads them. */
  readonly user?: readonly string[] | undefined;
  /** Clusters whose controller is stopped once the scenario is there. */
  readonly stopController?: readonly string[] | undefined;
}

/**
 * `nlbmc sandbox`: serves a practice world until `io.signal` aborts (130, 143), or runs a command
 * inside it and gives that command's exit code. What it made is gone afterwards in any case.
 * Raises ProblemError (exit 2) for a world that cannot be.
 */
export async function runSandbox(
  options: SandboxCommandOptions,
  io: Pick<Io, 'stdout' | 'stderr' | 'env' | 'signal' | 'programName'>,
): Promise<number> {
  const { command, scenario, speed } = options;
  const name = io.programName ?? 'nlbmc';
  let sandbox: Sandbox | undefined;
  let endWatch: (() => void) | undefined;
  try {
    sandbox = await withoutOptimizing(() => start(options));
    endWatch = beforeDeath(sandbox.removeFiles, io.signal?.reason as string | undefined);
    if (!io.signal?.aborted && command.length > 0) {
      return await runInside(command, sandbox.env, io);
    }
    if (!io.signal?.aborted) {
      io.stdout.write(sandbox.exportLines());
      io.stderr.write(sandboxStory(sandbox, scenario as ScenarioName, speed, name));
      await aborted(io.signal);
    }
    return exitOfSignal(io.signal ?? { reason: undefined });
  } catch (error) {
    if (!(error instanceof SandboxUsageError)) throw error;
    throw new ProblemError({ code: 'usage', message: error.message, hints: [advice(error.hint)] });
  } finally {
    await sandbox?.stop();
    endWatch?.();
  }
}

async function start(options: SandboxCommandOptions): Promise<Sandbox> {
  const { scenario, speed, dir, fault = [], user = [], stopController = [] } = options;
  if (!Object.hasOwn(scenarios, scenario)) {
    throw new SandboxUsageError(
      `There is no scenario ${scenario}.`,
      `Choose one of ${Object.keys(scenarios).join(', ')}.`,
    );
  }
  const clusters = options.clusters ?? scenarios[scenario as ScenarioName].clusters;
  if (!(speed > 0 && Number.isFinite(speed))) {
    throw new SandboxUsageError(
      'The speed must be greater than zero.',
      'Write a number such as 1 or 60.',
    );
  }
  const faults = fault.map((text) => parseFault(text, clusters));
  const users = user.map(parseUser);
  const stray = stopController.find((name) => !clusters.includes(name));
  if (stray !== undefined) {
    throw new SandboxUsageError(
      `--stop-controller names ${stray}, which is not a cluster of this sandbox.`,
      `The clusters are ${clusters.join(', ')}.`,
    );
  }
  const { controllers } = scenarios[scenario as ScenarioName];
  const managed = clusters.find(
    (name, i) =>
      stopController.includes(name) &&
      controllers?.(i === 0 ? 'primary' : 'secondary') === 'auto-mode',
  );
  if (managed !== undefined) {
    throw new SandboxUsageError(
      `--stop-controller names ${managed}, whose controller is that of EKS Auto Mode: AWS runs it, and only AWS can stop it.`,
      `To make it hang, type 'nlbmc sandbox ctl pause ${managed}' when the practice world runs.`,
    );
  }
  const sandbox = await startSandbox({
    clusters,
    scenario: scenario as ScenarioName,
    speed,
    users,
    ...(dir === undefined ? {} : { dir }),
  });
  for (const rule of faults) sandbox.world.faults.add(rule);
  for (const name of stopController) sandbox.world.cluster(name).lbc.stop();
  return sandbox;
}

function aborted(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) resolve();
    signal?.addEventListener('abort', () => resolve(), { once: true });
  });
}
