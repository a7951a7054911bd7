import { clusterNames } from '../model/cluster-name.ts';
import { endpointPort } from './eligibility.ts';
import { nameText, serviceOf } from '../model/kubernetes.ts';
import { eligibleKeys, isRegistered, type Member } from './member.ts';
import type { Observed } from './observed.ts';
import { known, type Reading } from '../model/problem.ts';
import { portOf } from '../model/service-ports.ts';
import type { RegisteredTarget } from '../model/target.ts';
import { canonicalId, targetKey, trackedKeys } from '../model/target-key.ts';

/**
 * Registered targets of an exclusive binding that are not draining and not eligible, told apart.
 * What happens to them when the flag goes on: the first multi-cluster run deregisters only what a
 * ConfigMap lists (`pkg/targetgroupbinding/multicluster_manager.go`), and keeps the rest for good.
 */
export interface Strays {
  /** Own by evidence, and in no ConfigMap: would stay registered when their pods are gone. */
  readonly leaking: readonly RegisteredTarget[];
  /** Another cluster's by evidence: these are being rescued. */
  readonly foreign: readonly RegisteredTarget[];
  /** No evidence whose they are: perhaps a pod that has just gone, perhaps another cluster's. */
  readonly unclear: readonly RegisteredTarget[];
  /** Not own, and listed by a leftover ConfigMap: would be deregistered. */
  readonly doomed: readonly RegisteredTarget[];
}

/** Keys of everything that is an address of the binding's Service, whatever its condition. */
export function ownAddresses(member: Member): ReadonlySet<string> {
  const { cluster, binding, service } = member;
  const found = service.ok ? service.value : undefined;
  const port = found && portOf(found, binding.servicePort);
  if (!port) return new Set();
  if (binding.targetType === 'instance') {
    const nodes = cluster.nodes?.ok ? cluster.nodes.value : [];
    return new Set(
      nodes.map(({ instanceId }) => `${instanceId ?? ''}:${port.nodePort ?? port.port}`),
    );
  }
  const endpoints = cluster.endpoints[nameText(serviceOf(binding))];
  return new Set(
    (endpoints?.ok ? endpoints.value : []).map(
      (endpoint) => `${canonicalId(endpoint.address)}:${endpointPort(endpoint, port) ?? ''}`,
    ),
  );
}

/** Tells the strays of a binding apart; unknown where a set that is compared is. */
export function straysOf(member: Member, observed: Observed): Reading<Strays> {
  const { eligible, registered, tracked } = member;
  if (!eligible.ok) return eligible;
  if (!registered.ok) return registered;
  if (!tracked.ok) return tracked;
  const keys = eligibleKeys(eligible.value);
  const own = ownAddresses(member);
  const listed = trackedKeys(tracked.value);
  const names = clusterNames(member.cluster);
  const strays = { leaking: [], foreign: [], unclear: [], doomed: [] } as {
    [kind in keyof Strays]: RegisteredTarget[];
  };
  for (const target of registered.value.filter(isRegistered)) {
    const key = targetKey(target.target);
    if (keys.has(key)) continue;
    const evidence = observed.addressEvidence[target.target.id];
    const tagged = evidence?.ok ? evidence.value.cluster : undefined;
    const mine = own.has(key) || (tagged !== undefined && names.includes(tagged));
    const gone = evidence?.ok === true && evidence.value.gone;
    if (mine) {
      // What the ConfigMap lists as own is deregistered in the first run, as it should be.
      if (!listed.has(key)) strays.leaking.push(target);
    } else if (listed.has(key)) {
      if (!gone) strays.doomed.push(target);
    } else if (tagged !== undefined && names.length > 0) strays.foreign.push(target);
    else strays.unclear.push(target);
  }
  return known(strays);
}
