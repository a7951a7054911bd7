import type { Clock } from '../../time/clock.ts';
import type { KubeObject } from '../../kube/object.ts';
import { checkpointOf } from './checkpoint.ts';
import type { ControllerApi } from '../process/controller-api.ts';
import { matchEndpoints } from '../process/endpoint.ts';
import type { Endpoint } from '../process/endpoint.ts';
import { BackendNotFound, Crashed, isAwsCode, isDefect } from '../process/errors.ts';
import type { Events } from '../process/events.ts';
import type { ResolvedFlags } from '../process/flags.ts';
import { resolveNodeEndpoints } from './node-endpoints.ts';
import type { NodeNetworking } from '../networking/node-networking.ts';
import { resolvePodEndpoints } from './pod-endpoints.ts';
import { ReadinessGates } from './readiness-gates.ts';
import { describeTargets, VpcRanges } from './registration.ts';
import { findServicePort } from '../process/service-port.ts';
import { TargetCache } from './target-cache.ts';
import { withinLimit } from './target-limit.ts';
import type { TargetInfo } from './targets.ts';
import { TrackedTargets } from './tracked-targets.ts';
import { atLeast } from '../process/version.ts';

/** What a BindingManager needs to know of its controller. */
export interface BindingSettings {
  readonly version: string;
  readonly vpcId: string;
  readonly flags: ResolvedFlags;
  /** False: every pass is a full one, whatever the checkpoint says. */
  readonly checkpointSkip: boolean;
}

/** `skipped`: the checkpoint was equal; `again`: look once more after that many milliseconds. */
export type BindingResult =
  | { readonly kind: 'reconciled' }
  | { readonly kind: 'skipped' }
  | { readonly kind: 'again'; readonly ms: number };

/**
 * Keeps one target group's members equal to a binding's endpoints, in the order of requests of
 * pkg/targetgroupbinding/resource_manager.go.
 */
export class BindingManager {
  readonly #api: ControllerApi;
  readonly #clock: Clock;
  readonly #events: Events;
  readonly #settings: BindingSettings;
  readonly #targets: TargetCache;
  readonly #tracked: TrackedTargets;
  readonly #gates: ReadinessGates;
  readonly #ranges: VpcRanges;
  readonly #networking: NodeNetworking;

  constructor(
    api: ControllerApi,
    clock: Clock,
    events: Events,
    settings: BindingSettings,
    networking: NodeNetworking,
  ) {
    this.#api = api;
    this.#clock = clock;
    this.#events = events;
    this.#settings = settings;
    this.#targets = new TargetCache(api, clock);
    this.#tracked = new TrackedTargets(api, settings.version);
    this.#gates = new ReadinessGates(api, clock);
    this.#ranges = new VpcRanges(api, clock);
    this.#networking = networking;
  }

