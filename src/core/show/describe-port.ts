import type { TargetGroup } from '../model/aws.ts';
import { type Reading, valueOf } from '../model/problem.ts';
import { portOf as servicePort } from '../model/service-ports.ts';
import type { Target } from '../model/target.ts';
import { targetKey } from '../model/target-key.ts';
import type { EnrolledBinding, EnrolledPort } from '../observed/enrollment-document.ts';
import { eligibleKeys, isRegistered, type Member, readingOf } from '../observed/member.ts';
import type { Observed } from '../observed/observed.ts';

/** Attributes that decide what sharing a load balancer or a target group is like. */
const telling = new Set([
  'deletion_protection.enabled',
  'load_balancing.cross_zone.enabled',
  'deregistration_delay.timeout_seconds',
  'deregistration_delay.connection_termination.enabled',
  'preserve_client_ip.enabled',
  'proxy_protocol_v2.enabled',
  'stickiness.enabled',
  'target_health_state.unhealthy.connection_termination.enabled',
]);

/** The attributes that decide what sharing is like; null: unread. */
export const tellingOf = (
  attributes: Reading<Readonly<Record<string, string>>> | undefined,
): Readonly<Record<string, string>> | null => {
  const all = attributes && valueOf(attributes);
  return all ? Object.fromEntries(Object.entries(all).filter(([key]) => telling.has(key))) : null;
};

/** Its endpoints that AWS has in the target group; null: either was not read. */
function registeredOf({ eligible, registered }: Member): readonly string[] | null {
  if (!eligible.ok || !registered.ok) return null;
  const own = eligibleKeys(eligible.value);
  return idsOf(
    registered.value
      .filter(isRegistered)
      .map(({ target }) => target)
      .filter((target) => own.has(targetKey(target))),
  );
}

/** The port of the Service behind a binding, as far as it was read. */
function servicePortOf({ service, binding }: Member): EnrolledPort['servicePort'] {
  const found = valueOf(service);
  return (found && servicePort(found, binding.servicePort)) ?? null;
}

const idsOf = (targets: readonly Target[]): readonly string[] => targets.map(targetKey).toSorted();

/** A binding of a cluster on a port, as the document has it. */
export function bindingOf(member: Member): EnrolledBinding {
  const { binding, port, tracked } = member;
  const set = valueOf(tracked);
  return {
    namespace: binding.namespace,
    name: binding.name,
    port,
    service: binding.serviceName,
    multiCluster: binding.multiCluster,
    tracked: set?.kind === 'set' ? idsOf(set.targets) : null,
    targetGroup: binding.targetGroupArn,
    registered: registeredOf(member),
  };
}

/** A port of the enrollment, as the binding that names its target group has it. */
export function portOf(observed: Observed, member: Member): EnrolledPort {
  const { binding, port } = member;
  const arn = binding.targetGroupArn;
  const group: TargetGroup | undefined = valueOf(
    readingOf(observed.targetGroups, arn, `Target group ${arn}`),
  );
  const balancer = valueOf(observed.loadBalancer);
  const listeners = balancer?.listeners && valueOf(balancer.listeners);
  return {
    port,
    listenerPorts:
      listeners
        ?.filter(({ targetGroupArns }) => targetGroupArns.includes(arn))
        .map((listener) => listener.port) ?? null,
    targetGroup: {
      arn,
      name: group?.name ?? null,
      type: binding.targetType,
      protocol: group?.protocol ?? binding.protocol ?? null,
      port: group?.port ?? null,
      ipFamily: group?.ipFamily ?? binding.ipFamily,
      vpcId: group?.vpcId ?? binding.vpcId ?? null,
      healthCheck: group?.healthCheck ?? null,
      attributes: tellingOf(group?.attributes),
    },
    networking: binding.networking ?? null,
    ...(binding.nodeSelector ? { nodeSelector: binding.nodeSelector } : {}),
    servicePort: servicePortOf(member) ?? null,
    binding: bindingOf(member),
  };
}
