import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dump, load } from 'js-yaml';
import type { Report } from '../../src/core/plan/report.ts';
import { expectGolden } from '../golden/golden.ts';
import { onTlsStage, PRI, SEC, type Stage } from '../laws/stage.ts';
import { runNlbmc } from './harness.ts';
import { loseSecondary } from './gone.ts';
import { addresses, arnOf, bindingIn, BINDINGS, person, register, serving } from './repair-acts.ts';

const PURGE = `purge nginx --context ${PRI}`;

const reportOf = ({ stdout }: { readonly stdout: string }): Report => JSON.parse(stdout) as Report;
const written = ({ requests }: Stage) =>
  requests().filter(({ mutating, dryRun }) => mutating && !dryRun);

/** Everything that AWS has in the target group, draining included. */
const targetsIn = ({ world }: Stage): number =>
  (
    world.aws.call('elbv2.DescribeTargetHealth', { TargetGroupArn: arnOf(world) }, 'test') as {
      TargetHealthDescriptions: readonly unknown[];
    }
  ).TargetHealthDescriptions.length;

/** Writes what `show -o yaml` says while all is well to a file of the sandbox. */
async function saveEnrollment({ nlbmc, sandbox }: Stage): Promise<string> {
  const file = join(sandbox.dir, 'enrollment.yaml');
  const { code, stdout } = await nlbmc(`show nginx --context ${PRI},${SEC} -o yaml`);
  expect(code).toBe(0);
  writeFileSync(file, stdout);
  return file;
}

/** A controller before 3.5.0 in the secondary, and bindings `a/b-c` and `a-b/c`. */
function confuseRecords({ world }: Stage): void {
  const { kube } = world.cluster(SEC);
  const deployments = 'deployments.apps';
  const name = 'aws-load-balancer-controller';
  const { template } = kube.get(deployments, 'kube-system', name)!.spec as {
    template: { spec: { containers: object[] } };
  };
  const containers = template.spec.containers.map((one) => ({
    ...one,
    image: 'public.ecr.aws/eks/aws-load-balancer-controller:v2.13.0',
  }));
  const body = { spec: { template: { spec: { containers } } } };
  kube.patch(deployments, 'kube-system', name, { type: 'merge', body }, person);
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default-nginx' } };
  kube.create('namespaces', namespace, person);
  const { apiVersion, kind, spec } = bindingIn(world, SEC);
  for (const metadata of [
    { namespace: 'default', name: 'nginx-canary' },
    { namespace: 'default-nginx', name: 'canary' },
  ]) {
    kube.create(BINDINGS, { apiVersion, kind, metadata, spec }, person);
  }
}

test('the targets of a cluster that is gone are deregistered, and waited for until they have drained', () =>
  onTlsStage('joined', async (stage) => {
    loseSecondary(stage.world);
    const { code, stdout, stderr } = await stage.nlbmc(`${PURGE} --yes`);
    expect(code).toBe(0);
    expectGolden('purge.txt', stdout);
    expect(stderr).toContain('the others drain for at most ');
    expect(targetsIn(stage)).toBe(3);
    const again = await stage.nlbmc(`${PURGE} --yes -o json`);
    expect([again.code, reportOf(again).result]).toEqual([0, 'already purged']);
    expect(await stage.nlbmc(`verify nginx --context ${PRI}`)).toMatchObject({ code: 0 });
  }));

test('it asks always, and --yes answers for what does not serve', () =>
  onTlsStage('joined', async (stage) => {
    loseSecondary(stage.world);
    const { code, stderr } = await stage.nlbmc(PURGE);
    expect(code).toBe(2);
    expect(stderr).toContain('target-unclaimed');
    const no = { terminal: true, answers: ['no'] };
    expect((await runNlbmc(stage.sandbox, PURGE, no)).code).toBe(5);
    expect(written(stage)).toEqual([]);
  }));

test('with all clusters listed there is nothing to purge', () =>
  onTlsStage('joined', async (stage) => {
    const { code, stdout } = await stage.nlbmc(`${PURGE},${SEC} --yes -o json`);
    const { result, plan } = reportOf({ stdout });
    expect([code, result, plan?.steps]).toEqual([0, 'already purged', []]);
  }));

