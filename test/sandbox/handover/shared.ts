import type { KubeObject } from '../../../src/sandbox/kube/object.ts';
import { createAll } from '../../../src/sandbox/scenarios/apply.ts';
import { manifest } from '../../../src/sandbox/scenarios/manifests.ts';
import {
  deployment,
  plainService,
  twoPortDeployment,
  withSecondPort,
} from '../../../src/sandbox/scenarios/objects.ts';
import { createWorld, type World, type WorldCluster } from '../../../src/sandbox/world.ts';

export const BINDINGS = 'targetgroupbindings.elbv2.k8s.aws';
export const PREFIX = 'service.beta.kubernetes.io/aws-load-balancer-';
export const person = { actor: 'test', manager: 'kubectl' };

export type Kind = 'ip' | 'two-ports' | 'instance';

/** The Service whose load balancer is shared, protected by annotation, and so in AWS. */
function owner(kind: Kind): KubeObject {
  const service = manifest('app/service-primary.yaml');
  service.metadata.annotations![`${PREFIX}nlb-target-type`] =
    kind === 'instance' ? 'instance' : 'ip';
  // A node that answers for the pods of others sees no client address.
  delete service.metadata.annotations![`${PREFIX}target-group-attributes`];
  return kind === 'two-ports' ? withSecondPort(service) : service;
}

/** A practice world whose first cluster owns the load balancer of `default/nginx`, and how it is looked at. */
export class Handed {
  readonly world: World;
  readonly old: WorldCluster;
  readonly fresh: WorldCluster;

  constructor(world: World) {
    this.world = world;
    this.old = world.primary;
    this.fresh = world.secondaries[0]!;
  }

  bindings({ kube }: WorldCluster): KubeObject[] {
    return kube.list(BINDINGS, 'default');
  }

  service({ kube }: WorldCluster): KubeObject {
    return kube.get('services', 'default', 'nginx')!;
  }

  aws<T = any>(action: string, params: object): T {
    return this.world.aws.call(action, params, 'test') as T;
  }

  merge({ kube }: WorldCluster, resource: string, name: string, body: object): void {
    kube.patch(resource, 'default', name, { type: 'merge', body }, person);
  }

  get balancers(): Record<string, any>[] {
    return this.aws('elbv2.DescribeLoadBalancers', {}).LoadBalancers;
  }

  get groups(): Record<string, any>[] {
    return this.aws('elbv2.DescribeTargetGroups', {}).TargetGroups;
  }

  /** `address:port state` of what is registered in the groups of the first load balancer, but for draining. */
  targets(): string[] {
    const { LoadBalancerArn } = this.balancers[0]!;
    const { TargetGroups } = this.aws('elbv2.DescribeTargetGroups', { LoadBalancerArn });
    return TargetGroups.flatMap((group: { TargetGroupArn: string }) =>
      this.targetsOf(group.TargetGroupArn),
    );
  }

  targetsOf(TargetGroupArn: string): string[] {
    const { TargetHealthDescriptions: all } = this.aws('elbv2.DescribeTargetHealth', {
      TargetGroupArn,
    });
    return all
      .filter((one: any) => one.TargetHealth.State !== 'draining')
      .map((one: any) => `${one.Target.Id}:${one.Target.Port} ${one.TargetHealth.State}`)
      .toSorted();
  }

  /** Targets of a cluster among these: by address of its pods, or by instance. */
  of({ kube, workloads }: WorldCluster, targets = this.targets()): string[] {
    const ids = [
      ...kube.list('pods', 'default').map((pod) => pod.status?.podIP),
      ...workloads.nodes.map((node) => node.instanceId),
    ];
    return targets.filter((one) => ids.includes(one.split(':')[0]!));
  }

  /** Lets time go by and gives the moments at which `targets` were not all there and healthy. */
  watch(ms: number, targets: readonly string[]): string[] {
    const bad: string[] = [];
    for (let passed = 0; passed < ms; passed += 500) {
      this.world.clock.advance(500);
      const now = this.targets();
      bad.push(...targets.filter((one) => !now.includes(one)));
    }
    return bad;
  }

