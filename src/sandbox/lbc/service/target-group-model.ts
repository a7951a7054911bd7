import type { KubeObject } from '../../kube/object.ts';
import { parseGoBool } from './annotations.ts';
import type { ServiceAnnotations } from './annotations.ts';
import { BuildError } from '../process/errors.ts';
import { buildHealthCheck } from './health-check-model.ts';
import type { HealthCheckModel } from './health-check-model.ts';
import { targetGroupName } from './naming.ts';
import type { NamedService } from './naming.ts';
import { buildNetworking } from './networking-block.ts';
import type { NetworkingRule } from './networking-block.ts';
import type { Attributes, ModelContext, Scheme, SecurityGroupRef } from './model-terms.ts';
import type { ServicePort } from '../process/service-port.ts';

/** A target group and its binding; both stand for one Service port. */
export interface TargetGroupModel {
  /** `namespace/service:port`, the tag that finds the group again. */
  readonly resourceId: string;
  /** Name of the group, and of the binding where one is made. */
  readonly name: string;
  readonly servicePort: number;
  readonly port: number;
  readonly protocol: 'TCP';
  readonly targetType: 'ip' | 'instance';
  readonly ipAddressType: 'ipv4' | 'ipv6';
  readonly healthCheck: HealthCheckModel;
  readonly attributes: Attributes;
  readonly binding: {
    readonly networking?: readonly NetworkingRule[] | undefined;
    readonly nodeSelector?: object | undefined;
    readonly multiCluster: boolean;
  };
}

/** What the ports of a Service have in common. */
export interface TargetGroupContext {
  readonly service: KubeObject;
  readonly named: NamedService;
  readonly notes: ServiceAnnotations;
  readonly context: ModelContext;
  /** The group that targets must let in; none when the rules on targets are not the controller's. */
  readonly peer?: SecurityGroupRef | undefined;
  readonly withoutGroups: boolean;
  readonly scheme: Scheme;
  readonly ipAddressType: 'ipv4' | 'dualstack';
  readonly subnetCidrs: readonly string[];
  readonly sourceRanges: readonly string[];
  vpcCidrs(): readonly string[];
}

/** pkg/service/model_build_target_group.go, buildTargetGroup. Raises BuildError, AnnotationError. */
export function buildTargetGroup(port: ServicePort, around: TargetGroupContext): TargetGroupModel {
  const { service, named, notes, context } = around;
  const targetType = targetTypeOf(service, notes, port);
  const healthCheck = buildHealthCheck(service, notes, targetType);
  const attributes = targetGroupAttributes(notes);
  const targetPort = targetPortOf(targetType, port);
  const multiCluster = notes.bool('aws-load-balancer-multi-cluster-target-group') ?? false;
  return {
    resourceId: `${named.namespace}/${named.name}:${port.port}`,
    name: targetGroupName(context.clusterName, named, {
      targetPort,
      servicePort: port.port,
      targetType,
      protocol: 'TCP',
      healthCheckProtocol: healthCheck.protocol,
      healthCheckInterval: healthCheck.intervalSeconds,
    }),
    servicePort: port.port,
    port: targetPort,
    protocol: 'TCP',
    targetType,
    ipAddressType: targetFamily(service, around.ipAddressType),
    healthCheck,
    attributes,
    binding: {
      networking: buildNetworking({
        port: targetType === 'instance' ? (port.nodePort ?? 0) : port.targetPort,
        healthCheckPort: healthCheck.port,
        peer: around.peer,
        withoutGroups: around.withoutGroups,
        anyPort: context.flags.disableRestrictedSgRules,
        manages: notes.bool('aws-load-balancer-manage-backend-security-group-rules') ?? true,
        preservesClientIp: preservesClientIp(attributes, targetType),
        scheme: around.scheme,
        subnetCidrs: around.subnetCidrs,
        sourceRanges: around.sourceRanges,
        vpcCidrs: () => around.vpcCidrs(),
      }),
      nodeSelector: nodeSelectorOf(notes, targetType),
      multiCluster,
    },
  };
}

function targetTypeOf(
  service: KubeObject,
  notes: ServiceAnnotations,
  port: ServicePort,
): 'ip' | 'instance' {
  const wanted = notes.string('aws-load-balancer-nlb-target-type') ?? 'instance';
  if (notes.string('aws-load-balancer-type') === 'nlb-ip' || wanted === 'ip') return 'ip';
  const type: string = service['spec'].type ?? 'ClusterIP';
  if (type === 'ClusterIP') {
    throw new BuildError(
      `unsupported service type "${type}" for load balancer target type "${wanted}"`,
    );
  }
  if (!port.nodePort && service['spec'].allocateLoadBalancerNodePorts === false) {
    throw new BuildError('unable to support instance target type with an unallocated NodePort');
  }
  return 'instance';
}

/** Not in the data path; a named port, which may differ from pod to pod, is written as 1. */
function targetPortOf(targetType: 'ip' | 'instance', port: ServicePort): number {
  if (targetType === 'instance') return port.nodePort ?? 0;
  return typeof port.targetPort === 'number' ? port.targetPort : 1;
}

function targetGroupAttributes(notes: ServiceAnnotations): Attributes {
  const attributes = new Map(notes.map('aws-load-balancer-target-group-attributes'));
  if (!attributes.has('proxy_protocol_v2.enabled')) {
    attributes.set('proxy_protocol_v2.enabled', 'false');
  }
  const proxy = notes.string('aws-load-balancer-proxy-protocol');
  if (proxy !== undefined) {
    if (proxy !== '*') {
      throw new BuildError(
        `invalid value ${proxy} for Load Balancer proxy protocol v2 annotation, only value currently supported is *`,
      );
    }
    attributes.set('proxy_protocol_v2.enabled', 'true');
  }
  const raw = attributes.get('preserve_client_ip.enabled');
  if (raw !== undefined && parseGoBool(raw) === undefined) {
    throw new BuildError(
      `failed to parse attribute preserve_client_ip.enabled=${raw}: strconv.ParseBool: parsing ${JSON.stringify(raw)}: invalid syntax`,
    );
  }
  return new Map([...attributes].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function preservesClientIp(attributes: Attributes, targetType: 'ip' | 'instance'): boolean {
  const raw = attributes.get('preserve_client_ip.enabled');
  return raw === undefined ? targetType === 'instance' : parseGoBool(raw) === true;
}

function targetFamily(service: KubeObject, balancer: 'ipv4' | 'dualstack'): 'ipv4' | 'ipv6' {
  if (!service['spec'].ipFamilies?.includes('IPv6')) return 'ipv4';
  if (balancer !== 'dualstack') {
    throw new BuildError('unsupported IPv6 configuration, lb not dual-stack');
  }
  return 'ipv6';
}

function nodeSelectorOf(notes: ServiceAnnotations, targetType: string): object | undefined {
  if (targetType !== 'instance') return undefined;
  const labels = notes.map('aws-load-balancer-target-node-labels');
  return labels && labels.size > 0 ? { matchLabels: Object.fromEntries(labels) } : undefined;
}
