import type { Report } from '../../src/core/report.ts';
import { onStage, PRI, SEC } from '../laws/stage.ts';

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