describe('refused', () => {
  test('what EC2 gives to a cluster that was not listed, unless exactly that number is named', () =>
    onTlsStage('joined', async (stage) => {
      const { code, stdout } = await stage.nlbmc(`${PURGE} --yes`);
      expect(code).toBe(5);
      expectGolden('purge-elsewhere.txt', stdout);
      for (const n of [1, 3]) {
        expect((await stage.nlbmc(`${PURGE} --yes --accept-removing=${n}`)).code).toBe(5);
      }
      expect(written(stage)).toEqual([]);
      // The number alone is no answer to the question.
      expect((await stage.nlbmc(`${PURGE} --accept-removing=2`)).code).toBe(2);
      expect((await stage.nlbmc(`${PURGE} --yes --accept-removing=2`)).code).toBe(0);
      expect(serving(stage.world)).toEqual(addresses(stage.world, PRI));
    }));

  test('what is healthy, although its cluster is said to have departed', () =>
    onTlsStage('joined', async (stage) => {
      const file = await saveEnrollment(stage);
      const line = `${PURGE} --departed ${SEC} --from ${file} --yes`;
      const { code, stdout } = await stage.nlbmc(line);
      expect(code).toBe(5);
      expectGolden('purge-serving.txt', stdout.replaceAll(stage.sandbox.dir, 'DIR'));
      expect(written(stage)).toEqual([]);
      loseSecondary(stage.world);
      expect((await stage.nlbmc(line)).code).toBe(0);
      expect(serving(stage.world)).toEqual(addresses(stage.world, PRI));
    }));

  test('while EC2 does not answer: unknown, and nothing is touched', () =>
    onTlsStage('joined', async (stage) => {
      loseSecondary(stage.world);
      const match = /DescribeNetworkInterfaces/;
      stage.world.faults.add({ world: 'aws', match, kind: 'status', status: 403 });
      const { code, stdout } = await stage.nlbmc(`${PURGE} --yes`);
      expect(code).toBe(8);
      expectGolden('purge-unknown.txt', stdout);
      expect(written(stage)).toEqual([]);
    }));

  test.each([
    ['its API server', 'GET ', 'api-error'],
    ['its bindings', 'GET .*targetgroupbindings', 'api-error'],
    ['its tracked targets', 'GET .*configmaps', 'api-error'],
  ])('while a listed cluster cannot be read: %s', (what, match, problem) =>
    onTlsStage('joined', async (stage) => {
      loseSecondary(stage.world);
      stage.world.faults.add({
        world: 'kube',
        cluster: PRI,
        match: new RegExp(match),
        kind: 'status',
        status: 500,
      });
      const { code, stdout } = await stage.nlbmc(`${PURGE} --yes -o json`);
      expect(code).toBe(8);
      expect(reportOf({ stdout }).problems[0]?.code).toBe(problem);
      expect(written(stage)).toEqual([]);
      const name = `purge-unread-${what.replace('its ', '').replaceAll(' ', '-').toLowerCase()}.txt`;
      expectGolden(name, (await stage.nlbmc(`${PURGE} --yes`)).stdout);
    }),
  );

  test('a listed cluster that may show its bindings in one namespace only', () =>
    onTlsStage('joined', async (stage) => {
      loseSecondary(stage.world);
      const match = /^GET \/apis\/elbv2.k8s.aws\/v1beta1\/targetgroupbindings/;
      stage.world.faults.add({ world: 'kube', cluster: PRI, match, kind: 'status', status: 403 });
      const { code, stdout } = await stage.nlbmc(`${PURGE} --yes`);
      expect(code).toBe(8);
      expectGolden('purge-narrow-sight.txt', stdout);
      expect(written(stage)).toEqual([]);
    }));

  test('the primary is not among the clusters that were listed', () =>
    onTlsStage('joined', async ({ nlbmc }) => {
      const { code, stdout } = await nlbmc(`purge nginx --context ${SEC} --yes`);
      expect(code).toBe(5);
      expectGolden('purge-no-primary.txt', stdout);
    }));

  test('no listed cluster has a binding for the Service', () =>
    onTlsStage('enabled', async ({ nlbmc }) => {
      const { code, stdout } = await nlbmc(`purge nginx --context ${SEC} --yes`);
      expect(code).toBe(5);
      expectGolden('purge-bindings-missing.txt', stdout);
    }));

  test('one cluster under two contexts: the other one was not looked into', () =>
    onTlsStage('joined', async (stage) => {
      const file = stage.sandbox.env['KUBECONFIG'] ?? '';
      const config = load(readFileSync(file, 'utf8')) as { contexts: { name: string }[] };
      const alias = { ...config.contexts.find(({ name }) => name === PRI), name: SEC };
      const contexts = [...config.contexts.filter(({ name }) => name !== SEC), alias];
      writeFileSync(file, dump({ ...config, contexts }));
      const { code, stdout } = await stage.nlbmc(`${PURGE},${SEC} --yes`);
      expect(code).toBe(5);
      expectGolden('purge-same-cluster.txt', stdout);
      expect(written(stage)).toEqual([]);
    }));

  test('two bindings whose records an old controller confuses', () =>
    onTlsStage('joined', async (stage) => {
      confuseRecords(stage);
      const { code, stdout } = await stage.nlbmc(`${PURGE},${SEC} --yes`);
      expect(code).toBe(5);
      expectGolden('purge-tracking-collision.txt', stdout);
      expect(written(stage)).toEqual([]);
    }));

  test('a document of something else, and half of the pair', () =>
    onTlsStage('joined', async (stage) => {
      const file = await saveEnrollment(stage);
      writeFileSync(file, readFileSync(file, 'utf8').replace('name: nginx', 'name: other'));
      const from = stage.world.journal.entries.length;
      for (const words of [`--departed ${SEC}`, `--from ${file}`]) {
        expect((await stage.nlbmc(`${PURGE} ${words} --yes`)).code).toBe(2);
      }
      const { code, stderr } = await stage.nlbmc(`${PURGE} --departed ${SEC} --from ${file} --yes`);
      expect([code, stderr]).toEqual([
        2,
        expect.stringContaining('is about Service default/other'),
      ]);
      expect(stage.requests(from)).toEqual([]);
    }));
});

