import type { Sandbox } from '../../src/sandbox/server.ts';
import { createAll } from '../../src/sandbox/scenarios/apply.ts';
import { deployment, plainService } from '../../src/sandbox/scenarios/objects.ts';
import { runNlbmc, startPractice, writesSince } from './harness.ts';
import { deployIn, reportOf } from './clusters.ts';

const ENROLL = 'enroll nginx --primary pri --context a,b';

let sandbox: Sandbox;
const nlbmc = (line: string, o = {}) => runNlbmc(sandbox, line, o);
const reported = (line: string) => reportOf(sandbox, line);

const deploy = (...names: string[]): void => deployIn(sandbox, names);
const written = (from: number): string[] =>
  writesSince(sandbox, from).map(
    ({ cluster, path = '' }) => `${cluster} ${path.split('/').at(-2)}`,
  );

describe('a Service of the primary', () => {
  beforeEach(async () => {
    sandbox = await startPractice({ clusters: ['pri', 'a', 'b'] });
  });
  afterEach(() => sandbox.stop());

  test('is enabled, joined by all and verified in one run', async () => {
    deploy('a', 'b');
    const from = sandbox.world.journal.entries.length;
    const report = await reported(ENROLL);
    expect(report).toMatchObject({ exit: 0, result: 'enrolled', problems: [] });
    expect(report.verdict?.state).toBe('ready');
    expect(report.verdict?.ports[0]?.members).toHaveLength(3);
    // Sharing comes first, and holds before anybody joins.
    expect(written(from)).toEqual([
      'pri services',
      'a targetgroupbindings',
      'b targetgroupbindings',
    ]);
    const verified = await reported('verify nginx --context pri,a,b');
    expect(verified.verdict?.ports).toEqual(report.verdict?.ports);
    expect(await reported(ENROLL)).toMatchObject({ exit: 0, result: 'already enrolled' });
  });

  test('goes on where the annotation is set and the controller has not acted yet', async () => {
    deploy('a', 'b');
    const metadata = {
      annotations: {
        'service.beta.kubernetes.io/aws-load-balancer-multi-cluster-target-group': 'true',
        'service.beta.kubernetes.io/aws-load-balancer-attributes':
          'deletion_protection.enabled=true',
      },
    };
    const person = { actor: 'person', manager: 'nlbmc', internal: true };
    const { kube } = sandbox.world.cluster('pri');
    kube.patch('services', 'default', 'nginx', { type: 'merge', body: { metadata } }, person);
    const from = sandbox.world.journal.entries.length;
    expect(await reported(ENROLL)).toMatchObject({ exit: 0, result: 'enrolled' });
    expect(written(from)).toEqual(['a targetgroupbindings', 'b targetgroupbindings']);
  });

  test('has the plan of all of it in a dry run, and nothing is written', async () => {
    deploy('a', 'b');
    const from = sandbox.world.journal.entries.length;
    const { plan, exit } = await reported(`${ENROLL} --dry-run`);
    expect(exit).toBe(0);
    expect(plan?.steps.map(({ kind }) => kind)).toEqual([
      'annotate-service',
      'wait',
      'apply-binding',
      'apply-binding',
    ]);
    expect(writesSince(sandbox, from)).toEqual([]);
    const { stdout } = await nlbmc(`${ENROLL} --dry-run --detailed-exitcode`);
    expect(stdout).toContain('exit 4');
  });

  test('says to type an enroll where Services are missing, and that goes on', async () => {
    const line = 'enroll nginx -n default --context a,b --primary pri --create-service';
    const { problems } = await reported(ENROLL);
    const hint = [{ text: `nlbmc ${line}` }];
    expect(problems.map(({ hints }) => hints)).toMatchObject([hint, hint]);
    // Services without pods are enrolled, and not called ready.
    const { exit, problems: left } = await reported(line);
    expect([exit, ...left.map(({ code }) => code)]).toEqual([3, 'no-endpoints', 'no-endpoints']);
  });

  test('says what it waits for once', async () => {
    deploy('a', 'b');
    const { stdout } = await nlbmc(`${ENROLL} --dry-run`);
    expect(stdout.match(/the load balancer has deletion protection/g)).toHaveLength(1);
  });

  test('asks one question at most', async () => {
    deploy('b');
    createAll(sandbox.world.cluster('a').kube, deployment(0), plainService('ClusterIP'));
    sandbox.world.settle();
    const { stderr, code } = await nlbmc(ENROLL, { terminal: true, answers: ['yes'] });
    expect(stderr.match(/\(yes\/no\)|\[y\/N\]|yes/gi)?.length).toBeGreaterThan(0);
    // A cluster without capacity is enrolled, and not called ready.
    expect(code).toBe(3);
  });

  test('one cluster that cannot join stops no other', async () => {
    deploy('a');
    const report = await reported(ENROLL);
    expect(report).toMatchObject({ exit: 7, problems: [{ code: 'service-missing' }] });
    expect(report.message).toContain('Done in a, not in b.');
    deploy('b');
    const from = sandbox.world.journal.entries.length;
    expect(await reported(ENROLL)).toMatchObject({ exit: 0, result: 'enrolled' });
    expect(written(from)).toEqual(['b targetgroupbindings']);
  });

  test('is left alone where nobody can join', async () => {
    const from = sandbox.world.journal.entries.length;
    expect(await reported(ENROLL)).toMatchObject({ exit: 5, result: 'refused' });
    expect(writesSince(sandbox, from)).toEqual([]);
  });
});

describe('a load balancer that no cluster owns', () => {
  beforeEach(async () => {
    sandbox = await startPractice({ scenario: 'no-owner' });
  });
  afterEach(() => sandbox.stop());

  test('is joined by all clusters at once, and verified', async () => {
    const enroll = 'enroll web --load-balancer shared --context eks-clu1,eks-clu2,eks-clu3';
    const report = await reported(`${enroll} --yes`);
    expect(report).toMatchObject({ exit: 0, result: 'enrolled', problems: [] });
    expect(report.verdict?.ports[0]?.members).toHaveLength(3);
    expect(await reported(`${enroll} --yes`)).toMatchObject({ result: 'already enrolled' });
  });
});

test.each([
  ['enroll nginx --context a', '--primary or --load-balancer'],
  ['enroll nginx --context a --primary a', 'named both'],
  ['enroll nginx --primary pri', '--context'],
])('%s is a usage error', async (line, words) => {
  sandbox = await startPractice({ clusters: ['pri', 'a'] });
  const { code, stderr } = await nlbmc(line);
  await sandbox.stop();
  expect(code).toBe(2);
  expect(stderr).toContain(words);
});
