import { stack, resourcesOf, type Resource } from './stack.ts';

type Tags = { readonly Key: unknown; readonly Value: unknown }[];
const ref = (id: string): unknown => ({ '!Ref': id });
const tagsOf = ({ Properties }: Resource): Tags => Properties['Tags'] as Tags;
const names = ['Primary', 'Secondary'] as const;

describe('the network', () => {
  const subnets = resourcesOf('AWS::EC2::Subnet');
  const withTag = (key: string) =>
    subnets.filter(([, subnet]) =>
      tagsOf(subnet).some((tag) => tag.Key === key && tag.Value === '1'),
    );

  test.each([
    ['kubernetes.io/role/elb', 'Public'],
    ['kubernetes.io/role/internal-elb', 'Private'],
  ])('has a subnet with the tag %s in each of three zones', (key, kind) => {
    const found = withTag(key);
    expect(found.map(([id]) => id)).toEqual([1, 2, 3].map((i) => `${kind}Subnet${i}`));
    const zones = found.map(([, { Properties }]) => JSON.stringify(Properties['AvailabilityZone']));
    expect(new Set(zones).size).toBe(3);
  });

  test('gives each subnet addresses of its own and a way out', () => {
    const blocks = subnets.map(([, { Properties }]) => JSON.stringify(Properties['CidrBlock']));
    expect(new Set(blocks).size).toBe(6);
    const routes = Object.fromEntries(
      resourcesOf('AWS::EC2::SubnetRouteTableAssociation').map(([, { Properties: p }]) => [
        (p['SubnetId'] as Record<string, string>)['!Ref'],
        (p['RouteTableId'] as Record<string, string>)['!Ref'],
      ]),
    );
    for (const [id] of subnets)
      expect(routes[id]).toBe(id.startsWith('Public') ? 'PublicRoutes' : 'PrivateRoutes');
    const ways = resourcesOf('AWS::EC2::Route').map(([, { Properties: p }]) => p);
    expect(ways).toContainEqual(
      expect.objectContaining({
        RouteTableId: ref('PrivateRoutes'),
        NatGatewayId: ref('NatGateway'),
      }),
    );
  });
});

describe('the clusters', () => {
  test('are named by parameters, of one version, with nodes of one size and number', () => {
    expect(
      Object.fromEntries(Object.entries(stack.Parameters).map(([id, p]) => [id, p.Default])),
    ).toMatchObject({
      PrimaryName: 'pri-eks-clu1',
      SecondaryName: 'sec-eks-clu1',
      KubernetesVersion: expect.stringMatching(/^1\.\d\d$/),
      NodeCount: 2,
    });
    for (const name of names) {
      expect(stack.Resources[`${name}Cluster`]?.Properties).toMatchObject({
        Name: ref(`${name}Name`),
        Version: ref('KubernetesVersion'),
      });
      const size = ref('NodeCount');
      expect(stack.Resources[`${name}Nodes`]?.Properties).toMatchObject({
        ClusterName: ref(`${name}Cluster`),
        InstanceTypes: [ref('NodeInstanceType')],
        ScalingConfig: { MinSize: size, DesiredSize: size, MaxSize: size },
      });
    }
  });

  // Two controllers on one group revoke each other's rules: they carry no cluster's name.
  test.each(names)('%s nodes have one security group, and it is no other cluster’s', (name) => {
    const template = stack.Resources[`${name}NodeTemplate`]?.Properties['LaunchTemplateData'];
    expect(template).toMatchObject({ SecurityGroupIds: [ref(`${name}NodeSecurityGroup`)] });
    expect(stack.Resources[`${name}Nodes`]?.Properties['LaunchTemplate']).toMatchObject({
      Id: ref(`${name}NodeTemplate`),
    });
    const group = stack.Resources[`${name}NodeSecurityGroup`];
    expect(group && tagsOf(group)).toContainEqual({
      Key: { '!Sub': `kubernetes.io/cluster/\${${name}Name}` },
      Value: 'owned',
    });
  });

  test.each(names)('%s nodes and control plane reach each other', (name) => {
    const nodes = ref(`${name}NodeSecurityGroup`);
    const plane = { '!GetAtt': `${name}Cluster.ClusterSecurityGroupId` };
    const rules = resourcesOf('AWS::EC2::SecurityGroupIngress')
      .filter(([id]) => id.startsWith(name))
      .map(([, { Properties: p }]) => [p['GroupId'], p['SourceSecurityGroupId'], p['FromPort']]);
    expect(rules).toEqual([
      [nodes, nodes, undefined],
      [nodes, plane, 1],
      [plane, nodes, 443],
    ]);
  });

  test.each(names)('%s gives its controller rights by Pod Identity', (name) => {
    expect(stack.Resources[`${name}PodIdentityAgent`]?.Properties).toEqual({
      ClusterName: ref(`${name}Cluster`),
      AddonName: 'eks-pod-identity-agent',
    });
    expect(stack.Resources[`${name}ControllerIdentity`]?.Properties).toEqual({
      ClusterName: ref(`${name}Cluster`),
      Namespace: 'kube-system',
      ServiceAccount: 'aws-load-balancer-controller',
      RoleArn: { '!GetAtt': 'ControllerRole.Arn' },
    });
  });
});

describe('the deletion', () => {
  test('keeps nothing back', () => {
    const kept = Object.entries(stack.Resources).filter(([, resource]) =>
      Object.keys(resource).some((key) => key.endsWith('Policy')),
    );
    expect(kept).toEqual([]);
  });

  // Deleted in the opposite order: nodes go while rules and routes still let them say so.
  test.each(names)('%s nodes go before their rules and routes', (name) => {
    const first = stack.Resources[`${name}Nodes`]?.DependsOn ?? [];
    expect(first).toEqual(
      expect.arrayContaining([
        'PrivateDefaultRoute',
        `${name}NodesFromControlPlane`,
        `${name}ControlPlaneFromNodes`,
      ]),
    );
    for (const id of first) expect(Object.keys(stack.Resources)).toContain(id);
  });
});
