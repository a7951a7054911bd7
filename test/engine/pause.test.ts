import { leavesTheNext, pauseBefore } from '../../src/engine/pause.ts';
import { runNlbmc } from '../commands/harness.ts';
import { JOIN, setStage } from '../laws/stage.ts';

const TIMEOUT_MS = 600_000;

/** The pauses of a wait that nothing ends, each with when it begins. */
function pauses(random: () => number): readonly { at: number; ms: number }[] {
  const found: { at: number; ms: number }[] = [];
  for (let [n, at] = [1, 0]; at < TIMEOUT_MS; n += 1) {
    const ms = pauseBefore({ random }, n, TIMEOUT_MS - at);
    found.push({ at, ms });
    at += ms;
  }
  return found;
}

test.each([
  ['always the shortest', () => 0],
  ['always the longest', () => 0.999],
  [
    'in turn',
    (() => {
      let n = 0;
      return () => (n += 1) % 2;
    })(),
  ],
])(
  'AWS is asked soon at first, and then not more often than every two seconds: %s',
  (_, random) => {
    const all = pauses(random);
    expect(all.filter(({ at }) => at < 3_000).length).toBeGreaterThanOrEqual(3);
    const later = all.filter(({ at }) => at >= 10_000).slice(0, -1);
    expect(later.length).toBeGreaterThan(90);
    for (const { ms } of later) expect(ms).toBeGreaterThanOrEqual(2_000);
    // A wait ends so soon after what it waits for.
    for (const { ms } of all) expect(ms).toBeLessThanOrEqual(6_000);
    // And with its time: not a pause later.
    expect(all.reduce((sum, { ms }) => sum + ms, 0)).toBeCloseTo(TIMEOUT_MS);
  },
);

test.each([
  // At the beginning what is told counts more than the quarter of a second.
  [{ elapsedMs: 400, lookMs: 100, dueMs: 500 }, true],
  [{ elapsedMs: 9_900, lookMs: 300, dueMs: 10_400 }, true],
  [{ elapsedMs: 12_000, lookMs: 300, dueMs: 15_000 }, true],
  [{ elapsedMs: 12_800, lookMs: 300, dueMs: 15_000 }, false],
  [{ elapsedMs: 12_000, lookMs: 2_000, dueMs: 15_000 }, false],
])(
  'a look that is brought forward leaves the one that is due where it is: %j is %s',
  (o, leaves) => {
    expect(leavesTheNext(o)).toBe(leaves);
  },
);

test('runs that began together do not ask together for long', () => {
  const [some, others] = [pauses(() => 0.2), pauses(() => 0.6)];
  const at = new Set(some.slice(5).map((one) => Math.round(one.at / 100)));
  const together = others.slice(5, 60).filter((one) => at.has(Math.round(one.at / 100)));
  expect(together.length).toBeLessThan(10);
});

test('a wait ends with the first look at which it holds', async () => {
  const { sandbox, stop } = await setStage('enabled');
  try {
    const { aws } = sandbox.world;
    const ask = (action: string, params: object) => aws.perform(`elbv2.${action}`, params, 'test');
    const healthy = (): number => {
      const { TargetGroups } = ask('DescribeTargetGroups', {}) as {
        TargetGroups: { TargetGroupArn: string }[];
      };
      const { TargetGroupArn } = TargetGroups[0]!;
      const { TargetHealthDescriptions } = ask('DescribeTargetHealth', { TargetGroupArn }) as {
        TargetHealthDescriptions: { TargetHealth: { State: string } }[];
      };
      return TargetHealthDescriptions.filter(({ TargetHealth }) => TargetHealth.State === 'healthy')
        .length;
    };
    const healthyAtPauses: number[] = [];
    const { code } = await runNlbmc(sandbox, JOIN, {
      onSleep: () => healthyAtPauses.push(healthy()),
    });
    expect(code).toBe(0);
    // Five are healthy in the end; no pause began after that.
    expect(healthyAtPauses.length).toBeGreaterThan(2);
    expect(Math.max(...healthyAtPauses)).toBeLessThan(5);
    expect(healthy()).toBe(5);
  } finally {
    await stop();
  }
});
