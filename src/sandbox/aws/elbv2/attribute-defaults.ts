/** What a new network load balancer has. */
export const DEFAULT_LOAD_BALANCER_ATTRIBUTES: readonly (readonly [string, string])[] = [
  ['deletion_protection.enabled', 'false'],
  ['access_logs.s3.enabled', 'false'],
  ['access_logs.s3.bucket', ''],
  ['access_logs.s3.prefix', ''],
  ['ipv6.deny_all_igw_traffic', 'false'],
  ['load_balancing.cross_zone.enabled', 'false'],
  ['dns_record.client_routing_policy', 'any_availability_zone'],
  ['zonal_shift.config.enabled', 'false'],
  ['secondary_ips.auto_assigned.per_subnet', '0'],
];

/**
 * What a new target group has. Client addresses are kept for instances and for every UDP or QUIC
 * group, not for addresses behind TCP or TLS.
 */
export function defaultTargetGroupAttributes(
  targetType: string,
  protocol: string,
): [string, string][] {
  const keepsClient = targetType === 'instance' || /UDP|QUIC/.test(protocol);
  return [
    ['stickiness.enabled', 'false'],
    ['deregistration_delay.timeout_seconds', '300'],
    ['stickiness.type', 'source_ip'],
    ['deregistration_delay.connection_termination.enabled', 'false'],
    ['proxy_protocol_v2.enabled', 'false'],
    ['preserve_client_ip.enabled', String(keepsClient)],
    ['load_balancing.cross_zone.enabled', 'use_load_balancer_configuration'],
    ['target_group_health.dns_failover.minimum_healthy_targets.count', '1'],
    ['target_group_health.dns_failover.minimum_healthy_targets.percentage', 'off'],
    ['target_group_health.unhealthy_state_routing.minimum_healthy_targets.count', '1'],
    ['target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage', 'off'],
    ['target_health_state.unhealthy.connection_termination.enabled', 'true'],
    ['target_health_state.unhealthy.draining_interval_seconds', '0'],
  ];
}

/** What a new listener has: only TCP has an idle timeout to set. */
export function defaultListenerAttributes(protocol: string): [string, string][] {
  return protocol === 'TCP' ? [['tcp.idle_timeout.seconds', '350']] : [];
}
