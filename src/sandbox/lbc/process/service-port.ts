import type { KubeObject } from '../../kube/object.ts';

/** One entry of a Service's spec.ports. */
export interface ServicePort {
  readonly name?: string;
  readonly protocol: string;
  readonly port: number;
  readonly targetPort: number | string;
  readonly nodePort?: number;
}

export function portsOf(service: KubeObject): readonly ServicePort[] {
  return (service['spec']?.ports ?? []).map((port: Partial<ServicePort>) => ({
    ...port,
    protocol: port.protocol ?? 'TCP',
    targetPort: port.targetPort ?? port.port,
  }));
}

/** pkg/k8s/service_utils.go, LookupServicePort: a string is a port's name, a number its number. */
export function findServicePort(
  service: KubeObject,
  wanted: number | string,
): ServicePort | undefined {
  return portsOf(service).find((port) =>
    typeof wanted === 'string' ? port.name === wanted : port.port === wanted,
  );
}