describe('what is left alone', () => {
  test('an address outside the VPC, shown as skipped; the document is evidence for it', () =>
    onTlsStage('joined', async (stage) => {
      const { world } = stage;
      const outside = '100.64.9.9';
      const body = {
        TargetGroupArn: arnOf(world),
        Targets: [{ Id: outside, Port: 80, AvailabilityZone: 'all' }],
      };
      world.aws.call('elbv2.RegisterTargets', body, 'person');
      loseSecondary(world);
      const { code, stdout } = await stage.nlbmc(`${PURGE} --yes -o json`);
      expect(code).toBe(0);
      expect(reportOf({ stdout }).skips).toMatchObject([
        { code: 'owner-unknown', details: [expect.stringContaining('lies outside vpc-')] },
      ]);
      expect(serving(world)).toContain(outside);
    }));

  test('an address that a listed cluster has by the time of the answer', () =>
    onTlsStage('joined', async (stage) => {
      const { world } = stage;
      loseSecondary(world);
      const [dead = ''] = serving(world).filter((id) => !addresses(world, PRI).includes(id));
      const outcome = await runNlbmc(stage.sandbox, PURGE, {
        terminal: true,
        answers: ['yes'],
        onQuestion: () => {
          const { kube } = world.primary;
          const name = kube
            .list('configmaps', 'default')
            .find(({ metadata }) => metadata.name.startsWith('aws-lbc-targets-'))?.metadata.name;
          const targets = [...addresses(world, PRI), dead].map((id) => `${id}:80`).join(',');
          const patch = { type: 'merge', body: { data: { targets } } } as const;
          kube.patch('configmaps', 'default', name ?? '', patch, {
            actor: 'test',
            manager: 'test',
          });
        },
      });
      // The plan is another one now: it asks again, and nobody answers.
      expect(outcome.code).toBe(5);
      expect(serving(world)).toContain(dead);
    }));
});

test('a target that a person registers for a cluster without tags is refused while it serves', () =>
  onTlsStage('enabled', async (stage) => {
    const { world } = stage;
    const [id = ''] = addresses(world, SEC);
    const { interfaces, instances } = world.aws.network;
    const Resources = [...interfaces.keys(), ...instances.keys()];
    world.aws.call('ec2.DeleteTags', { Resources }, 'person');
    register(world, [id]);
    const GroupId = world.aws.network.nodeGroupOf(SEC, world.cluster(SEC).vpcId);
    const IpPermissions = [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '10.0.0.0/16' }] }];
    world.aws.call('ec2.AuthorizeSecurityGroupIngress', { GroupId, IpPermissions }, 'person');
    world.clock.advance(120_000);
    const { code, stdout } = await stage.nlbmc(`${PURGE} --yes -o json`);
    expect(code).toBe(5);
    expect(reportOf({ stdout }).problems).toMatchObject([{ code: 'target-serving', saves: 1 }]);
  }));
