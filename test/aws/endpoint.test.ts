import { EC2Client } from '@aws-sdk/client-ec2';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { isPlain } from '../../src/aws/endpoint.ts';
import './aws-options.ts';

const keys = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'x' };
const clients = {
  elbv2: new ElasticLoadBalancingV2Client({ region: 'us-east-1', credentials: keys }),
  ec2: new EC2Client({ region: 'us-east-1', credentials: keys }),
};
const hosts = { elbv2: 'elasticloadbalancing', ec2: 'ec2' };

describe.each(['elbv2', 'ec2'] as const)('%s', (service) => {
  test.each([
    ['us-east-1', true],
    ['eu-central-2', true],
    ['ap-southeast-7', true],
    ['mx-central-1', true],
    ['cn-north-1', false],
    ['us-gov-west-1', false],
    ['us-iso-east-1', false],
    ['eu-isoe-west-1', false],
    ['eusc-de-east-1', false],
  ])('is reached in %s where the SDK reaches it, or by the SDK', (region, plain) => {
    expect(isPlain(service, region, {}, '')).toBe(plain);
    if (!plain) return;
    const { endpointProvider } = clients[service].config;
    const found = endpointProvider({ Region: region, UseFIPS: false, UseDualStack: false });
    expect(found.url.href).toBe(`https://${hosts[service]}.${region}.amazonaws.com/`);
  });
});

test.each([
  [{}, '', true],
  [{ AWS_USE_FIPS_ENDPOINT: 'true' }, '', false],
  [{ AWS_USE_DUALSTACK_ENDPOINT: 'true' }, '', false],
  [{}, '[profile a]\nuse_fips_endpoint = true\n', false],
  [{}, '[default]\nuse_dualstack_endpoint=true', false],
  [{ AWS_ENDPOINT_URL: 'http://127.0.0.1:5000' }, '', true],
  [{ AWS_ENDPOINT_URL_EC2: 'https://vpce-1.ec2.us-east-1.vpce.amazonaws.com/' }, '', true],
  [{ AWS_ENDPOINT_URL: 'http://127.0.0.1:4566/aws' }, '', false],
  [{ AWS_ENDPOINT_URL: 'https://me:secret@127.0.0.1/' }, '', false],
  [{ AWS_ENDPOINT_URL: 'not a URL' }, '', false],
])('with %j and the files %j, the small client is enough: %s', (env, files, plain) => {
  expect(isPlain('ec2', 'eu-west-1', env, files)).toBe(plain);
});
