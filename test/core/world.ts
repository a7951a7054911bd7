import type { LoadBalancer, OwnerEvidence, TargetGroup } from '../../src/core/aws.ts';
import type {
  Binding,
  ClusterView,
  ControllerDeployment,
  Endpoint,
  Node,
  Service,
} from '../../src/core/kubernetes.ts';
import type { Observed } from '../../src/core/observed.ts';
import { known, unknown, type Problem, type Reading } from '../../src/core/problem.ts';
import type { RegisteredTarget, TrackedTargets } from '../../src/core/target.ts';
import { parseTarget, parseTracked } from '../../src/core/target-key.ts';
import type { Templates } from '../../src/core/templates.ts';

export const arnOf = (port: number): string =>
  `arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/k8s-default-nginx-${port}/0123456789ab${String(port).padStart(4, '0')}`;

export const service = { namespace: 'default', name: 'nginx' };
export const flagKey = 'service.beta.kubernetes.io/aws-load-balancer-multi-cluster-target-group';
export const attributesKey = 'service.beta.kubernetes.io/aws-load-balancer-attributes';

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

const rules = [
  { from: [{ securityGroup: { groupID: 'sg-back' } }], ports: [{ protocol: 'TCP', port: 80 }] },
];

/** A Service as LBC serves it in a primary; without `lbc` an ordinary one of a secondary. */
export const serviceWith = (over: Partial<Service> = {}): Service => ({
  ...service,
  uid: 'uid-service',
  resourceVersion: '7',
  type: 'ClusterIP',
  annotations: {},
  labels: {},
  finalizers: [],
  ports: [{ name: 'http', port: 80, targetPort: 80, nodePort: 30080, protocol: 'TCP' }],
  selector: { app: 'nginx' },
  ipFamilies: ['IPv4'],
  terminating: false,
  annotationManagers: {},
  ...over,
});

export const bindingWith = (over: Partial<Binding> = {}): Binding => {
  const flat = { ...over };
  const binding: Binding = {
    flavour: 'lbc',
    namespace: 'default',
    name: 'k8s-default-nginx-1',
    uid: 'uid-binding',
    resourceVersion: '3',
    generation: 1,
    observedGeneration: 1,
    terminating: false,
    targetGroupArn: arnOf(80),
    targetType: 'ip',
    ipFamily: 'ipv4',
    multiCluster: false,
    serviceName: 'nginx',
    servicePort: 80,
    networking: rules,
    labels: {},
    spec: {},
    ...flat,
  };
  return {
    ...binding,
    spec: over.spec ?? {
      targetGroupARN: binding.targetGroupArn,
      targetType: binding.targetType,
      multiClusterTargetGroup: binding.multiCluster,
      serviceRef: { name: binding.serviceName, port: binding.servicePort },
      networking: { ingress: binding.networking ?? [] },
    },
  };
};

/** Endpoints from addresses: pods named after them, ready, in zone us-east-1a. */
export const endpointsAt = (
  addresses: readonly string[],
  over: Partial<Endpoint> = {},
): readonly Endpoint[] =>
  addresses.map((address) => ({
    address,
    ports: { http: 80 },
    ready: true,
    terminating: false,
    pod: `nginx-5d4f6c7b8-${address.replaceAll('.', '').padStart(5, 'x').slice(-5)}`,
    zone: 'us-east-1a',
    ...over,
  }));

/** One cluster, built step by step. Each method gives a new one. */
export class ClusterBuilder {
  readonly view: ClusterView;

