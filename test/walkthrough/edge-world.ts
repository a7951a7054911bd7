import { VirtualClock } from '../../src/sandbox/time/clock.ts';
import { createAll } from '../../src/sandbox/scenarios/apply.ts';
import type { KubeCluster } from '../../src/sandbox/kube/cluster/cluster.ts';
import type { KubeObject } from '../../src/sandbox/kube/object.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts';

export const CLUSTERS = ['one', 'two', 'three'] as const;

const PREFIX = 'service.beta.kubernetes.io/aws-load-balancer-';
const labels = { app: 'edge' };

const pods: KubeObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'edge', labels },
  spec: {
    replicas: 2,
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: {
        containers: [
          {
            name: 'edge',
            image: 'example/edge:1',
            ports: [
              { name: 'http', containerPort: 8080, protocol: 'TCP' },
              { name: 'dns', containerPort: 5353, protocol: 'UDP' },
              { name: 'dns-tcp', containerPort: 5353, protocol: 'TCP' },
            ],
          },
        ],
      },
    },
  },
};

const ports = [
  { name: 'http', port: 80, targetPort: 'http', protocol: 'TCP' },
  { name: 'https', port: 443, targetPort: 'http', protocol: 'TCP' },
  { name: 'dns', port: 53, targetPort: 5353, protocol: 'UDP' },
  { name: 'dns-tcp', port: 53, targetPort: 5353, protocol: 'TCP' },
];

/** The Service in Argo CD's source. */
const source = (annotations: Record<string, string> = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: {
    name: 'edge',
    namespace: 'default',
    annotations: { 'argocd.argoproj.io/tracking-id': 'edge:/Service:default/edge', ...annotations },
  },
  spec: {
    type: Object.keys(annotations).length > 0 ? 'LoadBalancer' : 'ClusterIP',
    selector: labels,
    ports,
  },
});

/** Argo CD: it applies its source server-side, with force, again and again. */
export class ArgoCd {
  readonly #sources = new Map<KubeCluster, KubeObject>();

  deploy(kube: KubeCluster, object: KubeObject): void {
    this.#sources.set(kube, object);
    this.sync();
  }

  /** A person commits these annotations to the source. */
  commit(kube: KubeCluster, annotations: Readonly<Record<string, string>>): void {
    const object = structuredClone(this.#sources.get(kube)!);
    object.metadata.annotations = { ...object.metadata.annotations, ...annotations };
    this.deploy(kube, object);
  }

  sync(): void {
    for (const [kube, object] of this.#sources) {
      kube.patch(
        'services',
        'default',
        'edge',
        { type: 'apply', body: object },
        { actor: 'person', manager: 'argocd-controller', internal: true, force: true },
      );
    }
  }
}

/** Three clusters whose edge serves 80, 443 (TLS ends at the load balancer) and 53 over UDP and TCP. */
export interface EdgeWorld {
  readonly sandbox: Sandbox;
  readonly argo: ArgoCd;
}

/** A security group of the person's, which lets clients in at the three numbers. */
export function userGroup({ world: { aws } }: Sandbox): string {
  const call = (action: string, params: object) => aws.call(`ec2.${action}`, params, 'person');
  const { GroupId } = call('CreateSecurityGroup', {
    GroupName: 'edge',
    Description: 'edge',
    VpcId: aws.network.vpcId,
  });
  call('AuthorizeSecurityGroupIngress', {
    GroupId,
    IpPermissions: (
      [
        ['tcp', 80],
        ['tcp', 443],
        ['tcp', 53],
        ['udp', 53],
      ] as const
    ).map(([IpProtocol, port]) => ({
      IpProtocol,
      FromPort: port,
      ToPort: port,
      IpRanges: [{ CidrIp: '0.0.0.0/0' }],
    })),
  });
  return GroupId as string;
}

/** Starts the three clusters; `annotations` make the first cluster's Service own a load balancer. */
export async function startEdge(
  annotations?: (sandbox: Sandbox) => Readonly<Record<string, string>>,
): Promise<EdgeWorld> {
  const sandbox = await startSandbox({
    scenario: 'new-workload',
    clusters: [...CLUSTERS],
    clock: new VirtualClock(),
  });
  const argo = new ArgoCd();
  const { world } = sandbox;
  const [certificate = ''] = world.aws.certificates;
  for (const { name, kube } of world.clusters.values()) {
    createAll(kube, structuredClone(pods));
    const owned = name === CLUSTERS[0] ? annotations?.(sandbox) : undefined;
    const all = owned && {
      [`${PREFIX}type`]: 'external',
      [`${PREFIX}nlb-target-type`]: 'ip',
      [`${PREFIX}scheme`]: 'internet-facing',
      [`${PREFIX}ssl-cert`]: certificate,
      [`${PREFIX}ssl-ports`]: 'https',
      [`${PREFIX}enable-tcp-udp-listener`]: 'true',
      ...owned,
    };
    argo.deploy(kube, source(all));
  }
  world.settle();
  return { sandbox, argo };
}

/** Annotations that put these security groups on the load balancer, with or without managed rules. */
export const behindGroups =
  (managed: boolean) =>
  (sandbox: Sandbox): Readonly<Record<string, string>> => ({
    [`${PREFIX}security-groups`]: userGroup(sandbox),
    ...(managed ? { [`${PREFIX}manage-backend-security-group-rules`]: 'true' } : {}),
  });

/** A load balancer that no cluster owns: what Terraform makes for these ports, behind user groups. */
export function balancerByHand(sandbox: Sandbox): void {
  const { aws } = sandbox.world;
  const group = userGroup(sandbox);
  const call = (action: string, params: object) => aws.call(`elbv2.${action}`, params, 'person');
  const { LoadBalancers } = call('CreateLoadBalancer', {
    Name: 'edge',
    Type: 'network',
    SecurityGroups: [group],
    Subnets: [...aws.network.subnets.values()].filter((one) => one.isPublic).map(({ id }) => id),
  });
  const [{ LoadBalancerArn }] = LoadBalancers;
  call('ModifyLoadBalancerAttributes', {
    LoadBalancerArn,
    Attributes: [{ Key: 'deletion_protection.enabled', Value: 'true' }],
  });
  const rows = [
    [80, 'TCP', 'TCP', 8080],
    [443, 'TLS', 'TCP', 8080],
    [53, 'TCP_UDP', 'TCP_UDP', 5353],
  ] as const;
  for (const [port, listener, protocol, number] of rows) {
    const { TargetGroups } = call('CreateTargetGroup', {
      Name: `edge-${port}`,
      Protocol: protocol,
      Port: number,
      VpcId: aws.network.vpcId,
      TargetType: 'ip',
      HealthCheckProtocol: 'TCP',
      HealthCheckIntervalSeconds: 10,
      HealthyThresholdCount: 2,
      UnhealthyThresholdCount: 2,
    });
    call('CreateListener', {
      LoadBalancerArn,
      Protocol: listener,
      Port: port,
      ...(listener === 'TLS'
        ? { Certificates: [{ CertificateArn: [...aws.certificates][0] }] }
        : {}),
      DefaultActions: [{ Type: 'forward', TargetGroupArn: TargetGroups[0].TargetGroupArn }],
    });
  }
  sandbox.world.settle();
}