  /** Raises whatever stops the pass; the caller writes the event and retries. */
  reconcile(binding: KubeObject): BindingResult {
    const spec = binding['spec'];
    const name = `${binding.metadata.namespace}/${binding.metadata.name}`;
    if (!spec.targetType) throw new Error(`targetType is not specified: ${name}`);
    const before = binding.metadata.annotations?.[this.#api.names.checkpoint] ?? '';
    let resolved: { readonly endpoints: readonly Endpoint[]; readonly potential: boolean };
    try {
      resolved = this.#resolve(binding);
    } catch (error) {
      if (!(error instanceof BackendNotFound)) throw error;
      this.#events.warning('targetGroupBinding', binding, 'BackendNotFound', error.message);
      this.cleanUp(binding);
      // Before v2.14.0 the checkpoint stayed: the same endpoints coming back were skipped (#4343).
      if (atLeast(this.#settings.version, '2.14.0')) this.#saveCheckpoint(binding, '', before);
      return { kind: 'reconciled' };
    }
    const after = checkpointOf(resolved.endpoints, spec);
    const skips = this.#settings.checkpointSkip && this.#hasCheckpoints();
    if (skips && !resolved.potential && before === after) return { kind: 'skipped' };

    const unfinished = this.#converge(binding, resolved.endpoints, resolved.potential, before);
    if (unfinished || resolved.potential) {
      return { kind: 'again', ms: this.#settings.flags.targetGroupBindingRequeueMs };
    }
    this.#saveCheckpoint(binding, after, this.#checkpoint(binding));
    return { kind: 'reconciled' };
  }

  /**
   * Takes the binding's own targets out and forgets them: on deletion, and when the Service or its
   * port is gone. A target group that is gone, or an ARN that never was one, counts as success.
   */
  cleanUp(binding: KubeObject): void {
    const arn: string = binding['spec'].targetGroupARN;
    try {
      this.#deregister(binding, this.#targets.list(arn));
    } catch (error) {
      if (!isAwsCode(error, 'TargetGroupNotFound', 'InvalidTarget', 'ValidationError')) throw error;
    }
    this.#tracked.cleanUp(binding);
    this.#networking.cleanUp(binding);
    this.#gates.release(binding.metadata.namespace!, this.#gates.of(binding.metadata.name));
  }

  #resolve(binding: KubeObject): { endpoints: readonly Endpoint[]; potential: boolean } {
    const { serviceRef, targetType, nodeSelector, ipAddressType } = binding['spec'];
    const service = this.#api.get('services', binding.metadata.namespace!, serviceRef.name);
    if (!service) throw new BackendNotFound(`Service "${serviceRef.name}" not found`);
    const port = findServicePort(service, serviceRef.port);
    if (!port) {
      const where = `${service.metadata.namespace}/${service.metadata.name}`;
      throw new BackendNotFound(`unable to find port ${serviceRef.port} on service ${where}`);
    }
    if (targetType === 'instance') {
      const endpoints = resolveNodeEndpoints(this.#api, service, port, nodeSelector);
      return { endpoints, potential: false };
    }
    const gate = this.#gates.of(binding.metadata.name);
    return resolvePodEndpoints(this.#api, service, port, gate, ipAddressType ?? 'ipv4');
  }

  /** Brings AWS in line; true when a readiness gate is still closed or networking failed. */
  #converge(
    binding: KubeObject,
    endpoints: readonly Endpoint[],
    potential: boolean,
    before: string,
  ): boolean {
    const arn: string = binding['spec'].targetGroupARN;
    const listed = this.#targets.list(arn);
    const match = matchEndpoints(
      endpoints,
      listed.filter((target) => target.health?.State !== 'draining'),
    );
    const reachable = this.#openNetwork(binding, endpoints);
    const closed = match.matched.some(({ endpoint, target }) =>
      this.#isPending(binding, endpoint, target),
    );
    if (
      match.unmatchedEndpoints.length + match.unmatchedTargets.length > 0 ||
      potential ||
      !reachable ||
      closed
    ) {
      // Before anything changes: a pass that dies half-way must not look done to the next one.
      this.#saveCheckpoint(binding, '', before);
    }
    let write = false;
    if (match.unmatchedTargets.length > 0) {
      write = this.#deregister(binding, match.unmatchedTargets);
    }
    let registered = match.unmatchedEndpoints;
    if (registered.length > 0) {
      // The record comes first: a registration whose answer is lost must still be ours to undo.
      write = false;
      this.#tracked.update(binding, true, endpoints);
      registered = withinLimit(this.#settings, registered, listed.length);
      this.#register(binding, registered);
    }
    this.#tracked.update(binding, write, endpoints);
    return this.#reportHealth(binding, match.matched, registered) || !reachable;
  }

  /** False when it failed for ip targets, which are registered nevertheless; others stop here. */
  #openNetwork(binding: KubeObject, endpoints: readonly Endpoint[]): boolean {
    try {
      this.#networking.reconcile(binding, endpoints);
      return true;
    } catch (error) {
      const ended = error instanceof Crashed || isDefect(error);
      if (ended || binding['spec'].targetType === 'instance') throw error;
      const { message } = error as Error;
      this.#events.warning('targetGroupBinding', binding, 'FailedNetworkReconcile', message);
      return false;
    }
  }

  /** Gives back whether the record must be written: something went, or there is none yet. */
  #deregister(binding: KubeObject, targets: readonly TargetInfo[]): boolean {
    const own = this.#tracked.deregistrable(binding, targets);
    if (own.targets.length === 0) return own.write;
    this.#targets.deregister(
      binding['spec'].targetGroupARN,
      own.targets.map((target) => target.description),
    );
    return true;
  }

  #register(binding: KubeObject, endpoints: readonly Endpoint[]): void {
    const { targetGroupARN, vpcID, iamRoleArnToAssume } = binding['spec'];
    const vpcId = vpcID || this.#settings.vpcId;
    const described = describeTargets(endpoints, vpcId, this.#ranges, Boolean(iamRoleArnToAssume));
    this.#targets.register(targetGroupARN, described);
  }

  #isPending(binding: KubeObject, endpoint: Endpoint, target: TargetInfo): boolean {
    if (endpoint.kind === 'node') return false;
    const { namespace, name } = binding.metadata;
    return this.#gates.pending(namespace!, endpoint.podName, this.#gates.of(name), target.health);
  }

  #reportHealth(
    binding: KubeObject,
    matched: readonly { readonly endpoint: Endpoint; readonly target: TargetInfo }[],
    registered: readonly Endpoint[],
  ): boolean {
    let again = false;
    const report = (endpoint: Endpoint, health: TargetInfo['health'] | 'registering'): void => {
      if (endpoint.kind === 'node') return;
      const { namespace, name } = binding.metadata;
      const gate = this.#gates.of(name);
      again = this.#gates.report(namespace!, endpoint.podName, gate, health) || again;
    };
    for (const { endpoint, target } of matched) report(endpoint, target.health);
    for (const endpoint of registered) report(endpoint, 'registering');
    return again;
  }

  #hasCheckpoints(): boolean {
    return atLeast(this.#settings.version, '2.9.1');
  }

  #checkpoint(binding: KubeObject): string {
    const { names } = this.#api;
    const now = this.#api.get(names.bindings, binding.metadata.namespace!, binding.metadata.name);
    return now?.metadata.annotations?.[names.checkpoint] ?? '';
  }

  #saveCheckpoint(binding: KubeObject, checkpoint: string, before: string): void {
    if (!this.#hasCheckpoints() || checkpoint === before) return;
    const { bindings, checkpoint: key, checkpointTimestamp } = this.#api.names;
    const seconds = Math.floor(this.#clock.date().getTime() / 1000);
    this.#api.patch(bindings, binding.metadata.namespace!, binding.metadata.name, {
      metadata: { annotations: { [key]: checkpoint, [checkpointTimestamp]: String(seconds) } },
    });
  }
}
