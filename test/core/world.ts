import type {
  AddressEvidence,
  BalancerUse,
  LoadBalancer,
  NetworkPath,
  TargetGroup,
  Vpc,
} from '../../src/core/model/aws.ts';
import type { Observed } from '../../src/core/observed/observed.ts';
import { known, unknown, type Problem, type Reading } from '../../src/core/model/problem.ts';
import type { RegisteredTarget } from '../../src/core/model/target.ts';
import { parseTarget } from '../../src/core/model/target-key.ts';
import type { Templates } from '../../src/core/model/templates.ts';
import {
  arnOf,
  attributesKey,
  cluster,
  endpointsAt,
  flagKey,
  service,
  type ClusterBuilder,
} from './cluster-builder.ts';

export const templates: Templates = {
  binding: {
    apiVersion: 'elbv2.k8s.aws/v1beta1',
    kind: 'TargetGroupBinding',
    metadata: { labels: { team: 'web', 'service.k8s.aws/stack-name': 'nginx' } },
    spec: { networking: { ingress: [] }, nodeSelector: {}, iamRoleArnToAssume: 'arn:role' },
  },
  service: { apiVersion: 'v1', kind: 'Service', metadata: {}, spec: { type: 'ClusterIP' } },
};

export const forbidden: Problem = { code: 'api-forbidden', message: 'It is forbidden.' };

/** A health check as AWS has it unless told otherwise, but for its interval. */
export const tcpCheck: TargetGroup['healthCheck'] = {
  enabled: true,
  protocol: 'TCP',
  port: 'traffic-port',
  intervalSeconds: 10,
  timeoutSeconds: 5,
  healthyThreshold: 2,
  unhealthyThreshold: 2,
};

/** A target in AWS, `ip:port state reason`. */
export function registered(text: string): RegisteredTarget {
  const [address = '', state = 'healthy', reason] = text.split(' ');
  const target = parseTarget(address);
  if (!target) throw new Error(`no target: ${address}`);
  return {
    target,
    state: state as RegisteredTarget['state'],
    ...(reason === undefined ? {} : { reason }),
  };
}

/** The address of the load balancer. */
export const hostname = 'k8s-default-nginx-abc.elb.us-east-1.amazonaws.com';

/** The VPC of every target group. */
export const vpc: Vpc = { id: 'vpc-1', ranges: ['10.0.0.0/16'], owner: '123456789012' };

export interface WorldParts {
  readonly clusters: readonly ClusterBuilder[];
  /** Targets by Service port. */
  readonly targets?: Readonly<Record<number, readonly string[]>>;
  readonly protection?: string;
  readonly addressEvidence?: Readonly<Record<string, AddressEvidence>>;
  /** What was read of VPCs; their ranges where left out. */
  readonly vpcs?: Observed['vpcs'];
  readonly at?: string;
  readonly path?: NetworkPath;
  readonly use?: BalancerUse;
  readonly group?: Partial<TargetGroup>;
  readonly balancer?: Partial<LoadBalancer>;
}

/** The world as read, from its parts. */
export function observed(parts: WorldParts): Observed {
  const groups = Object.entries(parts.targets ?? { 80: [] }).map(([port, targets]) => {
    const group: TargetGroup = {
      arn: arnOf(Number(port)),
      name: `k8s-default-nginx-${port}`,
      protocol: 'TCP',
      port: Number(port),
      targetType: 'ip',
      ipFamily: 'ipv4',
      vpcId: 'vpc-1',
      loadBalancerArns: ['arn:lb'],
      healthCheck: tcpCheck,
      targets: known(targets.map(registered)),
      ...parts.group,
    };
    return [group.arn, known(group)] as const;
  });
  return {
    at: parts.at ?? '2026-11-23T12:00:00.000Z',
    service,
    clusters: parts.clusters.map(({ view }) => view),
    targetGroups: Object.fromEntries(groups),
    loadBalancer: known({
      arn: 'arn:lb',
      name: 'k8s-default-nginx-abc',
      dnsName: hostname,
      type: 'network',
      scheme: 'internet-facing',
      state: 'active',
      vpcId: 'vpc-1',
      zones: ['us-east-1a', 'us-east-1b'],
      subnetIds: ['subnet-1', 'subnet-2'],
      securityGroupIds: ['sg-front', 'sg-back'],
      attributes: known({ 'deletion_protection.enabled': parts.protection ?? 'true' }),
      ...parts.balancer,
    }),
    addressEvidence: Object.fromEntries(
      Object.entries(parts.addressEvidence ?? {}).map(([id, evidence]) => [id, known(evidence)]),
    ),
    ...(parts.use ? { use: parts.use } : {}),
    ...(parts.path ? { path: parts.path } : {}),
    vpcs: parts.vpcs ?? { 'vpc-1': known(vpc) },
  };
}

/** Tags of what the primary's controller made. */
export const primaryTags = known({
  'elbv2.k8s.aws/cluster': 'pri',
  'service.k8s.aws/stack': 'default/nginx',
});

/** Replaces one reading by a failure. */
export const unreadable = <T>(problem: Problem = forbidden): Reading<T> => unknown(problem);

export const enabledAnnotations = {
  [flagKey]: 'true',
  [attributesKey]: 'deletion_protection.enabled=true',
};

/** A primary with three pods, before `enable`. */
export const primary = (): ClusterBuilder =>
  cluster('pri')
    .service({
      type: 'LoadBalancer',
      loadBalancerClass: 'service.k8s.aws/nlb',
      finalizers: ['service.k8s.aws/resources'],
    })
    .binding({ stack: { kind: 'service', ...service } })
    .tracks('k8s-default-nginx-1', undefined)
    .endpoints(endpointsAt(['10.0.1.1', '10.0.1.2', '10.0.1.3']));

export const primaryTargets = ['10.0.1.1:80', '10.0.1.2:80', '10.0.1.3:80'];

/** The same primary, enabled. */
export const enabledPrimary = (): ClusterBuilder =>
  primary()
    .editService({ annotations: enabledAnnotations })
    .editBindings({ multiCluster: true })
    .tracks('k8s-default-nginx-1', primaryTargets.join(','));

/** A secondary with two pods and a Service, before `join`. */
export const secondary = (context = 'sec'): ClusterBuilder =>
  cluster(context)
    .service({})
    .tracks('nginx', undefined)
    .tracks('nginx-ab0080', undefined)
    .endpoints(endpointsAt(['10.0.2.1', '10.0.2.2']));

export const secondaryTargets = ['10.0.2.1:80', '10.0.2.2:80'];

/** The same secondary, joined. */
export const joinedSecondary = (context = 'sec'): ClusterBuilder =>
  secondary(context)
    .binding({ name: 'nginx', multiCluster: true })
    .tracks('nginx', secondaryTargets.join(','));

export const codesOf = (problems: readonly Problem[]): readonly string[] =>
  problems.map(({ code }) => code);
