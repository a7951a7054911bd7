import type { FaultRule } from '../../src/sandbox/requests/faults.ts';
import { isWatch } from '../commands/exchange.ts';
import { runNlbmc } from '../commands/harness.ts';
import { worldInProcess } from '../commands/in-process.ts';
import { BINDINGS, person } from '../commands/repair-acts.ts';
import { ENABLE, JOIN, onStage, PRI, type Progress, SEC, type Stage } from '../laws/stage.ts';

const LEAVE = `leave nginx --context ${SEC} --primary ${PRI} --yes`;
const DISABLE = `disable nginx --context ${PRI} --yes --accept unlisted-members`;

/** Runs a command whose pauses end early where the world tells of a change; `allowed`: it may watch. */
async function timed(stage: Stage, line: string, allowed = true) {
  const { sandbox, world } = stage;
  worldInProcess(sandbox, allowed);
  const began = world.clock.date().getTime();
  const outcome = await runNlbmc(sandbox, line, { watches: true });
  return { ...outcome, tookMs: world.clock.date().getTime() - began };
}

/** What is in a report whatever the times, and the port at which the world listens. */
const lasting = (text: string): string =>
  text.replaceAll(/\d+(\.\d+)?s\b|T[\d:.]+Z|127\.0\.0\.1:\d+/g, '…');

test.each<[string, Progress, 'Kubernetes' | 'AWS']>([
  [ENABLE, 'deployed', 'Kubernetes'],
  [DISABLE, 'enabled', 'Kubernetes'],
  [JOIN, 'enabled', 'AWS'],
  [LEAVE, 'joined', 'AWS'],
])('%s ends never later with a watch, with the same result', async (line, before, last) => {
  const [without, watching] = await Promise.all(
    [false, true].map((allowed) => onStage(before, (stage) => timed(stage, line, allowed))),
  );
  expect(watching?.code).toBe(0);
  expect(lasting(watching?.stdout ?? '')).toBe(lasting(without?.stdout ?? ''));
  // What AWS does last ends at the look that is due anyway.
  const saved = (without?.tookMs ?? 0) - (watching?.tookMs ?? 0);
  expect(saved > 0 ? 'Kubernetes' : saved === 0 && 'AWS').toBe(last);
});

test('what is watched is what is waited for: the bindings, once, and only in the cluster that acts', () =>
  onStage('enabled', async (stage) => {
    await timed(stage, JOIN);
    const watches = stage.requests().filter(isWatch);
    expect(watches.map(({ cluster, path }) => `${cluster} ${path}`)).toEqual([
      `${SEC} /apis/elbv2.k8s.aws/v1beta1/namespaces/default/targetgroupbindings?watch=true`,
    ]);
  }));

test('verify without --wait watches nothing', () =>
  onStage('joined', async (stage) => {
    await timed(stage, `verify nginx --context ${PRI},${SEC}`);
    expect(stage.requests().filter(isWatch)).toEqual([]);
  }));

test('verify --wait looks when what it waits for is made', () =>
  onStage('joined', async (stage) => {
    const { clock } = stage.world;
    const { kube } = stage.world.cluster(SEC);
    const { spec } = kube.get(BINDINGS, 'default', 'nginx')!;
    kube.delete(BINDINGS, 'default', 'nginx', person);
    stage.world.settle();
    let backAt = 0;
    clock.after(13_200, () => {
      const apiVersion = 'elbv2.k8s.aws/v1beta1';
      const kind = 'TargetGroupBinding';
      kube.create(
        BINDINGS,
        { apiVersion, kind, metadata: { name: 'nginx', namespace: 'default' }, spec },
        person,
      );
      backAt = clock.date().getTime();
    });
    await timed(stage, `verify nginx --context ${PRI},${SEC} --wait --timeout 30s`);
    const looks = stage.requests().filter(({ path }) => path?.endsWith('/services/nginx'));
    const times = looks.map(({ at }) => Date.parse(at));
    const next = times.find((at) => at >= backAt) ?? 0;
    // After ten seconds looks are two seconds apart at least, and the one before may just have been.
    const before = times.findLast((at) => at < backAt) ?? 0;
    expect(next - Math.max(backAt, before + 2_000)).toBeLessThanOrEqual(150);
  }));

