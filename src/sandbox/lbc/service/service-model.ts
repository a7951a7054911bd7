import type { KubeObject } from '../../kube/object.ts';
import { ServiceAnnotations } from './annotations.ts';
import { AnnotationError } from './attributes-annotation.ts';
import type { ControllerNames } from '../process/controller-names.ts';
import { BuildError } from '../process/errors.ts';
import { buildListener } from './listener-model.ts';
import type { ListenerModel } from './listener-model.ts';
import { buildAttributes, isProtected } from './load-balancer-attributes.ts';
import type { Attributes, ModelContext, Scheme, SecurityGroupRef } from './model-terms.ts';
import { securityGroupsOf } from './security-group-choice.ts';
import type { ModelFacts } from './model-facts.ts';
import { loadBalancerName, managedSecurityGroupName } from './naming.ts';
import type { NamedService } from './naming.ts';
import type { Subnet } from './subnets.ts';
import { portsOf } from '../process/service-port.ts';
import { servedPorts } from './served-ports.ts';
import { buildTargetGroup } from './target-group-model.ts';
import type { TargetGroupModel } from './target-group-model.ts';
import { refuseUnmodelled } from './unmodelled.ts';

/** A security group to be made for the load balancer's clients. */
export interface ManagedGroupModel {
  readonly name: string;
  readonly cidrs: readonly string[];
  readonly ports: readonly { readonly protocol: string; readonly port: number }[];
}

/** What AWS and the cluster should look like for one Service. */
export interface ServiceModel {
  readonly loadBalancer: {
    readonly name: string;
    readonly scheme: Scheme;
    readonly ipAddressType: 'ipv4' | 'dualstack';
    readonly subnetIds: readonly string[];
    readonly securityGroups: readonly SecurityGroupRef[];
    /** Only what is named here is ever set; a dropped key keeps its value in AWS. */
    readonly attributes: Attributes;
  };
  readonly managedGroup?: ManagedGroupModel | undefined;
  readonly usesBackendGroup: boolean;
  readonly targetGroups: readonly TargetGroupModel[];
  readonly listeners: readonly ListenerModel[];
  readonly tags: Attributes;
}

/** A model that is requested, or none, when what was made for the Service has to go. */
export type Built =
  | { readonly kind: 'model'; readonly model: ServiceModel }
  | { readonly kind: 'none' };

/**
 * pkg/service/service_utils.go, IsServiceSupported: whether this controller takes care of the
 * Service. A class decides alone; without one the old type annotation does.
 */
export function isSupported(
  service: KubeObject,
  loadBalancerClass: string,
  { annotationsChoose }: ControllerNames,
): boolean {
  if (service.metadata.deletionTimestamp) return false;
  const wanted: string | undefined = service['spec'].loadBalancerClass;
  if (wanted) return wanted === loadBalancerClass;
  if (!annotationsChoose) return false;
  const notes = new ServiceAnnotations(service.metadata.annotations, '');
  const type = notes.string('aws-load-balancer-type');
  if (type === 'nlb-ip') return true;
  const targetType = notes.string('aws-load-balancer-nlb-target-type') ?? '';
  return type === 'external' && ['ip', 'instance'].includes(targetType);
}

/**
 * pkg/service/model_builder.go. Raises BuildError (FailedBuildModel) for whatever cannot be built;
 * also for a Service that is to go while its annotation has deletion protection on.
 */
export function buildServiceModel(
  service: KubeObject,
  context: ModelContext,
  facts: ModelFacts,
): Built {
  const notes = new ServiceAnnotations(service.metadata.annotations, context.version);
  try {
    if (isSupported(service, context.flags.loadBalancerClass, context.names)) {
      return { kind: 'model', model: build(service, notes, context, facts) };
    }
    const pending = service.metadata.finalizers?.includes(context.names.serviceFinalizer) ?? false;
    if (pending && isProtected(notes)) {
      throw new BuildError(
        `deletion_protection is enabled, cannot delete the service: ${service.metadata.name}`,
      );
    }
    return { kind: 'none' };
  } catch (error) {
    throw error instanceof AnnotationError ? new BuildError(error.message) : error;
  }
}

