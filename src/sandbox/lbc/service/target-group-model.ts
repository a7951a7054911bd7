import type { KubeObject } from '../../kube/object.ts';
import type { ServiceAnnotations } from './annotations.ts';
import { BuildError } from '../process/errors.ts';
import { buildHealthCheck } from './health-check-model.ts';
import type { HealthCheckModel } from './health-check-model.ts';
import { targetGroupName } from './naming.ts';
import type { NamedService } from './naming.ts';
import { buildNetworking } from './networking-block.ts';
import type { NetworkingRule } from './networking-block.ts';
import type {
  Attributes,
  ModelContext,
  Protocol,
  Scheme,
  SecurityGroupRef,
} from './model-terms.ts';
import type { ServedPort } from './served-ports.ts';
import type { Subnet } from './subnets.ts';
import { preservesClientIp, targetGroupAttributes } from './target-group-attributes.ts';
import type { ServicePort } from '../process/service-port.ts';

/** A target group and its binding; both stand for one port number of the Service. */
export interface TargetGroupModel {
  /** `namespace/service:port`, the tag that finds the group again; merged ports have one. */
  readonly resourceId: string;
  /** Name of the group, and of the binding where one is made. */
  readonly name: string;
  readonly servicePort: number;
  readonly port: number;
  readonly protocol: Protocol;
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
  readonly subnets: readonly Subnet[];
  readonly sourceRanges: readonly string[];
  vpcCidrs(family: 'ipv4' | 'ipv6'): readonly string[];
}

/** pkg/service/model_build_target_group.go, buildTargetGroup. Raises BuildError, AnnotationError. */
export function buildTargetGroup(
  { port, groupProtocol: protocol }: ServedPort,
  around: TargetGroupContext,
): TargetGroupModel {
  const { service, named, notes, context } = around;
  const targetType = targetTypeOf(service, notes, port);
  const healthCheck = buildHealthCheck(
    service,
    notes,
    targetType,
    context.flags.nlbHealthCheckAdvancedConfig,
  );
  const attributes = targetGroupAttributes(notes, port.port, context.version);
  const targetPort = targetPortOf(targetType, port);
  const family = targetFamily(service, around.ipAddressType);
  const multiCluster = notes.bool('aws-load-balancer-multi-cluster-target-group') ?? false;
  return {
    resourceId: `${named.namespace}/${named.name}:${port.port}`,
    name: targetGroupName(context.clusterName, named, {
      targetPort,
      servicePort: port.port,
      targetType,
      protocol,
      healthCheckProtocol: healthCheck.protocol,
      healthCheckInterval: healthCheck.intervalSeconds,
    }),
    servicePort: port.port,
    port: targetPort,
    protocol,
    targetType,
    ipAddressType: family,
    healthCheck,
    attributes,
    binding: {
      networking: buildNetworking({
        version: context.version,
        protocol,
        port: targetType === 'instance' ? (port.nodePort ?? 0) : port.targetPort,
        healthCheckPort: healthCheck.port,
        peer: around.peer,
        withoutGroups: around.withoutGroups,
        anyPort: context.flags.disableRestrictedSgRules,
        manages: notes.bool('aws-load-balancer-manage-backend-security-group-rules') ?? true,
        preservesClientIp: preservesClientIp(attributes, targetType),
        scheme: around.scheme,
        subnetCidrs: around.subnets.flatMap((subnet) => cidrsOf(subnet, family)),
        everywhere: family === 'ipv6' ? '::/0' : '0.0.0.0/0',
        sourceRanges: around.sourceRanges,
        vpcCidrs: () => around.vpcCidrs(family),
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

function targetFamily(service: KubeObject, balancer: 'ipv4' | 'dualstack'): 'ipv4' | 'ipv6' {
  if (!service['spec'].ipFamilies?.includes('IPv6')) return 'ipv4';
  if (balancer !== 'dualstack') {
    throw new BuildError('unsupported IPv6 configuration, lb not dual-stack');
  }
  return 'ipv6';
}

function cidrsOf(subnet: Subnet, family: 'ipv4' | 'ipv6'): readonly string[] {
  if (family === 'ipv4') return [subnet.CidrBlock];
  return (subnet.Ipv6CidrBlockAssociationSet ?? []).map((one) => one.Ipv6CidrBlock);
}

function nodeSelectorOf(notes: ServiceAnnotations, targetType: string): object | undefined {
  if (targetType !== 'instance') return undefined;
  const labels = notes.map('aws-load-balancer-target-node-labels');
  return labels && labels.size > 0 ? { matchLabels: Object.fromEntries(labels) } : undefined;
}