  constructor(view: ClusterView) {
    this.view = view;
  }
  with(over: Partial<ClusterView>): ClusterBuilder {
    return new ClusterBuilder({ ...this.view, ...over });
  }
  service(over: Partial<Service> | undefined): ClusterBuilder {
    const found = over === undefined ? undefined : serviceWith({ ...over });
    const key = `${this.view.localService.namespace}/${this.view.localService.name}`;
    return this.with({
      service: known(found),
      services: { ...this.view.services, [key]: known(found) },
    });
  }
  editService(over: Partial<Service>): ClusterBuilder {
    const current = this.view.service.ok ? this.view.service.value : undefined;
    return this.service({ ...current, ...over });
  }
  binding(over: Partial<Binding> = {}): ClusterBuilder {
    const all = this.view.bindings.ok ? this.view.bindings.value : [];
    return this.with({ bindings: known([...all, bindingWith(over)]) });
  }
  editBindings(over: Partial<Binding>): ClusterBuilder {
    const all = this.view.bindings.ok ? this.view.bindings.value : [];
    return this.with({
      bindings: known(
        all.map((b) =>
          bindingWith({
            ...b,
            spec: {
              ...b.spec,
              ...(over.multiCluster === undefined
                ? {}
                : { multiClusterTargetGroup: over.multiCluster }),
            },
            ...over,
          }),
        ),
      ),
    });
  }
  tracks(name: string, targets: string | undefined): ClusterBuilder {
    const set: TrackedTargets =
      targets === undefined ? { kind: 'missing' } : { kind: 'set', targets: parseTracked(targets) };
    return this.with({ tracked: { ...this.view.tracked, [`default/${name}`]: known(set) } });
  }
  endpoints(list: readonly Endpoint[], name = 'default/nginx'): ClusterBuilder {
    return this.with({ endpoints: { ...this.view.endpoints, [name]: known(list) } });
  }
  nodes(list: readonly Node[]): ClusterBuilder {
    return this.with({ nodes: known(list) });
  }
  controller(over: Partial<ControllerDeployment>): ClusterBuilder {
    const [first] = this.view.controller.ok ? this.view.controller.value.deployments : [];
    if (!first) throw new Error('no controller');
    return this.with({ controller: known({ deployments: [{ ...first, ...over }] }) });
  }
}

export const cluster = (context: string): ClusterBuilder =>
  new ClusterBuilder({
    context,
    server: `https://${context}.example`,
    identity: known(`uid-${context}`),
    localService: service,
    service: known(undefined),
    serviceNames: [],
    bindings: known([]),
    bindingsScope: 'cluster',
    tracked: {},
    endpoints: {},
    services: {},
    controller: known({
      deployments: [
        {
          namespace: 'kube-system',
          name: 'aws-load-balancer-controller',
          version: '3.5.0',
          clusterName: context,
          readyReplicas: 1,
        },
      ],
    }),
    crdMultiCluster: known(true),
  });

export interface WorldParts {
  readonly clusters: readonly ClusterBuilder[];
  /** Targets by Service port. */
  readonly targets?: Readonly<Record<number, readonly string[]>>;
  readonly protection?: string;
  readonly owners?: Readonly<Record<string, OwnerEvidence>>;
  readonly at?: string;
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
      healthCheck: {
        enabled: true,
        protocol: 'TCP',
        port: 'traffic-port',
        intervalSeconds: 10,
        timeoutSeconds: 5,
        healthyThreshold: 2,
        unhealthyThreshold: 2,
      },
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
      dnsName: 'k8s-default-nginx-abc.elb.us-east-1.amazonaws.com',
      type: 'network',
      scheme: 'internet-facing',
      state: 'active',
      vpcId: 'vpc-1',
      zones: ['us-east-1a', 'us-east-1b'],
      securityGroupIds: ['sg-front', 'sg-back'],
      attributes: known({ 'deletion_protection.enabled': parts.protection ?? 'true' }),
      ...parts.balancer,
    }),
    owners: Object.fromEntries(
      Object.entries(parts.owners ?? {}).map(([id, evidence]) => [id, known(evidence)]),
    ),
  };
}

/** Replaces one reading by a failure. */
export const unreadable = <T>(problem: Problem = forbidden): Reading<T> => unknown(problem);

export const enabledAnnotations = {
  [flagKey]: 'true',
  [attributesKey]: 'deletion_protection.enabled=true',
};

/** A primary with three pods, before `enable`. */
export const primary = (): ClusterBuilder =>
  cluster('pri')
    .service({ type: 'LoadBalancer', finalizers: ['service.k8s.aws/resources'] })
    .binding({ stack: service })
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
