import { copyOf } from '../object.ts';
import type { KubeObject } from '../object.ts';
import { allocateService } from './service-allocation.ts';
import type { KindRules } from './kind-rules.ts';
import { serviceFaults } from './service-faults.ts';

interface Port {
  name?: string;
  protocol?: string;
  port: number;
  targetPort?: number | string;
  nodePort?: number;
}

/** Whether this type of Service is reached from outside: those have node ports. */
function isExternal(service: KubeObject): boolean {
  return service.spec.type === 'NodePort' || service.spec.type === 'LoadBalancer';
}

/**
 * A writer that leaves out what the server handed out keeps it, and a Service that leaves a type
 * loses what only that type has. Source: kubernetes pkg/registry/core/service/strategy.go and
 * storage.go (patchAllocatedValues, dropTypeDependentFields).
 */
function keepOrDrop(service: KubeObject, old: KubeObject): void {
  const { spec } = service;
  const typed = spec.type !== 'ExternalName' && old.spec.type !== 'ExternalName';
  if (typed && !spec.clusterIP && !spec.clusterIPs?.length && old.spec.clusterIP) {
    spec.clusterIP = old.spec.clusterIP;
    spec.clusterIPs = copyOf(old.spec.clusterIPs);
  }
  for (const port of (spec.ports ?? []) as Port[]) {
    const was = (old.spec.ports as Port[] | undefined)?.find(
      (other) => other.port === port.port && (other.protocol ?? 'TCP') === (port.protocol ?? 'TCP'),
    );
    if (isExternal(service)) port.nodePort ??= was?.nodePort as number;
    else if (port.nodePort === was?.nodePort) delete port.nodePort;
    if (port.nodePort === undefined) delete port.nodePort;
  }
  if (!isExternal(service) && isExternal(old)) delete spec.externalTrafficPolicy;
  if (spec.type !== 'LoadBalancer' && old.spec.type === 'LoadBalancer') {
    delete spec.allocateLoadBalancerNodePorts;
    delete spec.loadBalancerClass;
  }
  const local = spec.type === 'LoadBalancer' && spec.externalTrafficPolicy === 'Local';
  if (local) spec.healthCheckNodePort ??= old.spec.healthCheckNodePort;
  if (!local || spec.healthCheckNodePort === undefined) delete spec.healthCheckNodePort;
}

/** Source: kubernetes pkg/apis/core/v1/defaults.go, SetDefaults_Service. */
function defaults(service: KubeObject, old?: KubeObject): void {
  const { spec } = service;
  if (!spec) return;
  spec.type ??= 'ClusterIP';
  spec.sessionAffinity ??= 'None';
  if (spec.sessionAffinity === 'ClientIP')
    spec.sessionAffinityConfig ??= { clientIP: { timeoutSeconds: 10_800 } };
  if (spec.sessionAffinity === 'None') delete spec.sessionAffinityConfig;
  for (const port of (Array.isArray(spec.ports) ? spec.ports : []) as Port[]) {
    port.protocol ??= 'TCP';
    if (port.nodePort === 0) delete port.nodePort;
    if (port.targetPort === undefined || port.targetPort === '') port.targetPort = port.port;
  }
  if (old) keepOrDrop(service, old);
  if (isExternal(service)) spec.externalTrafficPolicy ??= 'Cluster';
  if (spec.type === 'LoadBalancer') spec.allocateLoadBalancerNodePorts ??= true;
  if (spec.type !== 'ExternalName') {
    spec.internalTrafficPolicy ??= 'Cluster';
    spec.ipFamilies ??= ['IPv4'];
    spec.ipFamilyPolicy ??= 'SingleStack';
  }
  service.status ??= { loadBalancer: {} };
}

export const serviceRules: KindRules = {
  defaults,
  validate: serviceFaults,
  allocate: allocateService,
};
