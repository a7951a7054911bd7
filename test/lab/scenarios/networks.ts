import { balanced, deployAll } from '../many-services.ts';
import type { Scenario } from '../stage.ts';

/** The controller's side alone: who may reach the targets, by what the load balancer has for groups. */
export const networks: Scenario = {
  name: 'networks',
  title: 'groups of a person with and without rules, no groups, source ranges, dual-stack',
  clusters: 2,
  place: 'beside',
  controllerAlone: true,
  async play(stage) {
    const { aws, namespace } = stage;
    const { GroupId: own } = aws.call(
      'ec2.CreateSecurityGroup',
      { GroupName: `${namespace}-own`, Description: 'own', VpcId: aws.network.vpcId },
      'somebody',
    );
    const nodes = { 'nlb-target-type': 'instance' };
    const without = { 'disable-nlb-sg': 'true' };
    const mine = { 'security-groups': own };
    const managed = { ...mine, 'manage-backend-security-group-rules': 'true' };
    const merged = { 'enable-tcp-udp-listener': 'true' };
    const dns = (port: number) =>
      [
        { port, protocol: 'UDP' },
        { port, protocol: 'TCP' },
      ] as const;
    // Kubernetes gives out ports from 30086 on first (pkg/registry/core/service/portallocator/allocator.go).
    const local = { externalTrafficPolicy: 'Local', healthCheckNodePort: 30_053 };
    const ranges = { loadBalancerSourceRanges: ['203.0.113.0/24'] };
    // Those that the template turns on are off here, so that ip targets do not preserve addresses.
    const hides = { 'target-group-attributes': 'preserve_client_ip.enabled=false' };
    await deployAll(stage, [
      balanced('own', [{ port: 1001 }, { port: 1002, protocol: 'UDP' }], mine),
      balanced('own-managed', [{ port: 1003 }, { port: 1004, protocol: 'UDP' }], managed),
      balanced('own-nodes', dns(1005), { ...managed, ...nodes, ...merged }),
      balanced('bare', [{ port: 1006 }, { port: 1007, protocol: 'UDP' }], without),
      balanced('bare-hides', [{ port: 1008 }], { ...without, ...hides }),
      balanced('bare-merged', dns(1009), { ...without, ...merged, scheme: 'internal' }),
      balanced('bare-ranges', [{ port: 1010 }, { port: 1011, protocol: 'UDP' }], without, ranges),
      balanced(
        'bare-nodes',
        dns(1012),
        { ...without, ...nodes, ...merged },
        { ...ranges, ...local },
      ),
      balanced('ranges', [{ port: 1013 }, { port: 1014, protocol: 'UDP' }], {}, ranges),
      balanced('local', [{ port: 1015, protocol: 'UDP' }], nodes, {
        ...local,
        healthCheckNodePort: 30_054,
      }),
      balanced('dual', [{ port: 1016 }, { port: 1017, protocol: 'UDP' }], {
        'ip-address-type': 'dualstack',
      }),
    ]);
  },
};
