import type {
  AppDeployment,
  AppPod,
  Binding,
  ControllerDeployment,
  Endpoint,
  KubeEvent,
  Node,
  Service,
} from '../../src/core/model/kubernetes.ts';
import type { ClusterView } from '../../src/core/model/cluster-view.ts';
import { known } from '../../src/core/model/problem.ts';
import type { TrackedTargets } from '../../src/core/model/target.ts';
import { parseTracked } from '../../src/core/model/target-key.ts';

export const arnOf = (port: number): string =>
  `arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/k8s-default-nginx-${port}/0123456789ab${String(port).padStart(4, '0')}`;

export const service = { namespace: 'default', name: 'nginx' };
export const flagKey = 'service.beta.kubernetes.io/aws-load-balancer-multi-cluster-target-group';
export const attributesKey = 'service.beta.kubernetes.io/aws-load-balancer-attributes';

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
  allocatesNodePorts: true,
  annotationManagers: {},
  appliers: [],
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
    annotations: {},
    managers: { flag: [], appliers: [] },
    finalizers: ['elbv2.k8s.aws/resources'],
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

/** A Warning that the controller said at 11:59:00 about the Service. */
export const eventWith = (over: Partial<KubeEvent> = {}): KubeEvent => ({
  about: { kind: 'Service', ...service },
  type: 'Warning',
  reason: 'FailedDeployModel',
  message: 'Failed deploy model due to AccessDenied',
  at: '2026-11-23T11:59:00Z',
  ...over,
});

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

/** A Deployment of two pods behind the Service, in its second revision and in the middle of it. */
export const deploymentWith = (over: Partial<AppDeployment> = {}): AppDeployment => ({
  ...service,
  podLabels: { app: 'nginx' },
  generation: 2,
  observedGeneration: 2,
  paused: false,
  replicas: 2,
  present: 3,
  updated: 1,
  available: 2,
  progressing: 'ReplicaSetUpdated',
  ...over,
});

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
    const uid = `uid-service-${this.view.context}`;
    const found = over === undefined ? undefined : serviceWith({ uid, ...over });
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
  /** Its bindings as an observation has them whose Service was released: without what their labels say. */
  unlabelled(): ClusterBuilder {
    const all = this.view.bindings.ok ? this.view.bindings.value : [];
    return this.with({
      bindings: known(
        all.map((binding) => {
          const { stack: _, ...rest } = binding;
          return rest;
        }),
      ),
    });
  }
  /** Its bindings without `spec.networking`, as where a person brought the security groups. */
  unruled(): ClusterBuilder {
    const all = this.view.bindings.ok ? this.view.bindings.value : [];
    return this.with({
      bindings: known(
        all.map((binding) => {
          const { networking: _, ...rest } = binding;
          return rest;
        }),
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
  /** Events of the namespace `default`, said about the Service unless `about` names something else. */
  says(...events: readonly Partial<KubeEvent>[]): ClusterBuilder {
    const all = events.map((event) => eventWith(event));
    return this.with({ events: { default: known(all) } });
  }
  nodes(list: readonly Node[]): ClusterBuilder {
    return this.with({ nodes: known(list) });
  }
  deployments(list: readonly AppDeployment[], pods: readonly AppPod[] = []): ClusterBuilder {
    return this.with({ workloads: { deployments: known(list), pods: known(pods) } });
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
