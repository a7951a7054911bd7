import { load, loadAll } from 'js-yaml';
import type { Report } from '../../src/core/plan/report.ts';
import type { Sandbox } from '../../src/sandbox/server.ts';
import { createAll } from '../../src/sandbox/scenarios/apply.ts';
import { deployment, plainService } from '../../src/sandbox/scenarios/objects.ts';
import { expectGolden } from '../golden/golden.ts';
import { runNlbmc, startPractice, writesSince } from './harness.ts';

const ENABLE = 'enable nginx --context pri-eks-clu1';
const JOIN = 'join nginx --context sec-eks-clu1 --primary pri-eks-clu1';
const VERIFY = 'verify nginx --context pri-eks-clu1,sec-eks-clu1';
const SHOW = 'show nginx --context pri-eks-clu1,sec-eks-clu1';

let sandbox: Sandbox;
const nlbmc = (line: string) => runNlbmc(sandbox, line);
const report = (stdout: string): Report => JSON.parse(stdout) as Report;

async function prepare(...lines: string[]): Promise<void> {
  for (const line of lines) expect(await nlbmc(line)).toMatchObject({ code: 0 });
}

beforeEach(async () => {
  sandbox = await startPractice({ tls: true });
  for (const { kube } of sandbox.world.secondaries) {
    createAll(kube, deployment(2), plainService('ClusterIP'));
  }
  sandbox.world.settle();
});
afterEach(() => sandbox.stop());

/** Does something once, as soon as the secondary has rehearsed a binding. */
function onRehearsal(act: () => void): { readonly rehearsed: () => boolean } {
  let done = false;
  const { journal } = sandbox.world;
  const add = journal.add.bind(journal);
  journal.add = (entry) => {
    add(entry);
    if (done || !entry.dryRun || entry.source !== 'http' || entry.verb !== 'PATCH') return;
    done = true;
    act();
  };
  return { rehearsed: () => done };
}

describe('scenario 1, told to a person', () => {
  test('enable, join, verify, show', async () => {
    for (const [name, line] of Object.entries({
      enable: ENABLE,
      'enable-again': ENABLE,
      join: JOIN,
      'join-again': JOIN,
      verify: VERIFY,
      show: SHOW,
    })) {
      const { code, stdout, stderr } = await runNlbmc(sandbox, line, { everyLook: true });
      expect(code).toBe(0);
      expectGolden(`${name}.txt`, `$ nlbmc ${line}\n\n${stderr}\n${stdout}`);
    }
  });

  test('a plan before it is carried out', async () => {
    const enable = await nlbmc(`${ENABLE} --dry-run`);
    expectGolden('enable-dry-run.txt', enable.stdout);
    await prepare(ENABLE);
    const join = await nlbmc(`${JOIN} --dry-run`);
    expectGolden('join-dry-run.txt', join.stdout);
  });

  test('a join that comes too early', async () => {
    const { code, stdout } = await nlbmc(JOIN);
    expect(code).toBe(5);
    expectGolden('join-refused.txt', stdout);
  });

  test('a verdict that is not green', async () => {
    await prepare(ENABLE);
    const { code, stdout } = await nlbmc(VERIFY);
    expect(code).toBe(3);
    expectGolden('verify-red.txt', stdout);
  });
});

describe('what is written', () => {
  test('is one patch for enable, one apply for join, and nothing the second time', async () => {
    let from = sandbox.world.journal.entries.length;
    await prepare(ENABLE);
    expect(writesSince(sandbox, from).map(({ verb, path }) => [verb, path])).toEqual([
      ['PATCH', expect.stringContaining('/namespaces/default/services/nginx')],
    ]);
    from = sandbox.world.journal.entries.length;
    await prepare(ENABLE);
    expect(writesSince(sandbox, from)).toEqual([]);
    await prepare(JOIN);
    expect(writesSince(sandbox, from).map(({ verb, path }) => [verb, path])).toEqual([
      ['PATCH', expect.stringContaining('/targetgroupbindings/nginx')],
    ]);
    from = sandbox.world.journal.entries.length;
    await prepare(JOIN, VERIFY, SHOW);
    expect(writesSince(sandbox, from)).toEqual([]);
  });
});

