import { practiceAccount } from '../practice-account.ts';

const SECOND = 1000;
const T = { Id: '10.0.64.9', Port: 80 };

function inUse() {
  const it = practiceAccount();
  const nlb = it.balancer();
  const tg = it.group();
  const listenerArn = it.listener(nlb, tg);
  it.clock.advance(180 * SECOND);
  return { ...it, nlb, tg, listenerArn };
}

describe('the life of a target', () => {
  test('from registration over the first checks to healthy', () => {
    const { tg, register, health, clock } = inUse();
    register(tg, T);
    expect(health(tg)).toEqual(['10.0.64.9:80 initial Elb.RegistrationInProgress']);
    clock.advance(31 * SECOND);
    expect(health(tg)).toEqual(['10.0.64.9:80 initial Elb.InitialHealthChecking']);
    clock.advance(20 * SECOND);
    expect(health(tg)).toEqual(['10.0.64.9:80 healthy']);
  });

  test('one that does not answer becomes unhealthy, and healthy once it answers often enough', () => {
    const { tg, register, health, clock, silent } = inUse();
    silent.set(T.Id, 'timeout');
    register(tg, T);
    clock.advance(60 * SECOND);
    expect(health(tg)).toEqual(['10.0.64.9:80 unhealthy Target.FailedHealthChecks']);
    silent.delete(T.Id);
    clock.advance(10 * SECOND);
    expect(health(tg)).toEqual(['10.0.64.9:80 unhealthy Target.FailedHealthChecks']);
    clock.advance(10 * SECOND);
    expect(health(tg)).toEqual(['10.0.64.9:80 healthy']);
  });

  test('drains for the delay of its group, then is gone', () => {
    const { tg, register, deregister, health, clock, call } = inUse();
    call('elbv2.ModifyTargetGroupAttributes', {
      TargetGroupArn: tg,
      Attributes: [{ Key: 'deregistration_delay.timeout_seconds', Value: '60' }],
    });
    register(tg, T);
    clock.advance(60 * SECOND);
    deregister(tg, T, { Id: '10.0.64.99', Port: 80 });
    clock.advance(59 * SECOND);
    expect(health(tg)).toEqual(['10.0.64.9:80 draining Target.DeregistrationInProgress']);
    clock.advance(SECOND);
    expect(health(tg)).toEqual([]);
  });

  test('registered again while draining it lives on, past the end of the old draining', () => {
    const { tg, register, deregister, health, clock } = inUse();
    register(tg, T);
    clock.advance(60 * SECOND);
    deregister(tg, T);
    clock.advance(200 * SECOND);
    register(tg, T);
    expect(health(tg)).toEqual(['10.0.64.9:80 initial Elb.RegistrationInProgress']);
    clock.advance(400 * SECOND);
    expect(health(tg)).toEqual(['10.0.64.9:80 healthy']);
  });

  test('registered twice it stays as it is', () => {
    const { tg, register, health, clock } = inUse();
    register(tg, T);
    clock.advance(60 * SECOND);
    register(tg, T);
    expect(health(tg)).toEqual(['10.0.64.9:80 healthy']);
  });

  test('is unused while no listener forwards to its group, and starts anew when one does', () => {
    const { tg, listener, listenerArn, nlb, register, health, clock, call } = inUse();
    register(tg, T);
    clock.advance(60 * SECOND);
    call('elbv2.DeleteListener', { ListenerArn: listenerArn });
    expect(health(tg)).toEqual(['10.0.64.9:80 unused Target.NotInUse']);
    listener(nlb, tg, 8080);
    expect(health(tg)).toEqual(['10.0.64.9:80 initial Elb.RegistrationInProgress']);
    clock.advance(60 * SECOND);
    expect(health(tg)).toEqual(['10.0.64.9:80 healthy']);
  });

  test('is unused in a zone that is off, also with cross-zone, until the zone is on', () => {
    const { tg, nlb, register, health, clock, call, subnets } = inUse();
    call('elbv2.ModifyLoadBalancerAttributes', {
      LoadBalancerArn: nlb,
      Attributes: [{ Key: 'load_balancing.cross_zone.enabled', Value: 'true' }],
    });
    register(tg, { Id: '10.0.128.9', Port: 80 });
    clock.advance(60 * SECOND);
    expect(health(tg)).toEqual(['10.0.128.9:80 unused Target.NotInUse']);
    call('elbv2.SetSubnets', { LoadBalancerArn: nlb, Subnets: subnets(true) });
    clock.advance(60 * SECOND);
    expect(health(tg)).toEqual(['10.0.128.9:80 healthy']);
  });

  test('is initial until the load balancer is active', () => {
    const { balancer, group, listener, register, health, clock } = practiceAccount();
    const tg = group();
    listener(balancer(), tg);
    register(tg, T);
    clock.advance(119 * SECOND);
    expect(health(tg)).toEqual(['10.0.64.9:80 initial Elb.RegistrationInProgress']);
    clock.advance(60 * SECOND);
    expect(health(tg)).toEqual(['10.0.64.9:80 healthy']);
  });

  test('an instance that is stopped or terminated is in an invalid state', () => {
    const { account, nlb, group, listener, register, health, clock, call } = inUse();
    const tg = group('nodes', { TargetType: 'instance', Port: 30080 });
    listener(nlb, tg, 81);
    const zone = 'us-east-1a';
    const at = { clusterName: 'a', zone, name: 'n' };
    const { instanceId, securityGroupId } = account.network.launchInstance(at);
    call('ec2.AuthorizeSecurityGroupIngress', {
      GroupId: securityGroupId,
      IpPermissions: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '10.0.0.0/16' }] }],
    });
    register(tg, { Id: instanceId });
    clock.advance(60 * SECOND);
    expect(health(tg)).toEqual([`${instanceId}:30080 healthy`]);
    account.network.setInstanceState(instanceId, 'stopped');
    expect(health(tg)).toEqual([`${instanceId}:30080 unused Target.InvalidState`]);
    account.network.setInstanceState(instanceId, 'running');
    clock.advance(60 * SECOND);
    expect(health(tg)).toEqual([`${instanceId}:30080 healthy`]);
    account.network.terminateInstance(instanceId);
    expect(health(tg)).toEqual([`${instanceId}:30080 unused Target.InvalidState`]);
  });

  test('unhealthy.draining only where the group keeps connections of unhealthy targets', () => {
    const { tg, register, health, clock, silent, call } = inUse();
    call('elbv2.ModifyTargetGroupAttributes', {
      TargetGroupArn: tg,
      Attributes: [
        { Key: 'target_health_state.unhealthy.connection_termination.enabled', Value: 'false' },
        { Key: 'target_health_state.unhealthy.draining_interval_seconds', Value: '30' },
      ],
    });
    register(tg, T);
    clock.advance(60 * SECOND);
    silent.set(T.Id, 'refused');
    clock.advance(20 * SECOND);
    expect(health(tg)).toEqual(['10.0.64.9:80 unhealthy.draining Target.FailedHealthChecks']);
    clock.advance(30 * SECOND);
    expect(health(tg)).toEqual(['10.0.64.9:80 unhealthy Target.FailedHealthChecks']);
  });

  test('asked for by name: one that is not registered, or is in another zone, is not registered', () => {
    const { tg, register, health } = inUse();
    register(tg, T, { Id: '10.0.64.9', Port: 81 });
    expect(health(tg, [{ ...T, Port: 82 }, { ...T, AvailabilityZone: 'us-east-1b' }, T])).toEqual([
      '10.0.64.9:82 unused Target.NotRegistered',
      '10.0.64.9:80 unused Target.NotRegistered',
      '10.0.64.9:80 initial Elb.RegistrationInProgress',
    ]);
  });

  test('hundreds of targets share one timer', () => {
    const { tg, account, register, clock } = inUse();
    let probes = 0;
    account.probe = () => (probes++, 'ok');
    register(
      tg,
      ...Array.from({ length: 400 }, (_, at) => ({ ...T, Port: 1000 + at })).slice(0, 100),
    );
    clock.advance(31 * SECOND);
    probes = 0;
    clock.advance(10 * SECOND);
    expect(probes).toBe(100);
  });
});
