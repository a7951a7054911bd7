import type { TargetGroup } from '../model/aws.ts';
import type { NetworkingRule, ServicePort, TargetType } from '../model/kubernetes.ts';
import { known, type Reading, valueOf } from '../model/problem.ts';
import { portOf } from '../model/service-ports.ts';
import type { JoinIntent } from '../model/intent.ts';
import type { Observed } from '../observed/observed.ts';
import type { Member } from '../observed/member.ts';
import { localNetworking } from '../observed/networking.ts';
import { type Derived, derivedNetworking } from './derived-networking.ts';
import type { MatchedPort } from './match-ports.ts';

/** Of the binding that names the group; else as AWS has it, where it is one that bindings can have. */
export const typeOf = (group: Reading<TargetGroup>, pattern: Member | undefined): TargetType =>
  pattern?.binding.targetType ??
  (group.ok && group.value.targetType === 'instance' ? 'instance' : 'ip');

/** The port behind a pattern's rules, where its Service is known. */
const patternPort = ({ service, binding }: Member): ServicePort | undefined => {
  const found = valueOf(service);
  return found && portOf(found, binding.servicePort);
};

/** The rules of the binding: as another member has them, or made from the load balancer. */
export function rulesFor(
  { observed, intent }: { readonly observed: Observed; readonly intent: JoinIntent },
  port: MatchedPort,
  group: TargetGroup,
): { readonly derived?: Derived; readonly rules?: readonly NetworkingRule[] | undefined } {
  const { pattern, localPort } = port;
  if (intent.networking === false || !localPort) return { rules: undefined };
  const targetType = typeOf(known(group), pattern);
  if (pattern) {
    const { networking } = pattern.binding;
    return {
      rules:
        networking &&
        localNetworking({
          rules: networking,
          targetType,
          primaryPort: patternPort(pattern) ?? localPort,
          localPort,
          group,
        }),
    };
  }
  const { loadBalancer, vpcs } = observed;
  if (!loadBalancer.ok) return { derived: { kind: 'unread' } };
  const derived = derivedNetworking({
    balancer: loadBalancer.value,
    group,
    vpc: group.vpcId === undefined ? undefined : vpcs?.[group.vpcId],
    targetType,
    localPort,
    fromCidrs: intent.fromCidrs ?? [],
  });
  return derived.kind === 'rules' ? { derived, rules: derived.rules } : { derived };
}
