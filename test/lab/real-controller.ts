import type { KubeObject } from '../../src/sandbox/kube/object.ts';
import { startController, versionOf, type ControllerSurroundings } from './controller-process.ts';
import type { LabProcess, Processes } from './processes.ts';
import type { RealCluster } from './real-cluster.ts';
import type { ControllerFlags, LabController } from './stage.ts';
import { sleep } from './waiting.ts';

/**
 * The controller of a cluster: at most one process at a time. Where it takes part in elections, it is the
 * process of the pod of its Deployment that leads, and ends with it: the newest pod's comes next, as after
 * `kubectl rollout restart`. The others only answer webhooks in a cluster, and are not played.
 */
export class RealController implements LabController {
  readonly #processes: Processes;
  readonly #cluster: RealCluster;
  readonly #around: ControllerSurroundings;
  readonly #elects: boolean;
  #process: LabProcess | undefined;
  #version: string | undefined;
  #flags: ControllerFlags = {};
  #pod: string | undefined;
  #isWanted = false;
  #moved: Promise<void> = Promise.resolve();
  #failure: unknown;

  constructor(
    processes: Processes,
    cluster: RealCluster,
    around: ControllerSurroundings,
    o: { readonly elects: boolean },
  ) {
    this.#processes = processes;
    this.#cluster = cluster;
    this.#around = around;
    this.#elects = o.elects;
    if (o.elects) cluster.onControllerPod((pod) => this.#look(pod));
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
    this.#version = await versionOf(this.#around.file);
    this.#flags = flags;
    // Its pods come first where it is one of them.
    if (this.#elects) await this.#show(true);
    await this.#launch();
    if (!this.#elects) await this.#show(true);
    this.#isWanted = this.#elects;
  }

  async stop(): Promise<void> {
    await this.#quiet();
    await this.end();
    await this.#show(false);
  }

  async crash(): Promise<void> {
    this.#isWanted = false;
    await this.#moved;
    const running = this.#process;
    this.#process = undefined;
    await running?.kill();
    await this.#show(false);
    if (this.#elects) await this.#cluster.freeLease();
    await this.start(this.#flags);
  }

  #show(running: boolean): Promise<void> {
    return this.#cluster.showController({ version: this.version, running });
  }

  async #launch(): Promise<void> {
    this.#pod = this.#elects ? this.#cluster.newestControllerPod() : undefined;
    // Scaled to nothing: there is none until a pod comes.
    if (this.#elects && !this.#pod) return;
    this.#process = await startController(this.#processes, this.#around, this.#flags, this.#pod);
  }

  /** The pod of the process is on its way out, as in a rollout, or the first of all came. */
  #look({ metadata }: KubeObject): void {
    const isDue = metadata.deletionTimestamp ? metadata.name === this.#pod : !this.#pod;
    if (!isDue || !this.#isWanted) return;
    this.#moved = this.#moved
      .then(() => this.#replace(metadata.name))
      .catch((error: unknown) => void (this.#failure = error));
  }

  /** The process of another pod begins, unless that happened meanwhile. */
  async #replace(pod: string): Promise<void> {
    if (!this.#isWanted || (this.#pod && this.#pod !== pod)) return;
    await this.#end();
    await this.#launch();
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
    this.#isWanted = false;
    await this.#moved;
    await this.#end();
  }

  async #end(): Promise<void> {
    const running = this.#process;
    this.#process = undefined;
    await running?.stop();
  }

  /** Throws when the process has ended without being told to, or could not be started. */
  check(): void {
    if (this.#failure) throw this.#failure;
    this.#process?.check();
  }
}