function build(
  service: KubeObject,
  notes: ServiceAnnotations,
  context: ModelContext,
  facts: ModelFacts,
): ServiceModel {
  refuseUnmodelled(notes);
  const named: NamedService = {
    namespace: service.metadata.namespace!,
    name: service.metadata.name,
    uid: service.metadata.uid!,
  };
  const scheme = schemeOf(notes, facts);
  const ipAddressType = ipAddressTypeOf(notes);
  const subnets = subnetsOf(notes, scheme, facts);
  const { groups, managed, backend, peer } = securityGroupsOf(notes, context, facts);
  const sourceRanges = rangesOf(service, notes);
  const tags = notes.map('aws-load-balancer-additional-resource-tags') ?? new Map();
  const managedGroup = managed
    ? {
        name: managedSecurityGroupName(context.clusterName, named),
        cidrs: managedCidrs(sourceRanges, ipAddressType),
        // Also of a port that no listener serves.
        ports: portsOf(service).map(({ protocol, port }) => ({ protocol, port })),
      }
    : undefined;
  const served = servedPorts(service, notes, context).map((one) => {
    const targetGroup = buildTargetGroup(one, {
      service,
      named,
      notes,
      context,
      peer,
      withoutGroups: groups.length === 0,
      scheme,
      ipAddressType,
      subnets,
      sourceRanges,
      vpcCidrs: (family) => facts.vpcCidrs(family),
    });
    return { targetGroup, listener: buildListener(notes, one, targetGroup, context.flags) };
  });
  return {
    loadBalancer: {
      name:
        notes.string('aws-load-balancer-name') ??
        loadBalancerName(context.clusterName, named, scheme),
      scheme,
      ipAddressType,
      subnetIds: subnets.map((subnet) => subnet.SubnetId),
      securityGroups: groups,
      attributes: buildAttributes(notes),
    },
    managedGroup,
    usesBackendGroup: backend,
    targetGroups: served.map(({ targetGroup }) => targetGroup),
    listeners: served.map(({ listener }) => listener),
    tags,
  };
}

/**
 * pkg/service/model_build_managed_sg.go, buildCIDRsFromSourceRanges: who comes over IPv6 is let in by
 * dual-stack ones only. Raises BuildError.
 */
function managedCidrs(
  ranges: readonly string[],
  ipAddressType: 'ipv4' | 'dualstack',
): readonly string[] {
  const v6 = ranges.find((range) => range.includes(':'));
  if (v6 !== undefined && ipAddressType !== 'dualstack') {
    throw new BuildError(`unsupported v6 cidr ${v6} when lb is not dualstack`);
  }
  if (ranges.length > 0) return ranges;
  return ipAddressType === 'dualstack' ? ['0.0.0.0/0', '::/0'] : ['0.0.0.0/0'];
}

/** pkg/service/model_build_load_balancer.go, buildLoadBalancerScheme: what is there counts before the default. */
function schemeOf(notes: ServiceAnnotations, facts: ModelFacts): Scheme {
  const scheme = notes.string('aws-load-balancer-scheme');
  if (scheme === 'internal' || scheme === 'internet-facing') return scheme;
  if (scheme !== undefined) throw new BuildError(`unknown scheme: ${scheme}`);
  const internal = notes.bool('aws-load-balancer-internal');
  if (internal !== undefined) return internal ? 'internal' : 'internet-facing';
  return facts.existing()?.Scheme === 'internet-facing' ? 'internet-facing' : 'internal';
}

/** buildLoadBalancerSubnets of the same file: those that are named, those of the load balancer, or discovered ones. */
function subnetsOf(
  notes: ServiceAnnotations,
  scheme: Scheme,
  facts: ModelFacts,
): readonly Subnet[] {
  const named = notes.list('aws-load-balancer-subnets');
  if (named !== undefined) return facts.subnets(scheme, named);
  const existing = facts.existing();
  if (existing?.Scheme !== scheme) return facts.subnets(scheme, undefined);
  return facts.subnets(
    scheme,
    existing.AvailabilityZones.map((zone) => zone.SubnetId ?? ''),
  );
}

function ipAddressTypeOf(notes: ServiceAnnotations): 'ipv4' | 'dualstack' {
  const type = notes.string('aws-load-balancer-ip-address-type') ?? 'ipv4';
  if (type === 'ipv4' || type === 'dualstack') return type;
  throw new BuildError(`unknown IPAddressType: ${type}`);
}

function rangesOf(service: KubeObject, notes: ServiceAnnotations): readonly string[] {
  const ranges: readonly string[] = service['spec'].loadBalancerSourceRanges ?? [];
  return ranges.length > 0 ? ranges : (notes.list('load-balancer-source-ranges') ?? []);
}
