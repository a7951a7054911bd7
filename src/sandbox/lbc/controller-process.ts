import type { Cancel, Clock } from '../time/clock.ts';
import type { AwsAccount } from '../aws/account.ts';
import type { KubeCluster } from '../kube/cluster/cluster.ts';
import type { Faults } from '../requests/faults.ts';
import { BindingController } from './binding/binding-controller.ts';
import { BindingManager } from './binding/binding-reconcile.ts';
import { ControllerApi } from './process/controller-api.ts';
import { DeferredQueue } from './binding/deferred-queue.ts';
import { Crashed, isDefect } from './process/errors.ts';
import { Events } from './process/events.ts';
import { NodeNetworking } from './networking/node-networking.ts';
import { VpcRanges } from './binding/registration.ts';
import type { ModelContext } from './service/model-terms.ts';
import { KnownTags } from './service/known-tags.ts';
import { ServiceReconciler } from './service/service-reconcile.ts';
import { watch } from './watches.ts';
import { WorkQueue, type QueueRules } from '../time/work-queue.ts';

const QUEUE: QueueRules = {
  workers: 3,
  delayMs: 20,
  merges: false,
  firstRetryMs: 5,
  // pkg/config/controller_config.go: --targetgroupbinding-max-exponential-backoff-delay, and client-go's.
  lastRetryMs: 1_000_000,
  retries(error) {
    if (isDefect(error)) throw error;
    return !(error instanceof Crashed);
  },
};

/** What a controller process is started with. */
export interface ProcessSettings extends ModelContext {
  readonly checkpointSkip: boolean;
  readonly faults: Faults | undefined;
}

/**
 * One life of the controller, from start to stop: everything that it knows only in memory lives and
 * dies with this object. `onDeath` is called when an armed crash ends it.
 */
export class ControllerProcess {
  readonly api: ControllerApi;
  readonly #bindings: WorkQueue;
  readonly #services: WorkQueue;
  readonly #endWatch: () => void;
  #endResync: Cancel = () => {};
  #alive = true;
  #paused = false;

  constructor(
    cluster: KubeCluster,
    account: AwsAccount,
    clock: Clock,
    settings: ProcessSettings,
    onDeath: () => void,
  ) {
    const { version, flags } = settings;
    const api = new ControllerApi(settings.names, cluster, account, onDeath, settings.faults);
    const events = new Events(api, clock);
    const networking = new NodeNetworking(api, clock, settings);
    const manager = new BindingManager(api, clock, events, settings, networking);
    const deferred = new DeferredQueue(api, clock, flags.syncPeriodMs, () => this.#alive);
    const bindings = new BindingController(api, events, manager, deferred, version);
    const ranges = new VpcRanges(api, clock);
    const known = new KnownTags(api, clock);
    const services = new ServiceReconciler(api, events, settings, ranges, known);
    this.api = api;
    this.#bindings = new WorkQueue(clock, QUEUE, (key) => bindings.reconcile(key));
    this.#services = new WorkQueue(clock, QUEUE, (key) => services.reconcile(key));
    const begin = (): (() => void) =>
      watch(cluster, this.#bindings, this.#services, {
        names: settings.names,
        version,
        loadBalancerClass: flags.loadBalancerClass,
        watchNamespace: flags.watchNamespace,
      });
    this.#endWatch = begin();
    // Informers hand everything out again once per sync period.
    const resync = (): void => {
      begin()();
      this.#endResync = clock.after(flags.syncPeriodMs, resync);
    };
    this.#endResync = clock.after(flags.syncPeriodMs, resync);
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** The process hangs: it keeps its memory and its webhooks, and does no work. */
  pause(): void {
    this.#paused = true;
    this.#bindings.pause();
    this.#services.pause();
  }

  resume(): void {
    this.#paused = false;
    this.#bindings.resume();
    this.#services.resume();
  }

  /** The process is gone, whatever it was doing. */
  stop(): void {
    this.#alive = false;
    this.#bindings.stop();
    this.#services.stop();
    this.#endWatch();
    this.#endResync();
  }
}
