import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Report } from '../../src/core/plan/report.ts';
import { onStage, PRI, SEC } from '../laws/stage.ts';
import { runNlbmc } from './harness.ts';
import { addresses, BINDINGS, deregister, person, register, serving } from './repair-acts.ts';

const LEAVE = `leave nginx --context ${SEC} --primary ${PRI}`;

/** A report as -o json prints it: each hint as it is typed. */
interface Printed {
  readonly message: string;
  readonly next?: { readonly text: string };
  readonly problems: readonly { readonly hints?: readonly { readonly text: string }[] }[];
}
const printed = (stdout: string): Printed => JSON.parse(stdout) as Printed;

const reportOf = ({ stdout }: { readonly stdout: string }): Report => JSON.parse(stdout) as Report;

test('a cluster leaves: its targets drain, binding and ConfigMap go, and a second run says so', () =>
  onStage('joined', async ({ nlbmc, world }) => {
    const left = await nlbmc(`${LEAVE} --yes -o json`);
    expect(left.code).toBe(0);
    const { result, plan, progress } = reportOf(left);
    expect(result).toBe('left');
    expect(plan?.capacity).toMatchObject([{ port: 80, healthy: 5, staying: 3 }]);
    expect(progress.every(({ state }) => state === 'done')).toBe(true);
    const { kube } = world.cluster(SEC);
    expect(kube.list('targetgroupbindings.elbv2.k8s.aws')).toEqual([]);
    expect(reportOf(await nlbmc(`${LEAVE} --yes -o json`)).result).toBe('already left');
  }));

test('the command to go on with is told before the first deletion, and works when nothing is left', () =>
  onStage('joined', async ({ nlbmc, requests }) => {
    const { code, stderr } = await nlbmc(`leave nginx --context ${SEC} --yes`);
    // The binding that it deletes was the only one to name the target group.
    expect(code).toBe(0);
    const rerun = /continue with: nlbmc (.*)/.exec(stderr)?.[1] ?? '';
    expect(rerun).toContain('--target-group arn:');
    expect(stderr.indexOf('continue with')).toBeLessThan(stderr.indexOf('done delete'));
    const again = await nlbmc(`${rerun} -o json`);
    expect([again.code, reportOf(again).result]).toEqual([0, 'already left']);
    expect(requests().filter(({ mutating }) => mutating)).toHaveLength(1);
  }));

test('where no binding is left and nothing was named, it asks for one of the three', () =>
  onStage('enabled', async ({ nlbmc }) => {
    const { code, stderr } = await nlbmc(`leave nginx --context ${SEC} --yes`);
    expect(code).toBe(2);
    for (const word of ['--primary', '--from', '--target-group']) expect(stderr).toContain(word);
  }));

test('what stays is looked at again after the question: another cluster may have left meanwhile', () =>
  onStage('joined', async ({ sandbox, requests, world }) => {
    const { code, stdout } = await runNlbmc(sandbox, `${LEAVE} -o json`, {
      terminal: true,
      answers: ['yes', 'yes', 'yes'],
      onQuestion: () => void deregister(world, addresses(world, PRI)),
    });
    expect(code).toBe(5);
    expect(reportOf({ stdout }).problems).toMatchObject([{ code: 'below-floor', saves: 2 }]);
    expect(requests().filter(({ mutating, dryRun }) => mutating && !dryRun)).toEqual([]);
    expect(serving(world)).toEqual(addresses(world, SEC));
  }));

test('an Enrollment of another Service is no word for this one', () =>
  onStage('joined', async ({ sandbox, nlbmc, requests }) => {
    const from = join(sandbox.dir, 'enrollment.json');
    writeFileSync(from, (await nlbmc(`show nginx --context ${PRI},${SEC} -o json`)).stdout);
    for (const line of [`leave other`, `leave nginx -n other`]) {
      const { code, stderr } = await nlbmc(`${line} --context ${SEC} --from ${from} --yes`);
      expect({ code, stderr }).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('default/nginx'),
      });
    }
    expect(requests().filter(({ mutating }) => mutating)).toEqual([]);
  }));

