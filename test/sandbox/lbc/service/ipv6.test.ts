import { LBC_NAMES } from '../../../../src/sandbox/lbc/process/controller-names.ts';
import { resolveFlags } from '../../../../src/sandbox/lbc/process/flags.ts';
import type { ModelFacts } from '../../../../src/sandbox/lbc/service/model-facts.ts';
import {
  buildServiceModel,
  type ServiceModel,
} from '../../../../src/sandbox/lbc/service/service-model.ts';
import { notes } from '../lbc-world.ts';

/** The practice clusters have no IPv6 family, so that the model is built from a Service by hand. */
function modelOf(
  short: Record<string, string>,
  protocol: string,
  o: { readonly hasGroups?: boolean; readonly ranges?: readonly string[] } = {},
): ServiceModel {
  const facts: ModelFacts = {
    subnets: () => [
      {
        SubnetId: 'subnet-a',
        AvailabilityZone: 'us-east-1a',
        CidrBlock: '10.0.0.0/20',
        Ipv6CidrBlockAssociationSet: [{ Ipv6CidrBlock: '2600:1f18:4000:0::/64' }],
      },
    ],
    existing: () =>
      o.hasGroups === undefined
        ? undefined
        : {
            Scheme: 'internal',
            SecurityGroups: o.hasGroups ? ['sg-front'] : [],
            AvailabilityZones: [],
          },
    securityGroups: (wanted) => wanted,
    backendGroup: () => 'sg-backend',
    vpcCidrs: (family) => [family === 'ipv6' ? '2600:1f18:4000::/48' : '10.0.0.0/16'],
  };
  const built = buildServiceModel(
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {
        namespace: 'default',
        name: 'dns',
        uid: 'uid',
        annotations: notes({ 'nlb-target-type': 'ip', ...short }),
      },
      spec: {
        type: 'LoadBalancer',
        loadBalancerClass: 'service.k8s.aws/nlb',
        ipFamilies: ['IPv6'],
        ports: [{ name: 'dns', port: 53, targetPort: 5353, protocol }],
        loadBalancerSourceRanges: o.ranges,
      },
    },
    {
      clusterName: 'pri',
      vpcId: 'vpc-1',
      version: 'v3.5.0',
      flags: resolveFlags({}),
      names: LBC_NAMES,
    },
    facts,
  );
  if (built.kind !== 'model') throw new Error('no model');
  return built.model;
}

/** The rules of the target group: peers and ports. */
const rules = (model: ServiceModel): string[] =>
  (model.targetGroups[0]?.binding.networking ?? []).map(({ from, ports }) => {
    const peers = from.map((peer) => {
      if (peer.kind === 'cidr') return peer.cidr;
      return peer.group.kind === 'id' ? peer.group.id : 'frontend';
    });
    return `${peers.join(' ')}: ${ports.map((one) => `${one.protocol} ${one.port}`).join(', ')}`;
  });

const DUAL = { 'ip-address-type': 'dualstack' };
const BARE = { ...DUAL, 'disable-nlb-sg': 'true' };

test('IPv6 targets need a dual-stack load balancer', () => {
  expect(() => modelOf({}, 'TCP')).toThrow('unsupported IPv6 configuration, lb not dual-stack');
  const model = modelOf(DUAL, 'TCP');
  expect(model.targetGroups[0]?.ipAddressType).toBe('ipv6');
  expect(model.managedGroup?.cidrs).toEqual(['0.0.0.0/0', '::/0']);
});

test('source ranges of IPv6 need one too', () => {
  const ranges = ['2001:db8::/32'];
  expect(() => modelOf({}, 'UDP', { ranges })).toThrow(
    'unsupported v6 cidr 2001:db8::/32 when lb is not dualstack',
  );
  expect(modelOf(DUAL, 'UDP', { ranges }).managedGroup?.cidrs).toEqual(ranges);
});

test.each<[string, Record<string, string>, string, readonly string[]]>([
  ['the backend group', DUAL, 'TCP', ['sg-backend: TCP 5353']],
  ['the backend group', DUAL, 'UDP', ['sg-backend: UDP 5353, TCP 5353']],
  ['no groups', BARE, 'TCP', ['2600:1f18:4000:0::/64: TCP 5353']],
  [
    'no groups',
    { ...BARE, scheme: 'internet-facing' },
    'UDP',
    ['::/0: UDP 5353', '2600:1f18:4000:0::/64: TCP 5353'],
  ],
  [
    'no groups, internal',
    BARE,
    'UDP',
    ['2600:1f18:4000::/48: UDP 5353', '2600:1f18:4000:0::/64: TCP 5353'],
  ],
])('%s (%j): %s', (_, short, protocol, expected) => {
  expect(rules(modelOf(short, protocol))).toEqual(expected);
});

test('a load balancer that has groups cannot lose them, one without never gets any', () => {
  expect(() => modelOf(BARE, 'TCP', { hasGroups: true })).toThrow(
    'conflicting security groups configuration',
  );
  expect(modelOf(DUAL, 'TCP', { hasGroups: false }).loadBalancer.securityGroups).toEqual([]);
});
