import { execFile, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { get } from 'node:https';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { VirtualClock } from '../../../src/sandbox/time/clock.ts';
import { manifest } from '../../../src/sandbox/scenarios/manifests.ts';
import { inside } from '../../../src/sandbox/environment.ts';
import { startSandbox, type Sandbox } from '../../../src/sandbox/server.ts';
import { sandboxStory } from '../../../src/sandbox/story.ts';
import { ask, askMany, countBy } from './connect.ts';
import { person, share } from './shared-world.ts';

const missing = spawnSync('kubectl', ['version', '--client']).error !== undefined;
const testKubectl = missing && process.env.CI !== 'true' ? test.skip : test;

let sandbox: Sandbox;
afterEach(() => sandbox.stop());

/** The file that the environment names, as a program finds it. */
const written = (): Record<string, Record<string, string>> =>
  JSON.parse(readFileSync(sandbox.env['NLBMC_SANDBOX_LOAD_BALANCERS'] ?? '', 'utf8'));

const addressesOf = (port: string): string[] =>
  Object.values(sandbox.traffic.addresses()).flatMap((ports) => ports[port] ?? []);

testKubectl('kubectl logs shows the requests that a Deployment served', async () => {
  sandbox = await startSandbox({ clock: new VirtualClock() });
  share(sandbox.world, 'walkthrough');
  const [address = ''] = addressesOf('80');
  const outcomes = await askMany(address, 60, '/here');
  const counts = countBy(outcomes, ({ cluster }) => cluster);
  const env = inside(process.env, sandbox.env) as NodeJS.ProcessEnv;
  const logs = async (context: string, ...more: string[]): Promise<string[]> => {
    const args = ['logs', '--context', context, ...more];
    const { stdout } = await promisify(execFile)('kubectl', args, { env });
    return stdout.trim().split('\n');
  };
  for (const context of ['pri-eks-clu1', 'sec-eks-clu1']) {
    const all = await logs(context, '-l', 'app=nginx', '--tail=-1');
    expect(all.filter((line) => line.includes('"GET /here HTTP/1.1" 200'))).toHaveLength(
      counts[context] ?? 0,
    );
    const last = await logs(context, 'deployment/nginx', '--tail=2');
    expect(last).toEqual([
      expect.stringMatching(
        /^203\.0\.113\.1 - - \[.*\] "GET \/here HTTP\/1\.1" 200 \d+ "-" "test\/1"/,
      ),
      expect.stringMatching(/"GET \/here /),
    ]);
  }
});

test('the file with the addresses follows load balancers as they come and go', async () => {
  sandbox = await startSandbox({ clock: new VirtualClock(), scenario: 'new-workload' });
  const { world } = sandbox;
  expect(written()).toEqual({});
  expect(sandboxStory(sandbox, 'new-workload', 1, 'nlbmc')).toContain('no load balancer yet');
  const service = manifest('app/service-primary.yaml');
  service.metadata.namespace = 'default';
  world.primary.kube.create('services', service, person);
  world.settle();
  await sandbox.traffic.ready();
  const hostname: string = world.primary.kube.get('services', 'default', 'nginx')?.status
    .loadBalancer.ingress[0].hostname;
  expect(written()).toEqual({ [hostname]: { 80: expect.stringMatching(/^127\.0\.0\.1:\d+$/) } });
  expect(written()).toEqual(sandbox.traffic.addresses());
  const address = written()[hostname]?.['80'] ?? '';
  expect((await ask(address)).cluster).toBe('pri-eks-clu1');
  const story = sandboxStory(sandbox, 'new-workload', 1, 'nlbmc');
  expect(story).toContain(`${address} is port 80 of ${hostname}\n`);
  expect(story).toContain(`curl http://${address}/\n`);

  const listed = world.aws.call('elbv2.DescribeLoadBalancers', {}, 'test').LoadBalancers;
  const { LoadBalancerArn } = listed[0];
  const Attributes = [{ Key: 'deletion_protection.enabled', Value: 'false' }];
  world.aws.call('elbv2.ModifyLoadBalancerAttributes', { LoadBalancerArn, Attributes }, 'test');
  world.aws.call('elbv2.DeleteLoadBalancer', { LoadBalancerArn }, 'test');
  expect(written()).toEqual({});
});

test('every port has its own address, and stop closes them all', async () => {
  sandbox = await startSandbox({ clock: new VirtualClock(), scenario: 'multi-port' });
  const addresses = [...addressesOf('80'), ...addressesOf('8080')];
  expect(new Set(addresses).size).toBe(2);
  for (const address of addresses) expect((await ask(address)).error).toBe('');
  await sandbox.stop();
  for (const address of addresses) expect((await ask(address)).error).toBe('ECONNREFUSED');
  expect(existsSync(sandbox.dir)).toBe(false);
});

test('a TLS listener shows a certificate for the name of its load balancer', async () => {
  sandbox = await startSandbox({ clock: new VirtualClock() });
  const { aws } = sandbox.world;
  const call = (action: string, params: object) => aws.call(`elbv2.${action}`, params, 'test');
  const [{ LoadBalancerArn, DNSName, SecurityGroups }] = call(
    'DescribeLoadBalancers',
    {},
  ).LoadBalancers;
  const [{ TargetGroupArn }] = call('DescribeTargetGroups', {}).TargetGroups;
  call('CreateListener', {
    LoadBalancerArn,
    Port: 443,
    Protocol: 'TLS',
    Certificates: [{ CertificateArn: [...aws.certificates][0] }],
    DefaultActions: [{ Type: 'forward', TargetGroupArn }],
  });
  // The controller opened port 80 to clients.
  const anyone = { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '0.0.0.0/0' };
  const opened = { GroupId: SecurityGroups[0], ...anyone };
  aws.call('ec2.AuthorizeSecurityGroupIngress', opened, 'test');
  await sandbox.traffic.ready();
  const [host, port] = addressesOf('443')[0]?.split(':') ?? [];
  const ca = readFileSync(join(sandbox.dir, 'load-balancer-ca.crt'));
  const fetched = (servername: string): Promise<string> =>
    new Promise((resolve, reject) => {
      get({ host, port, ca, servername, agent: false, path: '/' }, (answer) => {
        answer.resume();
        resolve(String(answer.headers['x-cluster']));
      }).on('error', reject);
    });
  expect(await fetched(DNSName)).toBe('pri-eks-clu1');
  await expect(fetched('shop.example')).rejects.toThrow('does not match');
});
