import type { KubeObject } from '../../kube/object.ts';
import type { ServiceAnnotations } from './annotations.ts';
import { BuildError } from '../process/errors.ts';
import { findServicePort } from '../process/service-port.ts';

/** A target group's health check; `port` is a number or `traffic-port`. */
export interface HealthCheckModel {
  readonly protocol: 'TCP' | 'HTTP' | 'HTTPS';
  readonly port: number | 'traffic-port';
  readonly path?: string | undefined;
  readonly successCodes?: string | undefined;
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  readonly healthyThreshold: number;
  readonly unhealthyThreshold: number;
  /** Whether a group with another protocol, interval or timeout is replaced instead of changed. */
  readonly fixed: boolean;
}

/**
 * pkg/service/model_build_target_group.go, buildTargetGroupHealthCheckConfig, with the defaults of
 * model_builder.go: instance targets of a Service with externalTrafficPolicy Local are asked at the
 * Service's healthCheckNodePort. Without the gate NLBHealthCheckAdvancedConfig (not `advanced`), timeout and
 * success codes are not set.
 */
export function buildHealthCheck(
  service: KubeObject,
  notes: ServiceAnnotations,
  targetType: 'ip' | 'instance',
  advanced: boolean,
): HealthCheckModel {
  const local =
    targetType === 'instance' &&
    service['spec'].externalTrafficPolicy === 'Local' &&
    service['spec'].type === 'LoadBalancer';
  const protocol = protocolOf(
    notes.string('aws-load-balancer-healthcheck-protocol') ?? (local ? 'HTTP' : 'TCP'),
  );
  const http = protocol !== 'TCP';
  const thresholds = local ? 2 : 3;
  return {
    protocol,
    port: portOf(
      service,
      notes.string('aws-load-balancer-healthcheck-port') ??
        (local ? String(service['spec'].healthCheckNodePort) : 'traffic-port'),
      targetType,
    ),
    path: http
      ? (notes.string('aws-load-balancer-healthcheck-path') ?? (local ? '/healthz' : '/'))
      : undefined,
    successCodes:
      http && advanced
        ? (notes.string('aws-load-balancer-healthcheck-success-codes') ?? '200-399')
        : undefined,
    intervalSeconds: notes.int('aws-load-balancer-healthcheck-interval') ?? 10,
    timeoutSeconds:
      (advanced ? notes.int('aws-load-balancer-healthcheck-timeout') : undefined) ??
      (local ? 6 : 10),
    healthyThreshold: notes.int('aws-load-balancer-healthcheck-healthy-threshold') ?? thresholds,
    unhealthyThreshold:
      notes.int('aws-load-balancer-healthcheck-unhealthy-threshold') ?? thresholds,
    fixed: !advanced,
  };
}

function protocolOf(raw: string): 'TCP' | 'HTTP' | 'HTTPS' {
  const protocol = raw.toUpperCase();
  if (protocol === 'TCP' || protocol === 'HTTP' || protocol === 'HTTPS') return protocol;
  throw new BuildError(`unsupported health check protocol ${raw}`);
}

function portOf(
  service: KubeObject,
  raw: string,
  targetType: 'ip' | 'instance',
): number | 'traffic-port' {
  if (raw === 'traffic-port') return raw;
  if (/^\d+$/.test(raw)) return Number(raw);
  const port = findServicePort(service, raw);
  if (!port) {
    throw new BuildError(
      `failed to resolve healthCheckPort: unable to find port ${raw} on service ${service.metadata.namespace}/${service.metadata.name}`,
    );
  }
  if (targetType === 'instance') return port.nodePort ?? 0;
  if (typeof port.targetPort === 'number') return port.targetPort;
  throw new BuildError(
    "cannot use named healthCheckPort for IP TargetType when service's targetPort is a named port",
  );
}
