import { startController, versionIn, type ControllerSurroundings } from './controller-process.ts';
import type { LabProcess, Processes } from './processes.ts';
import type { RealCluster } from './real-cluster.ts';
import type { ControllerFlags, LabController } from './stage.ts';
import { sleep } from './waiting.ts';

/** The controller of a cluster: at most one process at a time. */
export class RealController implements LabController {
  readonly #processes: Processes;
  readonly #cluster: RealCluster;
  readonly #around: ControllerSurroundings;
  #process: LabProcess | undefined;
  #version: string | undefined;
  #flags: ControllerFlags = {};

  constructor(processes: Processes, cluster: RealCluster, around: ControllerSurroundings) {
    this.#processes = processes;
    this.#cluster = cluster;
    this.#around = around;
  }

  /** As it logs it itself, without what follows the number: `v3.2.2`. Throws before it ever ran. */
  get version(): string {
    return this.logged.replace(/[-+].*$/, '');
  }

  /** As it logs it itself, in full. Throws before it ever ran. */
  get logged(): string {
    if (!this.#version) throw new Error(`the controller of ${this.#cluster.context} never ran`);
    return this.#version;
  }

  async start(flags: ControllerFlags = {}): Promise<void> {
    if (this.#process) throw new Error(`the controller of ${this.#cluster.context} runs already`);
    this.#process = await startController(this.#processes, this.#around, flags);
    this.#flags = flags;
    this.#version = versionIn(this.#process);
    await this.#cluster.showController({ version: this.version, running: true });
  }

  async stop(): Promise<void> {
    await this.#quiet();
    await this.end();
    await this.#cluster.showController({ version: this.version, running: false });
  }

  /**
   * Until it has said nothing for a second: a pass that its end cuts off leaves a Warning event, which would
   * be luck. One that fails again and again is not waited for longer than ten seconds.
   */
  async #quiet(): Promise<void> {
    let said = -1;
    for (let second = 0; second < 10; second += 1) {
      const now = this.#process?.output().length ?? 0;
      if (now === said) return;
      said = now;
      await sleep(1_000);
    }
  }

  /** Lets it run as it did at first, whatever a scenario left. */
  async restore(): Promise<void> {
    if (this.#process && Object.keys(this.#flags).length === 0) return;
    await this.end();
    await this.start();
  }

  /** Ends the process and tells nobody. */
  async end(): Promise<void> {
    const running = this.#process;
    this.#process = undefined;
    await running?.stop();
  }

  /** Throws when the process has ended without being told to. */
  check(): void {
    this.#process?.check();
  }
}
