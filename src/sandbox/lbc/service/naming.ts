import { createHash } from 'node:crypto';

/** `k8s-<namespace, 8>-<name, 8>-<hash, 10>`, letters and digits only, at most 32 characters. */
function k8sName(namespace: string, name: string, hashed: readonly (string | number)[]): string {
  return `k8s-${alphanumeric(namespace, 8)}-${alphanumeric(name, 8)}-${hash10(hashed)}`;
}

function alphanumeric(text: string, length: number): string {
  return text.replaceAll(/[^0-9A-Za-z]/g, '').slice(0, length);
}

function hash10(parts: readonly (string | number)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(String(part));
  return hash.digest('hex').slice(0, 10);
}

/** The Service as far as names depend on it. */
export interface NamedService {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

/** pkg/service/model_build_load_balancer.go, buildLoadBalancerName. */
export function loadBalancerName(
  clusterName: string,
  service: NamedService,
  scheme: string,
): string {
  return k8sName(service.namespace, service.name, [clusterName, service.uid, scheme]);
}

/** What goes into a target group's name besides cluster and Service. */
export interface TargetGroupNameParts {
  readonly targetPort: number;
  readonly servicePort: number;
  readonly targetType: string;
  readonly protocol: string;
  readonly healthCheckProtocol: string;
  readonly healthCheckInterval: number;
}

/** pkg/service/model_build_target_group.go, buildTargetGroupName: also the name of the binding. */
export function targetGroupName(
  clusterName: string,
  service: NamedService,
  parts: TargetGroupNameParts,
): string {
  return k8sName(service.namespace, service.name, [
    clusterName,
    service.uid,
    parts.targetPort,
    parts.servicePort,
    parts.targetType,
    parts.protocol,
    parts.healthCheckProtocol,
    parts.healthCheckInterval,
  ]);
}

/** pkg/service/model_build_managed_sg.go, buildManagedSecurityGroupName. */
export function managedSecurityGroupName(clusterName: string, service: NamedService): string {
  return k8sName(service.namespace, service.name, [
    clusterName,
    service.name,
    service.namespace,
    service.uid,
  ]);
}

/** pkg/networking/backend_sg_provider.go, getBackendSGName. */
export function backendSecurityGroupName(clusterName: string): string {
  const sanitized = clusterName.replaceAll(/[^0-9A-Za-z]/g, '');
  return `k8s-traffic-${sanitized}-${hash10([clusterName])}`.slice(0, 255);
}
