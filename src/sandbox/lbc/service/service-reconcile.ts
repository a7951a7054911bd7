import type { KubeObject } from '../../kube/object.ts';
import type { ControllerApi } from '../process/controller-api.ts';
import { deleteBinding, deployBindings } from './deploy-bindings.ts';
import { deployListeners } from './deploy-listeners.ts';
import { deployLoadBalancer } from './deploy-load-balancer.ts';
import { deleteTargetGroup, deployTargetGroups } from './deploy-target-groups.ts';
import { Crashed, GoPanic } from '../process/errors.ts';
import type { Events } from '../process/events.ts';
import { addFinalizer, hasFinalizer, removeFinalizer } from '../process/finalizers.ts';
import type { VpcRanges } from '../binding/registration.ts';
import { BackendGroup } from './backend-group.ts';
import { gatherFacts } from './gather-facts.ts';
import type { KnownTags } from './known-tags.ts';
import type { LoadBalancer } from './load-balancer.ts';
import { deleteSecurityGroup } from './security-group-release.ts';
import { ensureManagedGroup, managedGroups } from './security-groups.ts';
import { buildServiceModel } from './service-model.ts';
import type { ServiceModel } from './service-model.ts';
import type { Stack } from './stack-items.ts';
import type { ModelContext, SecurityGroupRef } from './model-terms.ts';
import { portsOf } from '../process/service-port.ts';
import { atLeast } from '../process/version.ts';
import type { Pass } from '../../time/work-queue.ts';

const SOURCE = 'service';

/**
 * About what the requests of a part of a pass take together: in between others act, so that a pass may
 * go on with what is outdated. It is the controller's own time; no source has a number.
 */
const STEP_MS = 50;

/**
 * From v2.13.0 to v3.3.0 a pass over a Service that is not the controller's goes on after the clean-up:
 * it adds the finalizer, deploys nothing, which deletes everything with the tags of the Service, and
 * panics (controllers/service/service_controller.go, reconcile; the early return is back in v3.4.0).
 */
const goesOnWithoutModel = (version: string): boolean =>
  atLeast(version, '2.13.0') && !atLeast(version, '3.4.0');

/**
 * Turns Services into load balancers (controllers/service/service_controller.go with
 * pkg/deploy/stack_deployer.go). Each failure is an event on the Service and a retry with backoff.
 */
export class ServiceReconciler {
  readonly #api: ControllerApi;
  readonly #events: Events;
  readonly #context: ModelContext;
  readonly #ranges: VpcRanges;
  readonly #known: KnownTags;
  readonly #backend: BackendGroup;

  constructor(
    api: ControllerApi,
    events: Events,
    context: ModelContext,
    ranges: VpcRanges,
    known: KnownTags,
  ) {
    this.#known = known;
    this.#backend = new BackendGroup(api, context);
    this.#api = api;
    this.#events = events;
    this.#context = context;
    this.#ranges = ranges;
  }