test('a binding of another Service in the namespace wakes nothing', () =>
  onStage('joined', async (stage) => {
    const { clock } = stage.world;
    const { kube } = stage.world.cluster(SEC);
    kube.delete(BINDINGS, 'default', 'nginx', person);
    stage.world.settle();
    // Its webhooks would refuse a binding on a target group that AWS does not have.
    stage.world.cluster(SEC).lbc.uninstall();
    const looksOf = async (touches: boolean): Promise<number> => {
      let n = 0;
      const touch = (): void => {
        const metadata = { name: `other-${n}`, namespace: 'default' };
        const serviceRef = { name: 'other', port: 80 };
        const targetGroupARN = 'arn:aws:elasticloadbalancing:us-east-1:1:targetgroup/o/1';
        const spec = { serviceRef, targetGroupARN };
        const [apiVersion, kind] = ['elbv2.k8s.aws/v1beta1', 'TargetGroupBinding'];
        kube.create(BINDINGS, { apiVersion, kind, metadata, spec }, person);
        if ((n += 1) < 60) clock.after(300, touch);
      };
      if (touches) touch();
      const from = stage.world.journal.entries.length;
      await timed(stage, `verify nginx --context ${PRI},${SEC} --wait --timeout 15s`);
      const read = stage.requests(from).filter(({ path }) => path?.endsWith('/services/nginx'));
      return read.length;
    };
    const quiet = await looksOf(false);
    expect(await looksOf(true)).toBe(quiet);
  }));

test('however often an object changes, AWS is asked every two seconds at most after the first ten', () =>
  onStage('enabled', async (stage) => {
    const { world, requests } = stage;
    const { kube } = world.cluster(SEC);
    let n = 0;
    const touch = (): void => {
      for (const binding of kube.list(BINDINGS, 'default')) {
        const annotations = { ...binding.metadata.annotations, touched: String((n += 1)) };
        kube.update(
          BINDINGS,
          { ...binding, metadata: { ...binding.metadata, annotations } },
          person,
        );
      }
      if (n < 2_000) world.clock.after(100, touch);
    };
    touch();
    const began = world.clock.date().getTime();
    const { code, tookMs } = await timed(stage, JOIN);
    expect(code).toBe(0);
    // It waits for health checks, longer than what is told at once.
    expect(tookMs).toBeGreaterThan(20_000);
    const looks = requests()
      .filter(({ action }) => action === 'elbv2.DescribeTargetHealth')
      .map(({ at }) => Date.parse(at) - began);
    const gaps = looks.slice(1).map((at, index) => ({ at, ms: at - (looks[index] ?? 0) }));
    const soon = gaps.filter(({ at }) => at < 10_000 && at > 0).filter(({ ms }) => ms > 0);
    // Sooner than without, where the sixth look comes after ten seconds.
    expect(soon.length).toBeGreaterThan(10);
    for (const { ms } of soon) expect(ms).toBeGreaterThanOrEqual(250);
    const later = gaps.filter(({ at, ms }) => at >= 12_500 && ms > 0);
    expect(later.length).toBeGreaterThan(3);
    for (const { ms } of later) expect(ms).toBeGreaterThanOrEqual(2_000);
  }));

test.each<[string, Omit<FaultRule, 'match'>]>([
  ['is not allowed', { kind: 'status', status: 403 }],
  ['is too much for the server', { kind: 'status', status: 429 }],
  ['fails', { kind: 'status', status: 500 }],
  ['never answers', { kind: 'hang' }],
  ['is cut each time', { kind: 'cut' }],
])('a watch that %s costs nothing but the time that it would have saved', async (_, fault) => {
  const without = await onStage('deployed', (stage) => timed(stage, ENABLE, false));
  await onStage('deployed', async (stage) => {
    stage.world.faults.add({ ...fault, world: 'kube', match: /watch=true/ });
    const { code, tookMs, stdout, stderr } = await timed(stage, ENABLE);
    expect({ code, tookMs, stdout: lasting(stdout) }).toEqual({
      code: 0,
      tookMs: without.tookMs,
      stdout: lasting(without.stdout),
    });
    expect(stderr).not.toContain('watch');
    expect(stage.requests().filter(isWatch).length).toBeLessThanOrEqual(5);
  });
});

test('with --verbose, it is said what could not be watched', () =>
  onStage('deployed', async (stage) => {
    const { stderr } = await timed(stage, `${ENABLE} -v`, false);
    expect(stderr).toContain(
      `not watching: You may not watch targetgroupbindings.elbv2.k8s.aws in namespace default in cluster ${PRI}.`,
    );
  }));
