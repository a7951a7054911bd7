import { type EligibilityFacts, eligibleTargets, type EligibleTarget } from './eligibility.ts';
import { nameText, type ObjectName, sameName, serviceOf } from '../model/kubernetes.ts';
import type { Code } from '../model/codes.ts';
import type { Binding, Service } from '../model/kubernetes.ts';
import type { ClusterView } from '../model/cluster-view.ts';
import type { Observed } from './observed.ts';
import { memoized } from '../model/memoized.ts';
import { known, unknown, type Reading } from '../model/problem.ts';
import { portNumber } from '../model/service-ports.ts';
import type { RegisteredTarget, Target, TrackedTargets } from '../model/target.ts';
import { canonicalId, targetKey } from '../model/target-key.ts';

/** A binding with everything that was read about it: a cluster's part in one target group. */
export interface Member {
  readonly cluster: ClusterView;
  readonly binding: Binding;
  readonly service: Reading<Service | undefined>;
  /** The Service port as a number, where it is known. */
  readonly port: number | string;
  readonly eligible: Reading<readonly EligibleTarget[]>;
  readonly tracked: Reading<TrackedTargets>;
  /** All targets of the target group, of whatever cluster. */
  readonly registered: Reading<readonly RegisteredTarget[]>;
}

/** A reading out of a map; what was not read is unknown, never absent. */
export const readingOf = <T>(
  map: Readonly<Record<string, Reading<T>>>,
  key: string,
  what: string,
): Reading<T> =>
  map[key] ?? unknown<T>({ code: 'answer-malformed', message: `${what} has not been read.` });

/** A Service of a cluster by its name; the view's own one where that is it. */
export function serviceRead(cluster: ClusterView, name: ObjectName): Reading<Service | undefined> {
  const key = nameText(name);
  return (
    cluster.services[key] ??
    (sameName(cluster.localService, name)
      ? cluster.service
      : readingOf<Service | undefined>({}, key, `Service ${key}`))
  );
}

const withCanonicalIds = memoized((targets: readonly RegisteredTarget[]) =>
  known(targets.map(withCanonicalId)),
);

/** Targets of a target group, ids in their canonical form. */
export function registeredIn(
  observed: Observed,
  arn: string,
): Reading<readonly RegisteredTarget[]> {
  const group = readingOf(observed.targetGroups, arn, `Target group ${arn}`);
  if (!group.ok) return group;
  const { targets } = group.value;
  return targets.ok ? withCanonicalIds(targets.value) : targets;
}

function withCanonicalId(registered: RegisteredTarget): RegisteredTarget {
  const id = canonicalId(registered.target.id);
  return id === registered.target.id
    ? registered
    : { ...registered, target: { ...registered.target, id } };
}

/** The eligible targets of a binding for a Service, from what was read of the cluster. */
export function eligibleFor(
  cluster: ClusterView,
  binding: EligibilityFacts['binding'],
  service: Service,
): Reading<readonly EligibleTarget[]> {
  const key = nameText(service);
  const endpoints = readingOf(cluster.endpoints, key, `Endpoints of Service ${key}`);
  if (!endpoints.ok) return endpoints;
  return eligibleTargets({
    binding,
    service,
    endpoints: endpoints.value,
    ...(cluster.nodes ? { nodes: cluster.nodes } : {}),
  });
}

/** The endpoints that a document has of a binding; undefined: the cluster itself was read. */
function recordedTargets(
  { recorded }: ClusterView,
  binding: Binding,
): Reading<readonly EligibleTarget[]> | undefined {
  const targets = recorded?.registered[nameText(binding)];
  return targets && known(targets.map((target) => ({ target, gatePending: false })));
}

/** Gathers what was read about a binding of a cluster. */
export function memberOf(observed: Observed, cluster: ClusterView, binding: Binding): Member {
  const service = serviceRead(cluster, serviceOf(binding));
  const found = service.ok ? service.value : undefined;
  return {
    cluster,
    binding,
    service,
    port: portNumber(found, binding.servicePort),
    // Without its Service a binding has no endpoints: the controller cleans up (BackendNotFound).
    eligible:
      recordedTargets(cluster, binding) ??
      (!service.ok ? service : found ? eligibleFor(cluster, binding, found) : known([])),
    tracked: readingOf(
      cluster.tracked,
      nameText(binding),
      `The tracked targets of ${nameText(binding)}`,
    ),
    registered: registeredIn(observed, binding.targetGroupArn),
  };
}

/** Whether AWS has it in the target group and is not taking it out. */
export const isRegistered = ({ state, reason }: RegisteredTarget): boolean =>
  state !== 'draining' && state !== 'unhealthy.draining' && reason !== 'Target.NotRegistered';

const idle: ReadonlySet<string> = new Set([
  'unhealthy',
  'unhealthy.draining',
  'unused',
  'draining',
]);

/**
 * Whether it gets traffic, or is about to: `unavailable` has no health, and is used. AWS may add
 * states: a target in an unknown state may serve, so nothing deregisters it as idle.
 */
export const mayServe = ({ state }: RegisteredTarget): boolean => !idle.has(state);

// Thousands of entries are walked with forEach: a loop makes two objects for each of them.
function byKey<T extends { readonly target: Target }>(list: readonly T[]): ReadonlyMap<string, T> {
  const found = new Map<string, T>();
  list.forEach((one) => found.set(targetKey(one.target), one));
  return found;
}

/** Registered targets by their keys, in AWS's order. */
export const registeredByKey = memoized(byKey<RegisteredTarget>);

/** Keys of the targets that are registered and not draining. */
export const registeredKeys = memoized(
  (registered: readonly RegisteredTarget[]): ReadonlySet<string> => {
    const keys = new Set<string>();
    registeredByKey(registered).forEach((found, key) => {
      if (isRegistered(found)) keys.add(key);
    });
    return keys;
  },
);

/** Eligible targets by their keys. */
export const eligibleByKey = memoized(byKey<EligibleTarget>);

/** Keys of the eligible targets. */
export const eligibleKeys = memoized(
  (eligible: readonly EligibleTarget[]): ReadonlySet<string> =>
    new Set(eligibleByKey(eligible).keys()),
);

/** A cluster that does not have the kind, and AWS that does not have the target group, have answered. */
const answers: ReadonlySet<Code> = new Set<Code>([
  'crd-missing',
  'binding-stale',
  'listener-missing',
]);

/** The problems of those readings that failed, each once, marked as facts that are needed. */
export function unreadOf(
  readings: readonly Reading<unknown>[],
  cluster?: string,
): readonly Extract<Reading<unknown>, { ok: false }>['problem'][] {
  const problems = readings.flatMap((reading) => (reading.ok ? [] : [reading.problem]));
  return [...new Map(problems.map((problem) => [problem.message, problem])).values()].map(
    (problem) => ({
      ...(cluster === undefined ? {} : { cluster }),
      ...problem,
      ...(answers.has(problem.code) ? {} : { unread: true }),
    }),
  );
}