  /** One pass over the Service `namespace/name`. */
  *reconcile(key: string): Pass {
    const [namespace = '', name = ''] = key.split('/');
    const service = this.#api.get('services', namespace, name);
    if (!service) return { kind: 'done' };
    const built = this.#attempt(service, 'FailedBuildModel', 'Failed build model', () =>
      buildServiceModel(
        service,
        this.#context,
        gatherFacts(this.#api, service, this.#stack(service), this.#backend, this.#ranges),
      ),
    );
    yield STEP_MS;
    if (built.kind === 'model') yield* this.#provide(service, built.model);
    else {
      yield* this.#cleanUp(service);
      if (goesOnWithoutModel(this.#context.version)) yield* this.#goOn(service);
    }
    return { kind: 'done' };
  }

  /** What follows a clean-up in the versions that do not stop there. */
  *#goOn(service: KubeObject): Generator<number, void> {
    const { serviceFinalizer } = this.#api.names;
    // Right after its removal the controller's cache still has the finalizer.
    if (!hasFinalizer(service, serviceFinalizer)) {
      this.#attempt(service, 'FailedAddFinalizer', 'Failed add finalizer', () =>
        addFinalizer(this.#api, 'services', service, serviceFinalizer),
      );
    }
    yield* this.#deployed(service, undefined);
    throw new GoPanic('invalid memory address or nil pointer dereference');
  }

  *#provide(found: KubeObject, model: ServiceModel): Generator<number, void> {
    const service = this.#attempt(found, 'FailedAddFinalizer', 'Failed add finalizer', () =>
      addFinalizer(this.#api, 'services', found, this.#api.names.serviceFinalizer),
    );
    const balancer = yield* this.#deployed(service, model);
    if (!model.usesBackendGroup) yield* this.#backend.release(service);
    this.#attempt(service, 'FailedUpdateStatus', 'Failed update status', () =>
      this.#updateStatus(service, balancer!.DNSName.toLowerCase()),
    );
    this.#events.normal(SOURCE, service, 'SuccessfullyReconciled', 'Successfully reconciled');
  }

  *#cleanUp(service: KubeObject): Generator<number, void> {
    if (!hasFinalizer(service, this.#api.names.serviceFinalizer)) return;
    yield* this.#deployed(service, undefined);
    yield* this.#backend.release(service);
    this.#attempt(service, 'FailedCleanupStatus', 'Failed update status', () =>
      this.#patchStatus(service, null),
    );
    this.#attempt(service, 'FailedRemoveFinalizer', 'Failed remove finalizer', () =>
      removeFinalizer(this.#api, 'services', service, this.#api.names.serviceFinalizer),
    );
  }

  /** Deploys, with the event for a failure: an attempt that may sleep. */
  *#deployed(
    service: KubeObject,
    model: ServiceModel | undefined,
  ): Generator<number, LoadBalancer | undefined> {
    try {
      return yield* this.#deploy(service, model);
    } catch (error) {
      this.#fail(service, 'FailedDeployModel', 'Failed deploy model', error);
      throw error;
    }
  }

  /**
   * Makes things in the order group, target groups, load balancer, listeners, bindings, and takes
   * stale ones away in the reverse order at the end (stack_deployer.go), the load balancer excepted,
   * which goes at its turn.
   */
  *#deploy(
    service: KubeObject,
    model: ServiceModel | undefined,
  ): Generator<number, LoadBalancer | undefined> {
    const stack = this.#stack(service);
    const { version } = this.#context;
    const { managedGroup, tags } = model ?? {};
    const [first, ...others] = managedGroups(this.#api, stack);
    const managedId =
      managedGroup && ensureManagedGroup(this.#api, stack, first, managedGroup, tags!);
    const staleGroups = managedGroup || !first ? others : [first, ...others];
    const groupId = (ref: SecurityGroupRef): string => (ref.kind === 'id' ? ref.id : managedId!);

    yield STEP_MS;
    const groups = deployTargetGroups(this.#api, stack, model);
    yield STEP_MS;
    const securityGroups = model?.loadBalancer.securityGroups.map(groupId) ?? [];
    const balancer = deployLoadBalancer(this.#api, stack, model, securityGroups);
    yield STEP_MS;
    if (model && balancer) {
      deployListeners(this.#api, stack, model, balancer.LoadBalancerArn, groups.arns, version);
    }
    const refs = { targetGroupArns: groups.arns, groupId };
    const stale = yield* deployBindings(this.#api, service, this.#context, model, refs);

    for (const binding of stale) yield* deleteBinding(this.#api, binding);
    for (const arn of groups.stale) yield* deleteTargetGroup(this.#api, arn);
    for (const group of staleGroups) yield* deleteSecurityGroup(this.#api, group.GroupId);
    return balancer;
  }

  #stack(service: KubeObject): Stack {
    const { namespace, name } = service.metadata;
    const { names, clusterName, vpcId } = this.#context;
    const stack = `${namespace}/${name}`;
    return { names, clusterName, stack, vpcId, known: this.#known };
  }

  /** Ports are told since v2.17, and told again when there are others or more; protocols are not compared. */
  #updateStatus(service: KubeObject, hostname: string): void {
    const ports = portsOf(service).map(({ port, protocol }) => ({ port, protocol }));
    const tellsPorts = atLeast(this.#context.version, '2.17.0');
    const [present, ...others] = service['status']?.loadBalancer?.ingress ?? [];
    const told: readonly { readonly port: number }[] = present?.ports ?? [];
    const samePorts =
      told.length === ports.length &&
      ports.every(({ port }) => told.some((one) => one.port === port));
    const sameName = present?.hostname === hostname && !present.ip && others.length === 0;
    if (sameName && (samePorts || !tellsPorts)) return;
    this.#patchStatus(service, [tellsPorts ? { hostname, ports } : { hostname }]);
  }

  #patchStatus(service: KubeObject, ingress: object[] | null): void {
    const { namespace = '', name } = service.metadata;
    const body = { status: { loadBalancer: { ingress } } };
    this.#api.patch('services', namespace, name, body, 'status');
  }

  #attempt<T>(service: KubeObject, reason: string, what: string, action: () => T): T {
    try {
      return action();
    } catch (error) {
      this.#fail(service, reason, what, error);
      throw error;
    }
  }

  #fail(service: KubeObject, reason: string, what: string, error: unknown): void {
    if (error instanceof Crashed) return;
    const { message } = error as Error;
    this.#events.warning(SOURCE, service, reason, `${what} due to ${message}`);
  }
}
