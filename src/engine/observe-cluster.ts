import type { ClusterFacts } from '../core/observed/facts.ts';
import { nameText } from '../core/model/kubernetes.ts';
import type { Endpoint, LeftTracked, ObjectName, Service } from '../core/model/kubernetes.ts';
import type { ClusterView } from '../core/model/cluster-view.ts';
import { known, type Problem, type Reading, unknown, valueOf } from '../core/model/problem.ts';
import { joinedBindings } from '../core/observed/enrollment.ts';
import { listBindings } from '../kube/bindings.ts';
import { askAboutSiblings } from '../kube/sibling-answer.ts';
import type { KubeClient } from '../kube/client.ts';
import { readController, readCrd } from '../kube/controller.ts';
import { listEvents, readPodWords } from '../kube/events.ts';
import { readEndpoints } from '../kube/endpoints.ts';
import { readExternalDns } from '../kube/external-dns.ts';
import { readGatewaySettings } from '../kube/gateway-settings.ts';
import { readIdentity } from '../kube/identity.ts';
import { listNodes } from '../kube/nodes.ts';
import { listServiceNames, readService } from '../kube/services.ts';
import { listDeployments, readWorkloads } from '../kube/workloads.ts';
import { listTracked, readTracked } from '../kube/tracked-targets.ts';
import type { Wants } from './wants.ts';

/** What the first level reads in a cluster: all that needs no other answer. */
export interface FirstLook extends Omit<ClusterView, 'localService' | 'service'> {
  /** By namespace, why bindings there could not be listed, where those of others could. */
  readonly unlisted: Readonly<Record<string, Problem>>;
  /** The Services that were read, by name; the local one is known when the roles are known. */
  readonly asked: Readonly<Record<string, Reading<Service | undefined>>>;
}

/**
 * Level 1 in one cluster, all at once. What a cluster is (identity, CRD) does not change while a
 * command runs, and is taken from `before` where it was read.
 */
export async function lookFirst(
  kube: KubeClient,
  services: readonly ObjectName[],
  o: {
    /** Where bindings are listed when the person may not list those of the whole cluster. */
    readonly namespaces: readonly string[];
    readonly before?: ClusterView | undefined;
  },
): Promise<FirstLook> {
  const { before } = o;
  const [identity, controller, crdMultiCluster, listed, ...answers] = await Promise.all([
    unlessRead(before?.identity, () => readIdentity(kube)),
    readController(kube),
    unlessRead(before?.crdMultiCluster, () => readCrd(kube)),
    listBindings(kube, o.namespaces),
    ...services.map((service) => readService(kube, service)),
  ]);
  return {
    context: kube.context,
    server: kube.server,
    identity,
    controller,
    crdMultiCluster,
    bindings: listed.bindings,
    unlisted: listed.unlisted,
    bindingsScope: listed.scope,
    servedFlavours: listed.served,
    narrowFlavours: listed.narrow,
    asked: byName(services, answers),
    serviceNames: [],
    tracked: {},
    endpoints: {},
    services: {},
  };
}

/** The cluster as seen when it is known which of these Services is its own. */
export function viewOf(
  { asked, unlisted, ...look }: FirstLook,
  localService: ObjectName,
): ClusterView {
  const problem = unlisted[localService.namespace];
  return {
    ...look,
    ...(problem ? { bindings: unknown(problem) } : {}),
    localService,
    service: asked[nameText(localService)] ?? known(undefined),
    services: asked,
  };
}

/** Level 2 in one cluster: what the bindings refer to, all at once. */
export async function lookCloser(
  kube: KubeClient,
  view: ClusterView,
  facts: ClusterFacts,
  {
    rollout = false,
    gateways,
    leaving = [],
    deleteService = false,
    handover,
  }: Pick<Wants, 'rollout' | 'gateways' | 'leaving' | 'deleteService' | 'handover'> = {},
): Promise<ClusterView> {
  const missing = view.service.ok && view.service.value === undefined;
  const unread = facts.services.filter((name) => !(nameText(name) in view.services));
  const own = valueOf(view.service);
  const made = joinedBindings(view, view.localService).some(
    ({ stack }) => stack?.kind === 'gateway',
  );
  const [
    tracked,
    endpoints,
    services,
    nodes,
    names,
    records,
    events,
    workloads,
    siblings,
    settings,
    externalDns,
  ] = await Promise.all([
    Promise.all(facts.tracked.map((name) => readTracked(kube, name))),
    Promise.all(facts.endpoints.map((name) => readEndpoints(kube, name))),
    Promise.all(unread.map((name) => readService(kube, name))),
    facts.nodes ? listNodes(kube) : undefined,
    missing ? listServiceNames(kube, view.localService.namespace) : undefined,
    facts.leftTracked ? listTracked(kube, view.localService.namespace) : undefined,
    Promise.all(facts.events.map((namespace) => listEvents(kube, namespace))),
    rollout && own && selectsPods(own) ? readWorkloads(kube, own) : undefined,
    Promise.all(facts.siblings.map((name) => askAboutSiblings(kube, name))),
    gateways && made ? readGatewaySettings(kube, view.localService) : undefined,
    (deleteService && leaving.includes(view.context)) ||
    view.context === handover?.old ||
    view.context === handover?.new
      ? readExternalDns(kube)
      : undefined,
  ]);
  return {
    ...view,
    tracked: byName(facts.tracked, tracked),
    endpoints: byName(facts.endpoints, endpoints),
    services: { ...view.services, ...byName(unread, services) },
    events: Object.fromEntries(facts.events.map((name, n) => [name, events[n]!])),
    siblings: byName(facts.siblings, siblings),
    serviceNames: (names && valueOf(names)) ?? [],
    ...(nodes ? { nodes } : {}),
    ...(settings ? { gatewaySettings: settings } : {}),
    ...(externalDns ? { externalDns } : {}),
    ...(workloads ? { workloads } : {}),
    ...(records ? { leftTracked: withoutBinding(records, view) } : {}),
  };
}

/** Level 3: why no pod of the local Service is ready, where that is so. */
export async function lookAtPods(kube: KubeClient, view: ClusterView): Promise<ClusterView> {
  const service = valueOf(view.service);
  const endpoints = view.endpoints[nameText(view.localService)];
  if (!service || !endpoints?.ok || endpoints.value.some(isServing)) return view;
  const [podWords, deployments] = await Promise.all([
    readPodWords(kube, service),
    view.workloads?.deployments ?? listDeployments(kube, service.namespace),
  ]);
  return { ...view, podWords, deployments };
}

const isServing = ({ ready, terminating }: Endpoint): boolean => ready !== false && !terminating;

/** A Service without a selector has endpoints that a person or a program writes. */
const selectsPods = ({ selector }: Service): boolean => Object.keys(selector).length > 0;

/** Records whose binding is not there (any more). */
const withoutBinding = (
  records: Reading<readonly LeftTracked[]>,
  { bindings }: ClusterView,
): Reading<readonly LeftTracked[]> => {
  if (!records.ok || !bindings.ok) return records;
  const names = new Set(bindings.value.map(nameText));
  return known(records.value.filter((record) => !names.has(nameText(record))));
};

const unlessRead = <T>(
  reading: Reading<T> | undefined,
  read: () => Promise<Reading<T>>,
): Promise<Reading<T>> => (reading?.ok ? Promise.resolve(reading) : read());

const byName = <T>(names: readonly ObjectName[], values: readonly T[]): Record<string, T> =>
  Object.fromEntries(values.map((value, index) => [nameText(names[index] as ObjectName), value]));
