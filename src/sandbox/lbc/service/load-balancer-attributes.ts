import { parseGoBool } from './annotations.ts';
import type { ServiceAnnotations } from './annotations.ts';
import { BuildError } from '../process/errors.ts';

const PROTECTION = 'deletion_protection.enabled';
const ROUTING_POLICIES = [
  'any_availability_zone',
  'partial_availability_zone_affinity',
  'availability_zone_affinity',
];

/**
 * The load balancer attributes to set (pkg/service/model_build_load_balancer.go,
 * buildLoadBalancerAttributes): the annotation's map, in which the older annotations overrule.
 * Values are AWS's to judge, but for the routing policy.
 */
export function buildAttributes(notes: ServiceAnnotations): ReadonlyMap<string, string> {
  const attributes = new Map(notes.map('aws-load-balancer-attributes'));
  const policy = attributes.get('dns_record.client_routing_policy');
  if (policy !== undefined && !ROUTING_POLICIES.includes(policy)) {
    throw new BuildError(
      `invalid dns_record.client_routing_policy set in annotation aws-load-balancer-attributes: got '${policy}' expected one of ['${ROUTING_POLICIES.join("', '")}']`,
    );
  }
  const logs = notes.bool('aws-load-balancer-access-log-enabled');
  if (logs !== undefined) {
    attributes.set('access_logs.s3.enabled', String(logs));
    const bucket = notes.string('aws-load-balancer-access-log-s3-bucket-name');
    const prefix = notes.string('aws-load-balancer-access-log-s3-bucket-prefix');
    if (logs && bucket !== undefined) attributes.set('access_logs.s3.bucket', bucket);
    if (logs && prefix !== undefined) attributes.set('access_logs.s3.prefix', prefix);
  }
  const crossZone = notes.bool('aws-load-balancer-cross-zone-load-balancing-enabled');
  if (crossZone !== undefined) {
    attributes.set('load_balancing.cross_zone.enabled', String(crossZone));
  }
  return attributes;
}

/**
 * Whether the annotation forbids deletion (pkg/service/model_builder.go,
 * getDeletionProtectionViaAnnotation). What is set in AWS alone does not count.
 */
export function isProtected(notes: ServiceAnnotations): boolean {
  const raw = notes.map('aws-load-balancer-attributes')?.get(PROTECTION);
  if (raw === undefined) return false;
  const value = parseGoBool(raw);
  if (value !== undefined) return value;
  throw new BuildError(
    `failed to parse deletion_protection value: strconv.ParseBool: parsing ${JSON.stringify(raw)}: invalid syntax`,
  );
}
