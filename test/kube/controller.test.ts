import { decidingFlags, deploymentOf } from '../../src/kube/controller-fields.ts';

const deployment = (containers: object[], labels: object = {}) =>
  deploymentOf({
    metadata: { namespace: 'kube-system', name: 'lbc', labels },
    spec: { template: { spec: { containers } } },
    status: { readyReplicas: 2 },
  });
const image = (tag: string) => `public.ecr.aws/eks/aws-load-balancer-controller${tag}`;

test.each([
  [
    'with equal signs',
    ['--cluster-name=c', '--aws-vpc-id=vpc-1', '--max-targets-per-target-group=90'],
  ],
  [
    'as words',
    ['--cluster-name', 'c', '--aws-vpc-id', 'vpc-1', '--max-targets-per-target-group', '90'],
  ],
])('flags are read %s', (_, args) => {
  expect(deployment([{ image: image(':v2.14.1'), args }])).toEqual({
    namespace: 'kube-system',
    name: 'lbc',
    readyReplicas: 2,
    version: '2.14.1',
    clusterName: 'c',
    vpcId: 'vpc-1',
    maxTargetsPerTargetGroup: 90,
  });
});

test('a sidecar in front is not taken for the controller', () => {
  const found = deployment([
    { image: 'proxy:v9.9.9', args: [] },
    { image: image(':v3.0.0'), args: ['--cluster-name=c'] },
  ]);
  expect(found).toMatchObject({ version: '3.0.0', clusterName: 'c' });
});

test.each([
  ['the tag', image(':v3.5.0'), { 'app.kubernetes.io/version': 'v1.0.0' }, '3.5.0'],
  ['the tag before a digest', image(':v3.5.0@sha256:abc'), {}, '3.5.0'],
  [
    'the label where there is a digest only',
    image('@sha256:abc'),
    { 'app.kubernetes.io/version': 'v2.10.0' },
    '2.10.0',
  ],
  ['nothing, of a registry with a port', 'registry:5000/lbc', {}, undefined],
  ['nothing, of a tag that is no version', image(':latest'), {}, undefined],
])('the version is told by %s', (_, from, labels, version) => {
  expect(deployment([{ image: from, args: [] }], labels).version).toBe(version);
});

describe('the flags that decide what a controller makes', () => {
  const flags = (...args: string[]) =>
    decidingFlags({ spec: { template: { spec: { containers: [{ args }] } } } });

  test('no other is kept, for a command line may have anything in it', () => {
    expect(
      flags(
        '--cluster-name=c',
        '--aws-region=x',
        '--token=s3cret',
        '--feature-gates=A=true,B=false',
      ),
    ).toEqual({ 'cluster-name': 'c', 'feature-gates': 'A=true,B=false' });
  });

  test('a switch that stands alone is on, whatever follows it', () => {
    expect(
      flags(
        '--cluster-name',
        'c',
        '--enable-backend-security-group',
        'x',
        '--disable-restricted-sg-rules=false',
      ),
    ).toEqual({
      'cluster-name': 'c',
      'enable-backend-security-group': 'true',
      'disable-restricted-sg-rules': 'false',
    });
  });
});
