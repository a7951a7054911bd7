import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Report } from '../../src/core/report.ts';
import { onStage, PRI, SEC } from '../laws/stage.ts';
import { runNlbmc } from './harness.ts';
import { addresses, deregister, serving } from './repair-acts.ts';

const LEAVE = `leave nginx --context ${SEC} --primary ${PRI}`;

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
    const rerun = /go on with: nlbmc (.*)/.exec(stderr)?.[1] ?? '';
    expect(rerun).toContain('--target-group arn:');
    expect(stderr.indexOf('go on with')).toBeLessThan(stderr.indexOf('done delete'));
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