  /** What a controller, or any of them, wrote to AWS since `from`, in order. */
  wrote(from: number, actor = /^lbc\//): string[] {
    return this.world.journal.entries
      .slice(from)
      .filter((one) => one.world === 'aws' && one.mutating && actor.test(one.actor))
      .map((one) => one.action!.split('.')[1]!);
  }

  get now(): number {
    return this.world.journal.entries.length;
  }

  events({ kube }: WorldCluster): string[] {
    return kube
      .list('events', 'default')
      .filter((one) => one['involvedObject'].kind === 'Service')
      .map((one) => `${one['reason']} ${one['message']}`);
  }
}

/** Two clusters behind the load balancer of the first one's Service; all targets are healthy. */
export class Shared extends Handed {
  readonly kind: Kind;

  constructor(
    kind: Kind = 'ip',
    o: {
      readonly withoutClass?: boolean;
      readonly joined?: boolean;
      /** The load balancer has a group of the user's for its clients. */
      readonly ownGroup?: boolean;
      /** A world of these two clusters in which nothing is there yet; absent: one of its own. */
      readonly world?: World;
    } = {},
  ) {
    super(o.world ?? createWorld({ scenario: 'new-workload', clusters: ['old', 'new'] }));
    this.kind = kind;
    const two = kind === 'two-ports';
    if (two) {
      this.old.kube.delete('deployments.apps', 'default', 'nginx', person);
      this.world.settle();
      createAll(this.old.kube, twoPortDeployment(2));
    }
    const service = owner(kind);
    if (o.ownGroup) Object.assign(service.metadata.annotations!, this.#groupNotes());
    this.#own(service, o.withoutClass ?? false);
    this.world.settle();
    const plain = plainService(kind === 'instance' ? 'NodePort' : 'ClusterIP');
    const app = two ? twoPortDeployment(2) : deployment(2);
    createAll(this.fresh.kube, app, two ? withSecondPort(plain) : plain);
    if (o.joined ?? true) for (const { spec } of this.bindings(this.old)) this.#join(spec);
    this.world.settle();
  }

  /** The controller's webhook sets the class of a Service that is created with this type, and only then. */
  #own(service: KubeObject, withoutClass: boolean): void {
    if (withoutClass) {
      service.metadata.annotations![`${PREFIX}type`] = 'external';
      service['spec'].type = 'ClusterIP';
    }
    createAll(this.old.kube, service);
    this.merge(this.old, 'services', 'nginx', { spec: { type: 'LoadBalancer' } });
  }

  #groupNotes(): Record<string, string> {
    const VpcId = this.old.vpcId;
    const { GroupId } = this.aws('ec2.CreateSecurityGroup', {
      GroupName: 'own',
      Description: 'own',
      VpcId,
    });
    const IpRanges = [{ CidrIp: '0.0.0.0/0' }];
    const IpPermissions = [{ IpProtocol: 'tcp', FromPort: 80, ToPort: 80, IpRanges }];
    this.aws('ec2.AuthorizeSecurityGroupIngress', { GroupId, IpPermissions });
    return {
      [`${PREFIX}security-groups`]: GroupId,
      [`${PREFIX}manage-backend-security-group-rules`]: 'true',
    };
  }

  #join(spec: KubeObject['spec']): void {
    const { port } = spec.serviceRef;
    const service = this.fresh.kube.get('services', 'default', 'nginx')!;
    const own = service['spec'].ports.find((one: { port: number }) => one.port === port);
    const ingress = spec.networking.ingress.map((rule: { from: object }) => ({
      from: rule.from,
      ports: [{ protocol: 'TCP', port: this.kind === 'instance' ? own.nodePort : own.targetPort }],
    }));
    this.fresh.kube.create(
      BINDINGS,
      {
        apiVersion: 'elbv2.k8s.aws/v1beta1',
        kind: 'TargetGroupBinding',
        metadata: { name: `nginx-${port}`, namespace: 'default' },
        spec: {
          targetGroupARN: spec.targetGroupARN,
          targetType: spec.targetType,
          serviceRef: { name: 'nginx', port },
          multiClusterTargetGroup: true,
          networking: { ingress },
        },
      },
      person,
    );
  }
}
