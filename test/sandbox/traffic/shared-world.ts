import { createAll } from '../../../src/sandbox/scenarios/apply.ts';
import { deployment, plainService } from '../../../src/sandbox/scenarios/objects.ts';
import type { ScenarioName } from '../../../src/sandbox/scenarios/scenarios.ts';
import { startTraffic, type Traffic } from '../../../src/sandbox/traffic/traffic.ts';
import { createWorld, type World, type WorldCluster } from '../../../src/sandbox/world.ts';

const BINDINGS = 'targetgroupbindings.elbv2.k8s.aws';
const MULTI_CLUSTER = 'service.beta.kubernetes.io/aws-load-balancer-multi-cluster-target-group';
export const person = { actor: 'test', manager: 'kubectl' };

export interface TargetSeen {
  readonly id: string;
  readonly port: number;
  readonly zone: string;
  readonly state: string;
}

/** Lets every other cluster of a world join the primary's target group. */
export function share(world: World, scenario: ScenarioName): void {
  const { primary, secondaries } = world;
  const body = { metadata: { annotations: { [MULTI_CLUSTER]: 'true' } } };
  primary.kube.patch('services', 'default', 'nginx', { type: 'merge', body }, person);
  world.settle();
  const { targetGroupARN, targetType, networking } = primary.kube.list(BINDINGS)[0]?.spec ?? {};
  for (const { kube } of secondaries) {
    if (scenario === 'walkthrough') createAll(kube, deployment(2), plainService('ClusterIP'));
    kube.create(
      BINDINGS,
      {
        apiVersion: 'elbv2.k8s.aws/v1beta1',
        kind: 'TargetGroupBinding',
        metadata: { name: 'nginx', namespace: 'default' },
        spec: {
          targetGroupARN,
          targetType,
          serviceRef: { name: 'nginx', port: 80 },
          multiClusterTargetGroup: true,
          networking: scenario === 'instance' ? throughNodes(kube, networking) : networking,
        },
      },
      person,
    );
  }
  world.settle();
}

/** The peers of the primary's rules, with this cluster's own node port. */
function throughNodes(kube: WorldCluster['kube'], networking: any): object {
  const { nodePort } = kube.get('services', 'default', 'nginx')?.spec.ports[0] ?? {};
  return {
    ingress: networking.ingress.map(({ from }: { from: object[] }) => ({
      from,
      ports: [{ protocol: 'TCP', port: nodePort }],
    })),
  };
}

/** A world whose two clusters share a load balancer, with its data plane open. */
export class SharedWorld {
  readonly world: World;
  readonly traffic: Traffic;

  constructor(scenario: 'walkthrough' | 'instance' = 'walkthrough') {
    this.world = createWorld({ scenario });
    share(this.world, scenario);
    const { aws, clock, clusters } = this.world;
    this.traffic = startTraffic({ aws, clock, clusters: clusters.values() });
  }

  get secondary(): WorldCluster {
    return this.world.cluster('sec-eks-clu1');
  }

  get groupArn(): string {
    return this.world.aws.call('elbv2.DescribeTargetGroups', {}, 'test').TargetGroups[0]
      .TargetGroupArn;
  }

  get balancerArn(): string {
    return this.world.aws.call('elbv2.DescribeLoadBalancers', {}, 'test').LoadBalancers[0]
      .LoadBalancerArn;
  }

  /** Where port 80 of the load balancer is. */
  async address(): Promise<string> {
    await this.traffic.ready();
    const [ports] = Object.values(this.traffic.addresses());
    return ports?.['80'] ?? '';
  }

  setGroup(attributes: Readonly<Record<string, string>>): void {
    const Attributes = Object.entries(attributes).map(([Key, Value]) => ({ Key, Value }));
    const TargetGroupArn = this.groupArn;
    this.world.aws.call(
      'elbv2.ModifyTargetGroupAttributes',
      { TargetGroupArn, Attributes },
      'test',
    );
  }

  targets(): TargetSeen[] {
    const { TargetHealthDescriptions } = this.world.aws.call(
      'elbv2.DescribeTargetHealth',
      { TargetGroupArn: this.groupArn },
      'test',
    );
    return TargetHealthDescriptions.map(
      (one: {
        Target: { Id: string; Port: number; AvailabilityZone: string };
        TargetHealth: { State: string };
      }) => ({
        id: one.Target.Id,
        port: one.Target.Port,
        zone: one.Target.AvailabilityZone,
        state: one.TargetHealth.State,
      }),
    );
  }

  /** Names of a cluster's pods of the application, with address and zone. */
  pods(cluster: WorldCluster): { name: string; ip: string; zone: string }[] {
    return cluster.kube.list('pods', 'default').map((pod) => ({
      name: pod.metadata.name,
      ip: pod.status.podIP,
      zone: cluster.workloads.nodes.find((node) => node.name === pod.spec.nodeName)?.zone ?? '',
    }));
  }

  setServing(
    cluster: WorldCluster,
    serving: Parameters<WorldCluster['workloads']['setPodServing']>[1],
  ): void {
    for (const { name } of this.pods(cluster)) cluster.workloads.setPodServing(name, serving);
  }

  /** Lines that the pods of a cluster wrote about requests. */
  accessLines(cluster: WorldCluster): string[] {
    return this.pods(cluster).flatMap(({ name }) =>
      (cluster.kube.podLogs?.('default', name, undefined) ?? [])
        .map((line) => line.text)
        .filter((text) => text.includes('HTTP/1.1"')),
    );
  }

  async close(): Promise<void> {
    await this.traffic.close();
    this.world.stop();
  }
}
