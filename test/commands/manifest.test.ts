import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { inside } from '../../src/sandbox/environment.ts';
import { createAll } from '../../src/sandbox/scenarios/apply.ts';
import { deployment, plainService } from '../../src/sandbox/scenarios/objects.ts';
import type { ScenarioName } from '../../src/sandbox/scenarios/scenarios.ts';
import type { Sandbox } from '../../src/sandbox/server.ts';
import { type Outcome, runNlbmc, startPractice } from './harness.ts';

const [PRI, ...SECONDARIES] = ['pri', 'a', 'b'] as const;
const MEMBERS = SECONDARIES.join(',');

const missing = spawnSync('kubectl', ['version', '--client']).error !== undefined;
const withKubectl = missing && process.env['CI'] !== 'true' ? test.skip : test;

let sandbox: Sandbox;
let folder: string;
const nlbmc = (line: string): Promise<Outcome> => runNlbmc(sandbox, line);

async function begin(scenario: ScenarioName = 'walkthrough'): Promise<void> {
  sandbox = await startPractice({ scenario, clusters: [PRI, ...SECONDARIES], tls: true });
  if (scenario === 'no-owner') return;
  for (const { kube } of sandbox.world.secondaries) {
    createAll(kube, deployment(2), plainService('ClusterIP'));
  }
  sandbox.world.settle();
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nlbmc-manifest-'));
});
afterEach(async () => {
  rmSync(folder, { recursive: true });
  await sandbox.stop();
});

const fileOf = (cluster: string): string => join(folder, `${cluster}.yaml`);
const textOf = (cluster: string): string => readFileSync(fileOf(cluster), 'utf8');

/** Types the command that the comment of a manifest says, in the folder of the file. */
async function applyAsSaid(cluster: string): Promise<void> {
  const [, command = ''] = /^# {3}(kubectl .*)$/m.exec(textOf(cluster)) ?? [];
  const [program = '', ...args] = command.split(' ');
  const env = inside(process.env, sandbox.env);
  await promisify(execFile)(program, args, { cwd: folder, env });
  sandbox.world.settle();
}

describe('what a manifest says of itself', () => {
  test('a part of a Service says so, and each cluster has the command that applies it', async () => {
    await begin();
    const { stdout } = await nlbmc(`enable nginx --context ${PRI} -o manifest`);
    expect(stdout.split('\n').slice(0, 6)).toEqual([
      '# nlbmc enable -o manifest',
      '# cluster: pri',
      '# Commit it, so that the tool that deploys this cluster applies it. Or apply it yourself:',
      '#   kubectl --context pri apply --server-side --field-manager=nlbmc -f FILE',
      '# A part of Service default/nginx: put these fields into the file that the object is deployed from.',
      'apiVersion: v1',
    ]);
  });

  test('an object of its own is committed as it is; of a binding of somebody else, the fields', async () => {
    await begin('no-owner');
    const line = `join web --context ${PRI} --load-balancer shared`;
    const { stdout } = await nlbmc(`${line} -o manifest`);
    expect(stdout).toContain('# TargetGroupBinding default/web: commit this object as it is.\n');
    expect((await nlbmc(line)).code).toBe(0);
    const enabled = await nlbmc(`enable web --context ${PRI} -o manifest`);
    expect(enabled.stdout).toContain('# A part of TargetGroupBinding default/web: ');
  });
});

