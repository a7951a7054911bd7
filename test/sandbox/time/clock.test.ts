import { HandoverClock, HEAD_START_MS } from '../../../src/sandbox/time/clock.ts';

test('a wound clock fires in order and stands still in between', () => {
  const clock = new HandoverClock();
  const fired: string[] = [];
  clock.after(2_000, () => fired.push('second'));
  clock.after(1_000, () => {
    fired.push('first');
    clock.after(500, () => fired.push('between'));
  });
  clock.advance(1_999);
  expect(fired).toEqual(['first', 'between']);
  expect(clock.time()).toBe(1_999);
  expect(Date.now() - clock.date().getTime()).toBeGreaterThan(HEAD_START_MS - 10_000);
});

test('once live it runs by itself, old timers included, until it is stopped', async () => {
  const clock = new HandoverClock();
  const fired: string[] = [];
  clock.after(60_000, () => fired.push('old'));
  const cancel = clock.after(60_000, () => fired.push('cancelled'));
  clock.advance(59_000);
  clock.goLive(1_000);
  cancel();
  await new Promise<void>((resolve) => {
    clock.after(2_000, () => {
      fired.push('new');
      resolve();
    });
  });
  expect(fired).toEqual(['old', 'new']);
  expect(clock.time()).toBeGreaterThanOrEqual(61_000);
  expect(Math.abs(Date.now() - clock.date().getTime())).toBeLessThan(1_000);
  clock.after(1, () => fired.push('late'));
  clock.stop();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(fired).not.toContain('late');
});