describe('formats', () => {
  test.each(['json', 'yaml'])('-o %s is exactly one document', async (format) => {
    const read = (text: string): unknown => {
      if (format === 'json') return JSON.parse(text);
      const documents = loadAll(text);
      expect(documents).toHaveLength(1);
      return documents[0];
    };
    const lines = [JOIN, ENABLE, JOIN, VERIFY];
    const exits: unknown[] = [];
    for (const line of lines) {
      const { code, stdout } = await nlbmc(`${line} -o ${format}`);
      const document = read(stdout) as Report;
      expect(document).toMatchObject({ apiVersion: 'nlbmc/v1', kind: 'Report', exit: code });
      exits.push(code);
    }
    expect(exits).toEqual([5, 0, 0, 0]);
    const shown = await nlbmc(`${SHOW} -o ${format}`);
    expect(read(shown.stdout)).toMatchObject({ apiVersion: 'nlbmc/v1', kind: 'Enrollment' });
    const typo = await nlbmc(`${VERIFY} --contxt x -o ${format}`);
    expect(typo.code).toBe(2);
    expect(read(typo.stdout)).toMatchObject({ kind: 'Report', exit: 2 });
    const stray = await nlbmc(`verify nginx --context nowhere -o ${format}`);
    expect(read(stray.stdout)).toMatchObject({ exit: 2, problems: [{ code: 'context-unknown' }] });
  });

  test('-o manifest is what would be applied, on stdout alone', async () => {
    const enable = await nlbmc(`${ENABLE} -o manifest`);
    expect(load(enable.stdout)).toEqual({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {
        namespace: 'default',
        name: 'nginx',
        annotations: {
          'service.beta.kubernetes.io/aws-load-balancer-multi-cluster-target-group': 'true',
          'service.beta.kubernetes.io/aws-load-balancer-attributes':
            'deletion_protection.enabled=true',
        },
      },
    });
    expect(enable.stderr).toContain('changes pending');
    const refused = await nlbmc(`${JOIN} -o manifest`);
    expect(refused).toMatchObject({ code: 5, stdout: '' });
    await prepare(ENABLE);
    const join = await nlbmc(`${JOIN} -o manifest`);
    expect(load(join.stdout)).toMatchObject({ kind: 'TargetGroupBinding', spec: {} });
  });

  test('show -o name prints the bindings', async () => {
    await prepare(ENABLE, JOIN);
    const { stdout } = await nlbmc(`${SHOW} -o name`);
    expect(stdout.trim().split('\n')).toEqual([
      expect.stringMatching(/^pri-eks-clu1 targetgroupbinding\/k8s-default-nginx-\w+ -n default$/),
      'sec-eks-clu1 targetgroupbinding/nginx -n default',
    ]);
  });
});

describe('ends', () => {
  test('join without endpoints ends well, and says that nothing serves', async () => {
    await prepare(ENABLE);
    const { kube } = sandbox.world.cluster('sec-eks-clu1');
    kube.delete('deployments.apps', 'default', 'nginx', { actor: 'test', manager: 'test' });
    sandbox.world.settle();
    const asked = await nlbmc(JOIN);
    expect(asked.code).toBe(2);
    expect(asked.stderr).toContain('no-endpoints');
    const { code, stdout } = await nlbmc(`${JOIN} --yes -o json`);
    expect([code, report(stdout).result]).toEqual([0, 'joined without capacity']);
    expect((await nlbmc(VERIFY)).code).toBe(3);
  });

  test('a join that takes too long says what blocks, and a second one finishes it', async () => {
    await prepare(ENABLE);
    const { code, stdout } = await nlbmc(`${JOIN} --timeout 5s`);
    expect(code).toBe(6);
    expect(stdout).toContain('0 of 2 endpoints healthy');
    expect(stdout).toMatch(/Result: timed out.* exit 6/);
    const again = await nlbmc(`${JOIN} -o json`);
    expect([again.code, report(again.stdout).writes]).toEqual([0, []]);
  });

  test('verify --wait looks until it is green, naming what blocks', async () => {
    await prepare(ENABLE);
    expect((await nlbmc(`${JOIN} --timeout 1s`)).code).toBe(6);
    expect((await nlbmc(VERIFY)).code).toBe(3);
    const { code, stderr } = await nlbmc(`${VERIFY} --wait`);
    expect(code).toBe(0);
    expect(stderr).toContain('port 80, sec-eks-clu1: converging, 0 of 2 healthy');
    const { kube } = sandbox.world.cluster('sec-eks-clu1');
    kube.delete('deployments.apps', 'default', 'nginx', { actor: 'test', manager: 'test' });
    sandbox.world.settle();
    const late = await nlbmc(`${VERIFY} --wait --timeout 20s`);
    expect(late.code).toBe(3);
    expect(late.stdout).toContain('It did not become green within 20s.');
  });

  test('the primary changing between plan and write makes a new plan', async () => {
    await prepare(ENABLE);
    const { kube } = sandbox.world.primary;
    const { rehearsed } = onRehearsal(() =>
      kube.patch(
        'services',
        'default',
        'nginx',
        { type: 'merge', body: { metadata: { labels: { touched: 'yes' } } } },
        { actor: 'test', manager: 'test' },
      ),
    );
    const { code, stderr } = await nlbmc(JOIN);
    expect([rehearsed(), code]).toEqual([true, 0]);
    expect(stderr).toContain('has changed since the plan was made');
  });

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ])('%s while waiting ends with %i, and tells what was done', async (name, code) => {
    await prepare(ENABLE);
    const stop = new AbortController();
    const ended = await runNlbmc(sandbox, `${JOIN} -o json`, {
      signal: stop.signal,
      onSleep: () => stop.abort(name),
    });
    expect(ended.code).toBe(code);
    expect(report(ended.stdout)).toMatchObject({
      result: 'interrupted',
      writes: [{ step: { kind: 'apply-binding' } }],
    });
    expect((await nlbmc(JOIN)).code).toBe(0);
  });

  test('a signal before the first write leaves all as it was', async () => {
    const from = sandbox.world.journal.entries.length;
    const { code, stdout } = await runNlbmc(sandbox, `${ENABLE} -o json`, {
      signal: AbortSignal.abort('SIGINT'),
    });
    expect([code, report(stdout).writes]).toEqual([130, []]);
    expect(writesSince(sandbox, from)).toEqual([]);
  });
});

