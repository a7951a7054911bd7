import type { KubeObject } from '../../kube/object.ts';
import type { BindingManager } from './binding-reconcile.ts';
import type { ControllerApi } from '../process/controller-api.ts';
import type { DeferredQueue } from './deferred-queue.ts';
import { Crashed, GoPanic } from '../process/errors.ts';
import type { Events } from '../process/events.ts';
import { addFinalizer, hasFinalizer, removeFinalizer } from '../process/finalizers.ts';
import { atLeast } from '../process/version.ts';
import type { Outcome, Pass } from '../../time/work-queue.ts';

const SOURCE = 'targetGroupBinding';

/**
 * One pass over a binding with its finalizer, status and events
 * (controllers/elbv2/targetgroupbinding_controller.go). Requeues and skips write no event.
 */
export class BindingController {
  readonly #api: ControllerApi;
  readonly #events: Events;
  readonly #manager: BindingManager;
  readonly #deferred: DeferredQueue;
  readonly #version: string;

  constructor(
    api: ControllerApi,
    events: Events,
    manager: BindingManager,
    deferred: DeferredQueue,
    version: string,
  ) {
    this.#api = api;
    this.#events = events;
    this.#manager = manager;
    this.#deferred = deferred;
    this.#version = version;
  }

  /** `key` is `namespace/name`. A generator without a yield: a pass over a binding never sleeps. */
  // oxlint-disable-next-line require-yield
  *reconcile(key: string): Pass {
    const [namespace = '', name = ''] = key.split('/');
    const binding = this.#api.get(this.#api.names.bindings, namespace, name);
    if (!binding) return { kind: 'done' };
    if (binding.metadata.deletionTimestamp) {
      this.#cleanUp(binding);
      return { kind: 'done' };
    }
    return this.#provide(key, binding);
  }

  #provide(key: string, found: KubeObject): Outcome {
    const { bindings, bindingFinalizer } = this.#api.names;
    const binding = this.#attempt(found, 'FailedAddFinalizer', 'Failed add finalizer', () =>
      addFinalizer(this.#api, bindings, found, bindingFinalizer),
    );
    // The words of this event's message are inferred; its reason is not.
    const result = this.#attempt(binding, 'FailedReconcile', 'Failed reconcile', () =>
      this.#manager.reconcile(binding),
    );
    switch (result.kind) {
      case 'again':
        return result;
      case 'skipped':
        this.#deferred.defer(key);
        return { kind: 'done' };
      case 'reconciled':
        this.#attempt(binding, 'FailedUpdateStatus', 'Failed update status', () =>
          this.#observe(binding),
        );
        this.#deferred.markProcessed(key);
        this.#events.normal(SOURCE, binding, 'SuccessfullyReconciled', 'Successfully reconciled');
        return { kind: 'done' };
    }
  }

  #observe(binding: KubeObject): void {
    const { namespace = '', name, generation } = binding.metadata;
    if (binding['status']?.observedGeneration === generation) return;
    const body = { status: { observedGeneration: generation } };
    this.#api.patch(this.#api.names.bindings, namespace, name, body, 'status');
  }

  #cleanUp(binding: KubeObject): void {
    const { bindings, bindingFinalizer } = this.#api.names;
    if (!hasFinalizer(binding, bindingFinalizer)) return;
    try {
      this.#manager.cleanUp(binding);
    } catch (error) {
      this.#fail(binding, 'FailedCleanup', 'Failed cleanup', error);
      this.#markFailed(binding, error);
      throw error;
    }
    this.#attempt(binding, 'FailedRemoveFinalizer', 'Failed remove finalizer', () =>
      removeFinalizer(this.#api, bindings, binding, bindingFinalizer),
    );
  }

  /** Since v3.0.0 the only condition there is; Ready=True is never written. */
  #markFailed(binding: KubeObject, error: unknown): void {
    if (error instanceof Crashed || !atLeast(this.#version, '3.0.0')) return;
    const { message } = error as Error;
    const before = binding['status']?.conditions?.[0];
    if (before?.reason === 'FailedCleanup' && before.message === message) return;
    const { namespace = '', name, generation } = binding.metadata;
    const condition = {
      type: 'Ready',
      status: 'False',
      reason: 'FailedCleanup',
      message,
      lastTransitionTime: before?.lastTransitionTime ?? this.#events.now(),
      observedGeneration: generation,
    };
    this.#api.patch(
      this.#api.names.bindings,
      namespace,
      name,
      { status: { conditions: [condition] } },
      'status',
    );
  }

  #attempt<T>(binding: KubeObject, reason: string, what: string, action: () => T): T {
    try {
      return action();
    } catch (error) {
      this.#fail(binding, reason, what, error);
      throw error;
    }
  }

  #fail(binding: KubeObject, reason: string, what: string, error: unknown): void {
    if (error instanceof Crashed || error instanceof GoPanic) return;
    const { message } = error as Error;
    this.#events.warning(SOURCE, binding, reason, `${what} due to ${message}`);
  }
}
