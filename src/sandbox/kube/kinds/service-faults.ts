import { badFormat, badValue, labelFaults, notAllowed, required, unsupported } from '../faults.ts';
import { address, cidr, dnsSubdomain, endpointAddress, qualifiedName } from '../formats.ts';
import { sameJson } from '../object.ts';
import type { KubeObject } from '../object.ts';
import type { FieldError } from '../status-error.ts';
import { addressChangeFaults, addressFaults } from './service-addresses.ts';
import { portFaults } from './service-ports.ts';
import { isBalanced, isExternal, isHeadless, needsHealthPort } from './service-type.ts';

const TYPES = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];
const RANGES = 'service.beta.kubernetes.io/load-balancer-source-ranges';
const BALANCED_ONLY = "may only be used when `type` is 'LoadBalancer'";

/** What each field may say: its values in upstream's order, and whether it must be there. */
const ENUMS: Readonly<Record<string, readonly string[]>> = {
  type: TYPES,
  sessionAffinity: ['ClientIP', 'None'],
  internalTrafficPolicy: ['Cluster', 'Local'],
  trafficDistribution: ['PreferClose', 'PreferSameZone', 'PreferSameNode'],
};

function externalNameFaults({ spec }: KubeObject): FieldError[] {
  const faults = ['clusterIPs', 'ipFamilies', 'ipFamilyPolicy'].flatMap((field) =>
    spec[field]?.length
      ? [notAllowed(`spec.${field}`, 'may not be set for ExternalName services')]
      : [],
  );
  const name = (spec.externalName ?? '').replace(/\.$/, '');
  if (!name) return [...faults, required('spec.externalName')];
  return [...faults, ...badFormat('spec.externalName', name, dnsSubdomain)];
}

function rangeFaults(service: KubeObject): FieldError[] {
  const ranges: readonly string[] = service.spec.loadBalancerSourceRanges ?? [];
  const annotation = service.metadata.annotations?.[RANGES];
  const inSpec = ranges.length > 0;
  if (!inSpec && annotation === undefined) return [];
  // The capital letter is upstream's.
  const at = inSpec ? 'spec.LoadBalancerSourceRanges' : `metadata.annotations[${RANGES}]`;
  const listed = inSpec ? ranges : (annotation ?? '').trim().split(',').filter(Boolean);
  return [
    ...(isBalanced(service) ? [] : [notAllowed(at, BALANCED_ONLY)]),
    ...listed.flatMap((range, i) => badFormat(inSpec ? `${at}[${i}]` : at, range.trim(), cidr)),
  ];
}

function trafficFaults(service: KubeObject): FieldError[] {
  const { externalTrafficPolicy: policy, healthCheckNodePort: port } = service.spec;
  const faults: FieldError[] = [];
  const at = 'spec.externalTrafficPolicy';
  if (policy && !isExternal(service))
    faults.push(badValue(at, policy, 'may only be set for externally-accessible services'));
  else if (policy && !['Cluster', 'Local'].includes(policy))
    faults.push(unsupported(at, policy, ['Cluster', 'Local']));
  if (port && !needsHealthPort(service))
    faults.push(
      badValue(
        'spec.healthCheckNodePort',
        port,
        "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'",
      ),
    );
  return faults;
}

function classFaults(service: KubeObject, old?: KubeObject): FieldError[] {
  const { loadBalancerClass: name } = service.spec;
  const at = 'spec.loadBalancerClass';
  if (!isBalanced(service)) return name === undefined ? [] : [notAllowed(at, BALANCED_ONLY)];
  const changed = old && isBalanced(old) && !sameJson(name, old.spec.loadBalancerClass);
  return [
    ...(changed ? [badValue(at, name, 'may not change once set')] : []),
    ...(name === undefined ? [] : badFormat(at, name, qualifiedName)),
  ];
}

function affinityFaults({ spec }: KubeObject): FieldError[] {
  if (spec.sessionAffinity !== 'ClientIP') return [];
  const seconds: number = spec.sessionAffinityConfig.clientIP.timeoutSeconds;
  if (seconds > 0 && seconds <= 86_400) return [];
  const why = 'must be greater than 0 and less than 86400';
  return [badValue('spec.sessionAffinityConfig.clientIP.timeoutSeconds', seconds, why)];
}

function topologyFaults({ metadata }: KubeObject): FieldError[] {
  const hints = 'service.kubernetes.io/topology-aware-hints';
  const mode = 'service.kubernetes.io/topology-mode';
  const { [hints]: one, [mode]: other } = metadata.annotations ?? {};
  if (one === undefined || other === undefined || one === other) return [];
  const why = `must match annotations[${hints}] when both are specified`;
  return [badValue(`metadata.annotations[${mode}]`, other, why)];
}

/** What is wrong with a Service. Source: kubernetes pkg/apis/core/validation/validation.go, validateService. */
export function serviceFaults(service: KubeObject, old?: KubeObject): FieldError[] {
  const { spec } = service;
  if (!spec) return [required('spec.ports')];
  const faults = Object.entries(ENUMS).flatMap(([field, values]) =>
    spec[field] === undefined || values.includes(spec[field])
      ? []
      : [unsupported(`spec.${field}`, spec[field], values)],
  );
  if (spec.type === 'ExternalName') faults.push(...externalNameFaults(service));
  else if (!spec.ports?.length && !isHeadless(service)) faults.push(required('spec.ports'));
  if (isHeadless(service) && ['NodePort', 'LoadBalancer'].includes(spec.type))
    faults.push(
      badValue('spec.clusterIPs[0]', 'None', `may not be set to 'None' for ${spec.type} services`),
    );
  for (const [i, ip] of (spec.externalIPs ?? []).entries()) {
    const wrong = badFormat(`spec.externalIPs[${i}]`, ip, address);
    faults.push(...wrong);
    if (wrong.length === 0)
      faults.push(...badFormat(`spec.externalIPs[${i}]`, ip, endpointAddress));
  }
  if (spec.allocateLoadBalancerNodePorts !== undefined && !isBalanced(service))
    faults.push(notAllowed('spec.allocateLoadBalancerNodePorts', BALANCED_ONLY));
  const health = 'healthCheckNodePort';
  if (old && needsHealthPort(old) && needsHealthPort(service) && spec[health] !== old.spec[health])
    faults.push(notAllowed(`spec.${health}`, 'field is immutable'));
  return [
    ...faults,
    ...portFaults(service),
    ...labelFaults('spec.selector', spec.selector),
    ...affinityFaults(service),
    ...addressFaults(service),
    ...rangeFaults(service),
    ...classFaults(service, old),
    ...trafficFaults(service),
    ...topologyFaults(service),
    ...(old?.spec ? addressChangeFaults(service, old) : []),
  ];
}