describe('trouble', () => {
  test('a primary that cannot be reached is unknown, and nothing is written', async () => {
    sandbox.world.faults.add({ world: 'kube', cluster: 'pri-eks-clu1', kind: 'cut', match: /./ });
    const from = sandbox.world.journal.entries.length;
    for (const line of [ENABLE, JOIN, VERIFY, SHOW]) {
      const { code, stdout } = await nlbmc(line);
      expect([line, code]).toEqual([line, 8]);
      expect(stdout).toContain('pri-eks-clu1');
    }
    expect(writesSince(sandbox, from)).toEqual([]);
  });

  test('credentials that are refused everywhere are a matter of configuration', async () => {
    sandbox.world.faults.add({ world: 'kube', kind: 'status', status: 401, match: /./ });
    for (const line of [ENABLE, JOIN, VERIFY, SHOW]) {
      expect([line, (await nlbmc(line)).code]).toEqual([line, 2]);
    }
  });

  test('one cluster that refuses credentials leaves a verdict: unknown', async () => {
    await prepare(ENABLE, JOIN);
    sandbox.world.faults.add({
      world: 'kube',
      cluster: 'sec-eks-clu1',
      kind: 'status',
      status: 401,
      match: /./,
    });
    const { code, stdout } = await nlbmc(VERIFY);
    expect(code).toBe(8);
    expect(stdout).toMatch(/sec-eks-clu1 +secondary .* unknown/);
  });

  test.each([
    ['rehearsal', 0],
    ['write', 1],
  ])('a %s that is forbidden refuses, and names verb and resource', async (_, skip) => {
    const patch = /^PATCH .*services\/nginx/;
    sandbox.world.faults.add({ world: 'kube', kind: 'status', status: 403, match: patch, skip });
    const from = sandbox.world.journal.entries.length;
    const { code, stdout } = await nlbmc(`${ENABLE} -o json`);
    expect(code).toBe(5);
    const [problem] = report(stdout).problems;
    expect(problem).toMatchObject({ code: 'api-forbidden' });
    expect(problem?.message).toMatch(/patch services/);
    expect(writesSince(sandbox, from).filter(({ status }) => status < 400)).toEqual([]);
  });

  test('a write whose answers are lost may have been made: partly done, and a re-run says so', async () => {
    const patch = /^PATCH .*services\/nginx/;
    const repair = sandbox.world.faults.add({
      world: 'kube',
      kind: 'cut-after',
      match: patch,
      skip: 1,
    });
    const { code, stdout } = await nlbmc(`${ENABLE} -o json`);
    repair();
    expect([code, report(stdout).result]).toEqual([7, 'partly done']);
    const again = await nlbmc(`${ENABLE} -o json`);
    expect([again.code, report(again.stdout).writes]).toEqual([0, []]);
  });

  test('a region that the person did not mean is refused', async () => {
    for (const line of [ENABLE, VERIFY, SHOW]) {
      const { code, stderr } = await nlbmc(`${line} --region eu-west-1`);
      expect([line, code]).toEqual([line, 5]);
      expect(stderr).toContain('us-east-1');
    }
  });
});
