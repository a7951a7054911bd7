import * as elb from '@aws-sdk/client-elastic-load-balancing-v2';
import { PROVISIONING_MS } from '../../../src/sandbox/aws/elbv2/load-balancers.ts';
import { errorOf, practiceEndpoint } from './practice-endpoint.ts';

let it_: Awaited<ReturnType<typeof practiceEndpoint>>;
let elbv2: elb.ElasticLoadBalancingV2Client;

beforeEach(async () => {
  it_ = await practiceEndpoint();
  elbv2 = new elb.ElasticLoadBalancingV2Client(it_.client);
});
afterEach(async () => {
  elbv2.destroy();
  await it_.endpoint.close();
});

const certificate = (name: string): string =>
  `arn:aws:acm:us-east-1:123456789012:certificate/${name}`;

test('certificates of a TLS listener: the default one stays, others come and go', async () => {
  const { account, call, balancer, group } = it_;
  account.certificates.add(certificate('first')).add(certificate('second'));
  const [{ ListenerArn }] = call('elbv2.CreateListener', {
    LoadBalancerArn: balancer(),
    Port: 443,
    Protocol: 'TLS',
    Certificates: [{ CertificateArn: certificate('first') }],
    DefaultActions: [{ Type: 'forward', TargetGroupArn: group() }],
  }).Listeners;
  const listed = async (): Promise<string[]> => {
    const { Certificates = [] } = await elbv2.send(
      new elb.DescribeListenerCertificatesCommand({ ListenerArn }),
    );
    return Certificates.map((one) => `${one.CertificateArn?.split('/')[1]} ${one.IsDefault}`);
  };
  const second = { ListenerArn, Certificates: [{ CertificateArn: certificate('second') }] };
  await elbv2.send(new elb.AddListenerCertificatesCommand(second));
  await elbv2.send(new elb.AddListenerCertificatesCommand(second));
  expect(await listed()).toEqual(['first true', 'second false']);
  await elbv2.send(new elb.RemoveListenerCertificatesCommand(second));
  expect(await listed()).toEqual(['first true']);
  const first = { ListenerArn, Certificates: [{ CertificateArn: certificate('first') }] };
  const refused = await errorOf(elbv2.send(new elb.RemoveListenerCertificatesCommand(first)));
  expect(refused.name).toBe('OperationNotPermittedException');
});

test('only a TLS listener takes certificates', () => {
  const { balancer, group, listener, refusal } = it_;
  expect(
    refusal('elbv2.AddListenerCertificates', {
      ListenerArn: listener(balancer(), group()),
      Certificates: [{ CertificateArn: certificate('a') }],
    }),
  ).toContain('ValidationError (400)');
});

test('the address type of a load balancer can be changed', async () => {
  const LoadBalancerArn = it_.balancer();
  await elbv2.send(
    new elb.SetIpAddressTypeCommand({ LoadBalancerArn, IpAddressType: 'dualstack' }),
  );
  const { LoadBalancers } = await elbv2.send(new elb.DescribeLoadBalancersCommand({}));
  expect(LoadBalancers?.[0]?.IpAddressType).toBe('dualstack');
});

test('capacity is reserved once the load balancer is active, and given up again', async () => {
  const LoadBalancerArn = it_.balancer();
  const described = () =>
    elbv2.send(new elb.DescribeCapacityReservationCommand({ LoadBalancerArn }));
  // What the controller takes for no reservation at all.
  expect(await described()).not.toHaveProperty('MinimumLoadBalancerCapacity');
  expect(await described()).not.toHaveProperty('CapacityReservationState');
  const reserve = () =>
    elbv2.send(
      new elb.ModifyCapacityReservationCommand({
        LoadBalancerArn,
        MinimumLoadBalancerCapacity: { CapacityUnits: 3000 },
      }),
    );
  expect((await errorOf(reserve())).name).toBe('InvalidConfigurationRequestException');
  it_.clock.advance(PROVISIONING_MS);
  await reserve();
  expect((await described()).MinimumLoadBalancerCapacity).toEqual({ CapacityUnits: 3000 });
  await elbv2.send(
    new elb.ModifyCapacityReservationCommand({ LoadBalancerArn, ResetCapacityReservation: true }),
  );
  expect(await described()).not.toHaveProperty('MinimumLoadBalancerCapacity');
});

test('rules for PrivateLink stand on a load balancer with groups, on until switched off', async () => {
  const { account, call, balancer } = it_;
  const { GroupId } = call('ec2.CreateSecurityGroup', {
    GroupName: 'front',
    Description: 'front',
    VpcId: account.network.vpcId,
  });
  const LoadBalancerArn = balancer('shared', { SecurityGroups: [GroupId] });
  balancer('bare');
  const rules = async () =>
    (await elbv2.send(new elb.DescribeLoadBalancersCommand({}))).LoadBalancers?.map(
      (one) => one.EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic,
    );
  expect(await rules()).toEqual(['on', undefined]);
  await elbv2.send(
    new elb.SetSecurityGroupsCommand({
      LoadBalancerArn,
      SecurityGroups: [GroupId],
      EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic: 'off',
    }),
  );
  expect(await rules()).toEqual(['off', undefined]);
});
