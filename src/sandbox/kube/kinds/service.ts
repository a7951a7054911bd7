import { sameJson } from '../object.ts';
import type { KubeObject } from '../object.ts';
import { allocateService } from './service-allocation.ts';
import type { KindRules } from './kind-rules.ts';
import { serviceFaults } from './service-faults.ts';
import { serviceStatusFaults } from './service-status.ts';
import { isBalanced, isExternal, needsHealthPort } from './service-type.ts';

interface Port {
  protocol?: string;
  port: number;
  targetPort?: number | string;
  nodePort?: number;
}

/** Source: kubernetes pkg/apis/core/v1/defaults.go, SetDefaults_Service. */
function defaults(service: KubeObject): void {
  const { spec } = service;
  service.status ??= { loadBalancer: {} };
  if (!spec) return;
  spec.type ??= 'ClusterIP';
  spec.sessionAffinity ??= 'None';
  if (
    spec.sessionAffinity === 'ClientIP' &&
    spec.sessionAffinityConfig?.clientIP?.timeoutSeconds === undefined
  )
    spec.sessionAffinityConfig = { clientIP: { timeoutSeconds: 10_800 } };
  if (spec.sessionAffinity === 'None') delete spec.sessionAffinityConfig;
  for (const port of (Array.isArray(spec.ports) ? spec.ports : []) as Port[]) {
    port.protocol ??= 'TCP';
    // Zero stands for nothing, so that a port of 0 is seen as that.
    port.port ??= 0;
    if (port.nodePort === 0) delete port.nodePort;
    if (!port.targetPort) port.targetPort = port.port;
  }
  if (isExternal(service)) spec.externalTrafficPolicy ??= 'Cluster';
  if (['NodePort', 'LoadBalancer', 'ClusterIP'].includes(spec.type))
    spec.internalTrafficPolicy ??= 'Cluster';
  if (!isBalanced(service)) return;
  spec.allocateLoadBalancerNodePorts ??= true;
  for (const one of service.status.loadBalancer?.ingress ?? []) if (one.ip) one.ipMode ??= 'VIP';
}

/**
 * A Service that leaves a type loses what only that type has, unless the writer changed it, too. Source:
 * kubernetes pkg/registry/core/service/strategy.go, dropTypeDependentFields; storage.go, defaultOnRead.
 */
function prepare(service: KubeObject, old?: KubeObject): void {
  const { spec } = service;
  if (!spec) return;
  if (old?.spec) dropFields(spec, old.spec, service, old);
  if (spec.type === 'ExternalName') delete spec.internalTrafficPolicy;
  if (!isBalanced(service)) service.status = { ...service.status, loadBalancer: {} };
}

type Spec = KubeObject['spec'];

function dropFields(spec: Spec, was: Spec, service: KubeObject, old: KubeObject): void {
  const drop = (...fields: readonly string[]): void => {
    for (const field of fields) if (sameJson(spec[field], was[field])) delete spec[field];
  };
  if (was.type !== 'ExternalName' && spec.type === 'ExternalName') {
    if (sameJson([spec.clusterIP, spec.clusterIPs], [was.clusterIP, was.clusterIPs]))
      drop('clusterIP', 'clusterIPs');
    drop('ipFamilies', 'ipFamilyPolicy');
  }
  const typed = (one: KubeObject): boolean => ['NodePort', 'LoadBalancer'].includes(one.spec.type);
  const numbers = (ports: readonly Port[] = []): (number | undefined)[] =>
    ports.map((port) => port.nodePort).filter(Boolean);
  if (
    typed(old) &&
    !typed(service) &&
    numbers(spec.ports).every((n) => numbers(was.ports).includes(n))
  )
    for (const port of spec.ports ?? []) delete port.nodePort;
  if (needsHealthPort(old) && !needsHealthPort(service)) drop('healthCheckNodePort');
  if (isBalanced(old) && !isBalanced(service))
    drop('allocateLoadBalancerNodePorts', 'loadBalancerClass');
  if (isExternal(old) && !isExternal(service)) drop('externalTrafficPolicy');
}

export const serviceRules: KindRules = {
  defaults,
  allocate: allocateService,
  prepare,
  validate: serviceFaults,
  validateStatus: serviceStatusFaults,
};
