import type { Listener } from '../model/aws.ts';
import { type ObjectName, sameName, serviceOf, type ServicePort } from '../model/kubernetes.ts';
import { carries, isHandled } from '../model/protocols.ts';
import { valueOf } from '../model/problem.ts';
import { portOf } from '../model/service-ports.ts';
import { bindingsOf, isMadeFor } from './enrollment.ts';
import type { ClusterView } from '../model/cluster-view.ts';
import type { Observed } from './observed.ts';

/** Why no client reaches a target group through the listeners that are there. */
export type Unlistened =
  /** No load balancer uses the target group. */
  | { readonly kind: 'none' }
  /** Listeners forward to it, and the weight keeps every connection away. */
  | { readonly kind: 'idle'; readonly at: readonly number[] }
  /** Listeners forward to it, and none at the port of the Service that owns the load balancer. */
  | { readonly kind: 'elsewhere'; readonly wanted: number; readonly at: readonly number[] };

const numbers = (listeners: readonly Listener[]): readonly number[] =>
  listeners.map(({ port }) => port).toSorted((a, b) => a - b);

/** Ports of the owner's Service that its bindings give to the target group. */
const portsOfOwner = (primary: ClusterView, service: ObjectName, arn: string) => {
  const owner = valueOf(primary.service);
  if (!owner || !sameName(owner, service)) return [];
  return bindingsOf(primary, arn)
    .filter((binding) => isMadeFor(binding, service) && sameName(serviceOf(binding), service))
    .flatMap((binding) => portOf(owner, binding.servicePort) ?? []);
};

/**
 * Why clients do not reach the target group; undefined: a listener forwards to it. Where a Service owns
 * the load balancer (`primary`), its controller makes a listener with the number of each port
 * (`pkg/service/model_build_listener.go`), so one with another number does not count. Where none owns
 * it, any number does: only a person knows which. Listeners that were not read prove nothing against it,
 * but AWS says without them whether a load balancer uses the target group at all.
 */
export function unlistened(
  observed: Observed,
  arn: string,
  primary: ClusterView | undefined,
): Unlistened | undefined {
  const { targetGroups, loadBalancer, service } = observed;
  const group = targetGroups[arn];
  if (!group?.ok) return undefined;
  if (group.value.loadBalancerArns.length === 0) return { kind: 'none' };
  if (!loadBalancer.ok || !group.value.loadBalancerArns.includes(loadBalancer.value.arn)) {
    return undefined;
  }
  const { listeners } = loadBalancer.value;
  if (!listeners?.ok) return undefined;
  const naming = listeners.value.filter(({ targetGroupArns }) => targetGroupArns.includes(arn));
  if (naming.length === 0) return { kind: 'none' };
  const serving = naming.filter(({ idleGroupArns = [] }) => !idleGroupArns.includes(arn));
  if (serving.length === 0) return { kind: 'idle', at: numbers(naming) };
  const wanted = primary ? portsOfOwner(primary, service, arn) : [];
  // A protocol that nlbmc does not know has a finding of its own.
  const fits = ({ port, protocol }: Listener, wants: ServicePort): boolean =>
    port === wants.port && (!isHandled(protocol) || carries(protocol, wants));
  const missed = wanted.find((port) => !serving.some((one) => fits(one, port)));
  return missed && { kind: 'elsewhere', wanted: missed.port, at: numbers(serving) };
}