test('who may not list all bindings sees those in the namespace of the local Service', () =>
  onStage('joined', async ({ nlbmc, requests, world }) => {
    world.faults.add({
      world: 'kube',
      cluster: SEC,
      match: /^\S+ \/apis\/elbv2\.k8s\.aws\/v1beta1\/targetgroupbindings(\?|$)/,
      kind: 'status',
      status: 403,
    });
    await nlbmc(`${LEAVE} --local-service web/nginx --dry-run`);
    const asked = requests()
      .filter(({ cluster, path }) => cluster === SEC && path?.includes('/targetgroupbindings'))
      .flatMap(({ path }) => /namespaces\/([^/]+)\//.exec(path ?? '')?.[1] ?? []);
    expect([...new Set(asked)]).toEqual(['web']);
  }));

test('targets that nobody takes out end it with 6, naming purge', () =>
  onStage('enabled', async ({ nlbmc, world }) => {
    register(world, addresses(world, SEC));
    const { code, stdout } = await nlbmc(`${LEAVE} --yes -o json`);
    expect(code).toBe(6);
    const hints = printed(stdout).problems.flatMap((problem) => problem.hints ?? []);
    expect(hints.map(({ text }) => text)).toContain(
      `nlbmc purge nginx -n default --context ${PRI},${SEC}`,
    );
  }));

test('a binding whose controller hangs ends it with 6, and purge is not named: it would be too soon', () =>
  onStage('joined', async ({ nlbmc, world }) => {
    world.cluster(SEC).lbc.pause();
    const { code, stdout } = await nlbmc(`${LEAVE} --yes --timeout 1m -o json`);
    expect(code).toBe(6);
    expect(stdout).not.toContain('nlbmc purge');
    // The primary still names the target group when the binding is gone.
    const { next, message } = printed(stdout);
    expect(next).toBeUndefined();
    expect(message).toBe('You can safely run the same command again: it continues from here.');
    world.cluster(SEC).lbc.resume();
    expect(reportOf(await nlbmc(`${LEAVE} --yes -o json`)).result).toBe('already left');
  }));

describe('--from an Enrollment', () => {
  const SHOW = `show nginx --context ${PRI},${SEC} -o`;

  test.each(['yaml', 'json'])('that show wrote as %s names the target groups', (format) =>
    onStage('joined', async ({ nlbmc, sandbox, world }) => {
      const file = join(sandbox.dir, `enrollment.${format}`);
      writeFileSync(file, (await nlbmc(`${SHOW} ${format}`)).stdout);
      expect((await nlbmc(`leave nginx --context ${SEC} --from ${file} --yes`)).code).toBe(0);
      expect(serving(world)).toEqual(addresses(world, PRI));
      const again = await nlbmc(`leave nginx --context ${SEC} --from ${file} --yes -o json`);
      expect(reportOf(again).result).toBe('already left');
    }),
  );

  test('may come from stdin', () =>
    onStage('joined', async ({ nlbmc, sandbox }) => {
      const input = (await nlbmc(`${SHOW} yaml`)).stdout;
      const line = `leave nginx --context ${SEC} --from - --yes`;
      expect((await runNlbmc(sandbox, line, { input })).code).toBe(0);
    }));

  test.each([
    ['that is not there', 'leave nginx --from /nowhere/e.yaml', 'cannot be read'],
    ['that is something else', 'leave nginx --from package.json', 'is not an Enrollment'],
  ])('of a file %s is a usage error, and nothing is sent', (_, line, words) =>
    onStage('joined', async ({ nlbmc, requests }) => {
      const { code, stderr } = await nlbmc(`${line} --context ${SEC} --yes`);
      expect(code).toBe(2);
      expect(stderr).toContain(words);
      expect(requests()).toEqual([]);
    }),
  );

  test('of another Service is refused', () =>
    onStage('joined', async ({ nlbmc, sandbox }) => {
      const input = (await nlbmc(`${SHOW} yaml`)).stdout;
      const { code, stderr } = await runNlbmc(sandbox, `leave web --context ${SEC} --from -`, {
        input,
      });
      expect([code, stderr.includes('default/nginx')]).toEqual([2, true]);
    }));
});

test('another local Service, without a primary in sight', () =>
  onStage('enabled', async ({ nlbmc, world }) => {
    const { kube } = world.cluster(SEC);
    const service = kube.get('services', 'default', 'nginx');
    const { clusterIP: _, clusterIPs: __, ...spec } = service!['spec'] as Record<string, unknown>;
    const metadata = { name: 'web', namespace: 'default' };
    kube.create('services', { apiVersion: 'v1', kind: 'Service', metadata, spec }, person);
    world.settle();
    const local = '--local-service web';
    const joined = await nlbmc(`join nginx --context ${SEC} --primary ${PRI} ${local}`);
    expect(joined.code).toBe(0);
    const left = await nlbmc(`leave nginx --context ${SEC} ${local} --yes -o json`);
    expect([left.code, reportOf(left).result]).toEqual([0, 'left']);
    expect(kube.list(BINDINGS)).toEqual([]);
    expect(serving(world)).toEqual(addresses(world, PRI));
  }));
