import { AwsAccount } from '../../../src/sandbox/aws/account.ts';
import { AwsError } from '../../../src/sandbox/aws/state/error.ts';
import type { ProbeResult } from '../../../src/sandbox/aws/state/state.ts';
import { VirtualClock } from '../../../src/sandbox/time/clock.ts';
import { Journal } from '../../../src/sandbox/requests/journal.ts';

/** An account on a clock of its own, with shorthands for what most tests need. */
export function practiceAccount(o: { pageSize?: number } = {}) {
  const clock = new VirtualClock();
  const journal = new Journal(clock);
  const account = new AwsAccount({ clock, journal, ...o });
  const silent = new Map<string, ProbeResult>();
  account.probe = ({ id }) => silent.get(id) ?? 'ok';
  const call = (action: string, params: object = {}) => account.call(action, params, 'test');
  const subnets = (isPublic: boolean): string[] =>
    call('ec2.DescribeSubnets', {
      Filters: [
        { Name: 'tag-key', Values: [`kubernetes.io/role/${isPublic ? 'elb' : 'internal-elb'}`] },
      ],
    }).Subnets.map((one: { SubnetId: string }) => one.SubnetId);
  const balancer = (name = 'shared', more: object = {}): string =>
    call('elbv2.CreateLoadBalancer', {
      Name: name,
      Type: 'network',
      Subnets: subnets(true).slice(0, 2),
      ...more,
    }).LoadBalancers[0].LoadBalancerArn;
  const group = (name = 'web', more: object = {}): string =>
    call('elbv2.CreateTargetGroup', {
      Name: name,
      Protocol: 'TCP',
      Port: 80,
      VpcId: account.network.vpcId,
      TargetType: 'ip',
      HealthCheckIntervalSeconds: 10,
      HealthyThresholdCount: 2,
      ...more,
    }).TargetGroups[0].TargetGroupArn;
  const listener = (LoadBalancerArn: string, TargetGroupArn: string, Port = 80): string =>
    call('elbv2.CreateListener', {
      LoadBalancerArn,
      Port,
      Protocol: 'TCP',
      DefaultActions: [{ Type: 'forward', TargetGroupArn }],
    }).Listeners[0].ListenerArn;
  const register = (TargetGroupArn: string, ...Targets: object[]) =>
    call('elbv2.RegisterTargets', { TargetGroupArn, Targets });
  const deregister = (TargetGroupArn: string, ...Targets: object[]) =>
    call('elbv2.DeregisterTargets', { TargetGroupArn, Targets });
  /** Each target as `id:port state reason`. */
  const health = (TargetGroupArn: string, Targets?: object[]): string[] =>
    call('elbv2.DescribeTargetHealth', {
      TargetGroupArn,
      ...(Targets ? { Targets } : {}),
    }).TargetHealthDescriptions.map(
      ({
        Target,
        TargetHealth,
      }: {
        Target: Record<string, string>;
        TargetHealth: Record<string, string>;
      }) =>
        [`${Target['Id']}:${Target['Port']}`, TargetHealth['State'], TargetHealth['Reason']]
          .filter((one) => one !== undefined)
          .join(' '),
    );
  /** `Code (status): message` of a refused call. */
  const refusal = (action: string, params: object = {}): string => {
    try {
      call(action, params);
    } catch (error) {
      if (error instanceof AwsError) return `${error.code} (${error.status}): ${error.message}`;
      throw error;
    }
    throw new Error(`${action} was not refused`);
  };
  return {
    clock,
    journal,
    account,
    silent,
    call,
    subnets,
    balancer,
    group,
    listener,
    register,
    deregister,
    health,
    refusal,
  };
}
