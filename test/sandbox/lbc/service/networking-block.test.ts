import { LbcWorld } from '../lbc-world.ts';
import { balancers, withService } from '../service-world.ts';

const networking = (world: LbcWorld) => world.binding()['spec'].networking;

describe('the networking of the binding', () => {
  test('is absent where the user brings the groups', () => {
    const world = new LbcWorld();
    const { GroupId: own } = world.aws.call(
      'ec2.CreateSecurityGroup',
      { GroupName: 'own', Description: 'own', VpcId: world.aws.network.vpcId },
      'test',
    );
    world.addService('nginx', { 'security-groups': own });
    world.settle();
    expect(networking(world)).toBeUndefined();
    expect(balancers(world)[0]?.['SecurityGroups']).toEqual([own]);
    world.annotate('nginx', { 'manage-backend-security-group-rules': 'true' });
    world.settle();
    const [, backend] = balancers(world)[0]!['SecurityGroups'];
    expect(networking(world).ingress[0].from).toEqual([{ securityGroup: { groupID: backend } }]);
  });

  test('names the frontend group where there is no backend group', () => {
    const world = withService({}, {}, { flags: { enableBackendSecurityGroup: false } });
    const ids: string[] = balancers(world)[0]!['SecurityGroups'];
    expect(ids).toHaveLength(1);
    expect(networking(world).ingress[0].from).toEqual([{ securityGroup: { groupID: ids[0] } }]);
  });

  test('names address blocks where the load balancer has no groups', () => {
    const world = withService({ 'disable-nlb-sg': 'true', 'healthcheck-port': '9000' });
    expect(balancers(world)[0]?.['SecurityGroups']).toBeUndefined();
    const [traffic, health] = networking(world).ingress;
    expect(traffic.ports).toEqual([{ protocol: 'TCP', port: 80 }]);
    expect(health.ports).toEqual([{ protocol: 'TCP', port: 9000 }]);
    expect(traffic.from).toHaveLength(3);
    expect(traffic.from[0].ipBlock.cidr).toMatch(/^10\.0\./);
  });

  test('leaves the port out with --disable-restricted-sg-rules', () => {
    const world = withService({}, {}, { flags: { disableRestrictedSgRules: true } });
    expect(networking(world).ingress[0].ports).toEqual([{ protocol: 'TCP' }]);
  });
});
