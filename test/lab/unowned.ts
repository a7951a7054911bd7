import { plainService, appNamed } from '../../src/sandbox/scenarios/objects.ts';
import type { KubeObject } from '../../src/sandbox/kube/object.ts';
import { APP } from './enrollment.ts';
import { KubeRefusal } from './kube-rest.ts';
import { SCENARIO_TAG } from './roles.ts';
import type { LabCluster, LabStage } from './stage.ts';

const TOOL = 'terraform';

/** The name of the load balancer that `makeUnowned` makes. */
export const unownedName = ({ namespace }: LabStage): string => `${namespace}-nlb`;

/**
 * A load balancer that no cluster owns: made by the AWS API, with a listener on port 80 and its target
 * group, as Terraform makes them. Waits until it is active; gives the target group's ARN.
 */
export async function makeUnowned(stage: LabStage): Promise<string> {
  const { aws, namespace } = stage;
  const Tags = [{ Key: SCENARIO_TAG, Value: namespace }];
  const call = (action: string, params: object) =>
    aws.call(`elbv2.${action}`, { ...params, Tags }, TOOL);
  const subnets = [...aws.network.subnets.values()].filter((one) => one.isPublic);
  const { LoadBalancers } = call('CreateLoadBalancer', {
    Name: unownedName(stage),
    Type: 'network',
    Subnets: subnets.map(({ id }) => id),
  });
  const { TargetGroups } = call('CreateTargetGroup', {
    Name: `${namespace}-80`,
    Protocol: 'TCP',
    Port: 80,
    VpcId: aws.network.vpcId,
    TargetType: 'ip',
    HealthCheckIntervalSeconds: 10,
    HealthyThresholdCount: 2,
    UnhealthyThresholdCount: 2,
  });
  const { TargetGroupArn } = TargetGroups[0];
  call('CreateListener', {
    LoadBalancerArn: LoadBalancers[0].LoadBalancerArn,
    Protocol: 'TCP',
    Port: 80,
    DefaultActions: [{ Type: 'forward', TargetGroupArn }],
  });
  const { LoadBalancerArn } = LoadBalancers[0];
  await stage.until(
    'the load balancer is active',
    () => {
      const params = { LoadBalancerArns: [LoadBalancerArn] };
      const found = aws.call('elbv2.DescribeLoadBalancers', params, TOOL);
      return Promise.resolve(found.LoadBalancers[0].State.Code === 'active');
    },
    600_000,
  );
  return TargetGroupArn;
}

/** A binding as a person writes it who lets the whole VPC in. */
export const plainBinding = (
  arn: string,
  o: { readonly shared: boolean; readonly name?: string; readonly service?: string },
): KubeObject => ({
  apiVersion: 'elbv2.k8s.aws/v1beta1',
  kind: 'TargetGroupBinding',
  metadata: { name: o.name ?? APP },
  spec: {
    serviceRef: { name: o.service ?? APP, port: 80 },
    targetGroupARN: arn,
    targetType: 'ip',
    ...(o.shared ? { multiClusterTargetGroup: true } : {}),
    networking: {
      ingress: [
        { from: [{ ipBlock: { cidr: '10.0.0.0/16' } }], ports: [{ protocol: 'TCP', port: 80 }] },
      ],
    },
  },
});

/** A second app of a cluster: its Service, and these pods. */
export async function deploySecondApp(
  stage: LabStage,
  cluster: LabCluster,
  app: string,
  pods: readonly string[],
): Promise<void> {
  const service = appNamed(app, plainService('ClusterIP'));
  await cluster.kube.create('services', stage.namespace, service);
  await cluster.addPods(pods, { app });
}

/** Turns the flag of a binding, as `kubectl patch` does. */
export const patchFlag = (
  stage: LabStage,
  { kube }: LabCluster,
  binding: string,
  flag: boolean,
): Promise<KubeObject> =>
  kube.patch('targetgroupbindings', stage.namespace, binding, {
    spec: { multiClusterTargetGroup: flag },
  });

/** Throws unless the API server refuses, with a message like `words`. */
export async function mustRefuse(act: Promise<unknown>, words: RegExp): Promise<void> {
  const outcome = await act.then(
    () => 'nothing was refused',
    (error: unknown) => (error instanceof KubeRefusal ? error.message : Promise.reject(error)),
  );
  if (!words.test(outcome)) throw new Error(`not so: refused with ${words} (${outcome})`);
}