describe('manifests of several clusters', () => {
  test('are refused on stdout, since kubectl would apply all of them to one cluster', async () => {
    await begin();
    const join = `join nginx --context ${MEMBERS} --primary ${PRI}`;
    expect((await nlbmc(`enable nginx --context ${PRI}`)).code).toBe(0);
    const refused = await nlbmc(`${join} -o manifest`);
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toContain('--output-dir');
    const both = await nlbmc(`enroll nginx --context a --primary ${PRI} -o manifest`);
    expect(both).toMatchObject({ code: 2, stdout: '' });
    const aimless = await nlbmc(`${join} --dry-run --output-dir ${folder}`);
    expect(aimless).toMatchObject({ code: 2 });
    expect(aimless.stderr).toContain('-o manifest');
  });

  test('are a file for each, of the same bytes before and after, and pending until they are applied', async () => {
    await begin();
    const line = `enroll nginx --context ${MEMBERS} --primary ${PRI}`;
    const written = await nlbmc(`${line} -o manifest --output-dir ${folder}`);
    expect(written).toMatchObject({
      code: 0,
      stdout: [PRI, ...SECONDARIES].map((name) => `wrote ${fileOf(name)}\n`).join(''),
    });
    const before = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
    expect(before).toHaveLength(3);
    expect(textOf('a')).toContain('# cluster: a\n');
    expect(textOf('a')).toContain('apply the manifest of pri first');
    expect(textOf(PRI)).not.toContain('first');

    expect((await nlbmc(line)).code).toBe(0);
    expect((await nlbmc(`${line} -o manifest --output-dir ${folder}`)).code).toBe(0);
    const after = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
    expect(after).toEqual(before);
  });

  test('are the same bytes before and after where no cluster owns the load balancer, too', async () => {
    await begin('no-owner');
    const line = `enroll web --context ${PRI},${MEMBERS} --load-balancer shared`;
    const texts = async (): Promise<readonly string[]> => {
      expect((await nlbmc(`${line} -o manifest --output-dir ${folder}`)).code).toBe(0);
      return readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
    };
    const before = await texts();
    expect(before).toHaveLength(3);
    expect((await nlbmc(line)).code).toBe(0);
    expect(await texts()).toEqual(before);
  });

  test('never replace a file that nlbmc did not write, and then write none of the others', async () => {
    await begin('no-owner');
    writeFileSync(fileOf('a'), 'mine: true\n');
    const line = `enroll web --context ${PRI},${MEMBERS} --load-balancer shared`;
    const { code, stderr } = await nlbmc(`${line} -o manifest --output-dir ${folder}`);
    expect(code).toBe(2);
    expect(stderr).toContain(`${fileOf('a')} exists, and nlbmc did not write it.`);
    expect(textOf('a')).toBe('mine: true\n');
    expect(existsSync(fileOf(PRI))).toBe(false);
  });

  test('are not written where a cluster cannot join: half of them would be committed', async () => {
    await begin();
    const person = { actor: 'person', manager: 'kubectl-delete', internal: true };
    sandbox.world.cluster('b').kube.delete('services', 'default', 'nginx', person);
    const line = `enroll nginx --context ${MEMBERS} --primary ${PRI}`;
    const { code } = await nlbmc(`${line} -o manifest --output-dir ${folder}`);
    expect(code).toBe(5);
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('applied as they say, they are what the command would have done', () => {
  withKubectl.each([
    ['a Service owns the load balancer', 'walkthrough', `nginx --primary ${PRI}`, [PRI]],
    ['no cluster owns it', 'no-owner', 'web --load-balancer shared', []],
  ] as const)('%s', async (_name, scenario, place, first) => {
    await begin(scenario);
    const members = first.length > 0 ? SECONDARIES : [PRI, ...SECONDARIES];
    const line = `enroll ${place} --context ${members.join(',')}`;
    expect((await nlbmc(`${line} --dry-run --detailed-exitcode`)).code).toBe(4);
    expect((await nlbmc(`${line} -o manifest --output-dir ${folder}`)).code).toBe(0);
    for (const cluster of [...first, ...members]) await applyAsSaid(cluster);
    expect((await nlbmc(`${line} --dry-run --detailed-exitcode`)).code).toBe(0);
    const all = [...first, ...members].join(',');
    const [service = ''] = place.split(' ');
    expect(await nlbmc(`verify ${service} --context ${all}`)).toMatchObject({ code: 0 });
  });
});
