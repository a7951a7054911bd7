import type { TargetGroup } from '../model/aws.ts';
import { bindingsOf } from './enrollment.ts';
import { nameText, serviceOf } from '../model/kubernetes.ts';
import type { Endpoint } from '../model/kubernetes.ts';
import { eligibleKeys, isRegistered, type Member, memberOf, registeredIn } from './member.ts';
import type { Observed } from './observed.ts';
import { valueOf } from '../model/problem.ts';
import type { RegisteredTarget } from '../model/target.ts';
import { canonicalId, targetKey, targetText, trackedKeys } from '../model/target-key.ts';

/** A registered target that may get connections, and its cluster. */
export interface Backend {
  /** As people read it. */
  readonly target: string;
  readonly address: string;
  readonly healthy: boolean;
  /** Context; undefined: no listed cluster tracks it or would register it. */
  readonly cluster?: string;
  /** Of an ip target whose endpoint is known. */
  readonly pod?: string;
  /** `all`: connections from every zone. Undefined: AWS does not say. */
  readonly zone?: string;
}

/** Endpoints of the Service of a member, whatever their state. */
export const endpointsOf = ({ cluster, binding }: Member): readonly Endpoint[] => {
  const reading = cluster.endpoints[nameText(serviceOf(binding))];
  return (reading && valueOf(reading)) ?? [];
};

/** The parts that the listed clusters have in a target group. */
export const membersOf = (observed: Observed, arn: TargetGroup['arn']): readonly Member[] =>
  observed.clusters.flatMap((cluster) =>
    bindingsOf(cluster, arn).map((binding) => memberOf(observed, cluster, binding)),
  );

/** Everything that is registered in a target group and not on its way out. */
export function backendsOf(observed: Observed, arn: string): readonly Backend[] {
  const members = membersOf(observed, arn);
  const registered = valueOf(registeredIn(observed, arn)) ?? [];
  const sets = members.map((member) => ({
    member,
    keys: new Set([
      ...(member.tracked.ok ? trackedKeys(member.tracked.value) : []),
      ...(member.eligible.ok ? eligibleKeys(member.eligible.value) : []),
    ]),
    // Of two with one address, the first.
    endpoints: new Map(
      endpointsOf(member)
        .map((endpoint) => [canonicalId(endpoint.address), endpoint] as const)
        .toReversed(),
    ),
  }));
  return registered.filter(isInUse).map((found) => {
    const owner = sets.find(({ keys }) => keys.has(targetKey(found.target)));
    const endpoint = owner?.endpoints.get(found.target.id);
    const zone = found.zone ?? endpoint?.zone;
    return {
      target: targetText(found.target),
      address: found.target.id,
      // Without health checks every target counts as healthy, and is used.
      healthy: found.state === 'healthy' || found.reason === 'Target.HealthCheckDisabled',
      ...(owner ? { cluster: owner.member.cluster.context } : {}),
      ...(endpoint?.pod === undefined ? {} : { pod: endpoint.pod }),
      ...(zone === undefined ? {} : { zone }),
    };
  });
}

/** `unused` targets are in a zone that the load balancer does not serve: they never get any. */
const isInUse = (found: RegisteredTarget): boolean =>
  isRegistered(found) && found.state !== 'unused';
